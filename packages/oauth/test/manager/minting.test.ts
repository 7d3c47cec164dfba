import { expect, test } from "vitest";
import {
  NotInstalledError,
  RenewalConfigurationError,
  type RequestLimiter,
  type RequestOutcome,
} from "../../src/index.ts";
import { createWorld, invalidGrant, json, LIFE_MS, T0, tokenSet, wellBehaved } from "./virtual-world.ts";

const EXPIRED = LIFE_MS + 1_000;
const location = (id: string) => ({ kind: "location", id }) as const;
const companyOf = (): string => "company";

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error,
  );
}

test("500 first calls to one location make one mint", async () => {
  const { manager, calls, clock } = createWorld(wellBehaved(), { companyOf });
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  const tokens = await clock.run(
    Promise.all(Array.from({ length: 500 }, () => manager.getAccessToken({ resource: location("l1") }))),
  );
  expect(new Set(tokens)).toEqual(new Set(["access-l1-1"]));
  expect(calls.map(({ path }) => path)).toEqual(["/oauth/locationToken"]);
  expect(calls[0]!.headers.get("version")).toBe("2021-07-28");
  expect(Object.fromEntries(calls[0]!.form)).toEqual({ companyId: "company", locationId: "l1" });
});

test("50 locations on an expired company token make one refresh", async () => {
  const { manager, calls, clock } = createWorld(wellBehaved(), { companyOf, apiVersion: "v3" });
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  await clock.run(
    Promise.all(
      Array.from({ length: 50 }, (_none, index) => manager.getAccessToken({ resource: location(`l${index}`) })),
    ),
  );
  expect(calls.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
  expect(calls.filter(({ path }) => path === "/oauth/location-token")).toHaveLength(50);
});

test("the INSTALL event names the company, also before the code; the derived refresh token is not kept", async () => {
  const { manager, store, clock } = createWorld();
  await clock.run(manager.installed({ resource: location("l1"), companyId: "company", atMs: T0 }));
  expect(await failure(clock.run(manager.getAccessToken({ resource: location("l1") })))).toBeInstanceOf(
    NotInstalledError,
  );
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  expect(await clock.run(manager.getAccessToken({ resource: location("l1") }))).toBe("access-l1-1");
  expect(JSON.stringify(await store.load("0123456789abcdef01234567:derived:location:l1"))).not.toContain("refresh-");
});

test("mints wait for a permit, and report their outcome to the limiter", async () => {
  const outcomes: (RequestOutcome | undefined)[] = [];
  let running = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  const limiter: RequestLimiter = {
    async acquire({ resource }) {
      expect(resource).toEqual({ kind: "company", id: "company" });
      if (running >= 3) await new Promise<void>((resolve) => waiting.push(resolve));
      most = Math.max(most, ++running);
      return {
        release(outcome) {
          outcomes.push(outcome);
          running--;
          waiting.shift()?.();
        },
      };
    },
  };
  const { manager, calls, clock } = createWorld(wellBehaved(), { companyOf, limiter });
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  await clock.run(
    Promise.all(
      Array.from({ length: 40 }, (_none, index) => manager.getAccessToken({ resource: location(`l${index}`) })),
    ),
  );
  expect(calls).toHaveLength(40);
  expect(most).toBe(3);
  expect(outcomes.map((outcome) => outcome?.status)).toEqual(Array(40).fill(200));
  expect(running).toBe(0);
});

test("a limiter that refuses is heard by the callers, and the next call asks again", async () => {
  let open = false;
  const full = new Error("full");
  const limiter: RequestLimiter = { acquire: () => (open ? { release() {} } : Promise.reject(full)) };
  const { manager, calls, clock } = createWorld(wellBehaved(), { companyOf, limiter });
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  expect(await failure(clock.run(manager.getAccessToken({ resource: location("l1") })))).toBe(full);
  open = true;
  expect(await clock.run(manager.getAccessToken({ resource: location("l1") }))).toBe("access-l1-1");
  expect(calls).toHaveLength(1);
});

test("a 429 is waited for as long as it says", async () => {
  const well = wellBehaved();
  const { manager, calls, clock } = createWorld(
    (call, index) => (index === 0 ? json(429, {}, { "retry-after": "3" }) : well(call)),
    { companyOf },
  );
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  expect(await clock.run(manager.getAccessToken({ resource: location("l1") }))).toBe("access-l1-1");
  expect(calls.map(({ atMs }) => atMs - T0)).toEqual([0, 3_000]);
});

test("a company token that died before its time is replaced once, for the mint and for everybody", async () => {
  const well = wellBehaved();
  const { manager, calls, clock } = createWorld(
    (call) =>
      call.headers.get("authorization") === "Bearer access-company-0"
        ? json(401, { message: "Invalid token: access token is invalid" })
        : well(call),
    { companyOf },
  );
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  expect(await clock.run(manager.getAccessToken({ resource: location("l1") }))).toBe("access-l1-2");
  expect(calls.map(({ path }) => path)).toEqual(["/oauth/locationToken", "/oauth/token", "/oauth/locationToken"]);
});

test("a missing scope is reported, and not tried again with each call", async () => {
  const { manager, calls, clock } = createWorld(
    () => json(401, { message: "The token is not authorized for this scope." }),
    { companyOf },
  );
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  for (let call = 0; call < 10; call++) {
    const error = await failure(clock.run(manager.getAccessToken({ resource: location("l1") })));
    expect(error).toBeInstanceOf(RenewalConfigurationError);
    expect(error).toMatchObject({ answerCode: "ERR_GHL_SCOPE" });
  }
  expect(calls).toHaveLength(1);
});

test("a dead grant of a location beside a company's costs no call: the first refusal is answered with a mint", async () => {
  const well = wellBehaved();
  const { manager, calls, clock } = createWorld((call) => (call.path === "/oauth/token" ? invalidGrant() : well(call)));
  await clock.run(manager.storeTokens(tokenSet("Location", "l1", { ageMs: EXPIRED })));
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  for (let call = 0; call < 3; call++)
    expect(await clock.run(manager.getAccessToken({ resource: location("l1") }))).toBe("access-l1-1");
  expect(calls.map(({ path }) => path)).toEqual(["/oauth/token", "/oauth/locationToken"]);
  // Whether the grant is dead is asked once more all the same, by the tick that it needs.
  expect(await clock.run(manager.tick(location("l1")))).toBe(T0 + 60_000);
  clock.nowMs += 60_000;
  await clock.run(manager.tick(location("l1")));
  expect((await manager.state(location("l1")))?.status).toBe("reauth_required");
});

test("a location's token whose settings are refused, or that cannot be renewed, is replaced by a mint as well", async () => {
  const well = wellBehaved();
  const { manager, clock } = createWorld((call) =>
    call.path === "/oauth/token" ? json(401, { error: "invalid_client" }) : well(call),
  );
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  await clock.run(manager.storeTokens(tokenSet("Location", "l1", { ageMs: EXPIRED })));
  const { refreshToken: _none, ...single } = tokenSet("Location", "l2", { ageMs: EXPIRED });
  await clock.run(manager.storeTokens(single));
  expect(await clock.run(manager.getAccessToken({ resource: location("l1") }))).toMatch(/^access-l1-\d/);
  expect(await clock.run(manager.getAccessToken({ resource: location("l2") }))).toMatch(/^access-l2-\d/);
});

test("the caller gets the error of the location's own grant where the request for a derived token fails, too", async () => {
  const { manager, clock } = createWorld((call) =>
    call.path === "/oauth/token" ? invalidGrant() : json(404, { statusCode: 404, message: "Location not found" }),
  );
  await clock.run(manager.storeTokens(tokenSet("Location", "l1", { ageMs: EXPIRED })));
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  const error = await failure(clock.run(manager.getAccessToken({ resource: location("l1") })));
  expect(error).toMatchObject({ code: "ERR_GHL_REAUTH_REQUIRED", confirmed: false });
});

test.each([
  [400, { statusCode: 400, message: "Some words nobody knows" }],
  [404, { statusCode: 404, message: "Location not found" }],
  [422, { statusCode: 422, message: ["locationId is not valid"] }],
  [403, { statusCode: 403, message: "Forbidden resource" }],
])(
  "a mint that HighLevel refuses with %i fails at once for all callers, and is tried again after a minute",
  async (status, body) => {
    const { manager, calls, clock } = createWorld(() => json(status, body), { companyOf });
    await clock.run(manager.storeTokens(tokenSet("Company", "company")));
    for (let call = 0; call < 5; call++) {
      const error = await failure(clock.run(manager.getAccessToken({ resource: location("nowhere") })));
      expect(error).toMatchObject({ code: "ERR_GHL_RENEWAL_CONFIGURATION", retryAtMs: T0 + 60_000 * 1.05 });
    }
    expect([calls.length, clock.nowMs]).toEqual([1, T0]);
    clock.nowMs = T0 + 60_000 * 1.05;
    await failure(clock.run(manager.getAccessToken({ resource: location("nowhere") })));
    expect(calls).toHaveLength(2);
  },
);

test("an INSTALL event makes a refused mint due at once", async () => {
  const well = wellBehaved();
  const { manager, clock } = createWorld(
    (call, index) => (index === 0 ? json(404, { statusCode: 404, message: "Location not found" }) : well(call)),
    { companyOf },
  );
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  await failure(clock.run(manager.getAccessToken({ resource: location("l1") })));
  await clock.run(manager.installed({ resource: location("l1"), companyId: "company", atMs: T0 + 1 }));
  expect(await clock.run(manager.getAccessToken({ resource: location("l1") }))).toBe("access-l1-1");
});

test("an uninstalled company takes its locations' tokens along; an uninstalled location only its own", async () => {
  const { manager, clock } = createWorld(wellBehaved(), { companyOf });
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  for (const id of ["l1", "l2"]) await clock.run(manager.getAccessToken({ resource: location(id) }));
  await clock.run(manager.uninstalled({ resource: location("l1"), atMs: T0 + 1 }));
  expect(await failure(clock.run(manager.getAccessToken({ resource: location("l1") })))).toBeInstanceOf(
    NotInstalledError,
  );
  expect(await clock.run(manager.getAccessToken({ resource: location("l2") }))).toBe("access-l2-2");
  await clock.run(manager.uninstalled({ resource: { kind: "company", id: "company" }, atMs: T0 + 2 }));
  expect(await failure(clock.run(manager.getAccessToken({ resource: location("l2") })))).toBeInstanceOf(
    NotInstalledError,
  );
});

test("an operation for companies gets the company's token although a location is named", async () => {
  const { manager, clock } = createWorld(wellBehaved(), { companyOf });
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  const request = { resource: location("l1"), acceptedTokenTypes: ["company", "company-pit"] };
  expect(await clock.run(manager.getAccessToken(request))).toBe("access-company-0");
});

test("a derived token in use costs no I/O", async () => {
  const { manager, store, calls, clock } = createWorld(wellBehaved(), { companyOf });
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  const token = await clock.run(manager.getAccessToken({ resource: location("l1") }));
  store.load = store.commit = () => expect.unreachable("no store call is needed");
  expect(await manager.getAccessToken({ resource: location("l1") })).toBe(token);
  expect(calls).toHaveLength(1);
});

test.each([
  ["another location", { locationId: "l2", userType: "Location" }],
  ["a company", { locationId: undefined, userType: "Company" }],
])("a mint that is answered with the token of %s is refused, and that token is never kept", async (_what, whose) => {
  const answer = () => json(200, { access_token: "access-foreign", companyId: "company", ...whose });
  const { manager, clock, store } = createWorld(answer, { companyOf });
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  expect(await failure(clock.run(manager.getAccessToken({ resource: location("l1") })))).toBeInstanceOf(
    RenewalConfigurationError,
  );
  expect(JSON.stringify(await store.load("0123456789abcdef01234567:derived:location:l1"))).not.toContain("foreign");
});

test("a refresh that is answered with another location's tokens gives nobody that token", async () => {
  const foreign = { access_token: "access-foreign", refresh_token: "refresh-foreign", locationId: "l2" };
  const { manager, clock, calls } = createWorld(() => json(200, foreign));
  await clock.run(manager.storeTokens(tokenSet("Location", "l1", { ageMs: LIFE_MS * 0.9 })));
  expect(await clock.run(manager.getAccessToken({ resource: location("l1") }))).toBe("access-l1-0");
  await clock.run(clock.sleep(LIFE_MS * 0.2, new AbortController().signal));
  expect(await failure(clock.run(manager.getAccessToken({ resource: location("l1") })))).toBeInstanceOf(
    RenewalConfigurationError,
  );
  expect(calls.map(({ form }) => form.get("refresh_token"))).not.toContain("refresh-foreign");
});
