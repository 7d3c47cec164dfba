import { inspect } from "node:util";
import { expect, test } from "vitest";
import {
  ConfigurationError,
  NotInstalledError,
  ReauthRequiredError,
  RenewalConfigurationError,
  StoreError,
  SuspendedError,
  TokenUnavailableError,
} from "../../src/index.ts";
import { createWorld, invalidGrant, json, LIFE_MS, T0, tokenSet, wellBehaved } from "./virtual-world.ts";

const company = { kind: "company", id: "company" } as const;
const EXPIRED = LIFE_MS + 1_000;

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error,
  );
}

test("a good token is given out without any I/O", async () => {
  const { manager, calls, store, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  store.load = store.commit = () => expect.unreachable("no store call is needed");
  expect(await manager.getAccessToken({ resource: company })).toBe("access-company-0");
  expect(calls).toEqual([]);
});

test("1,000 calls at once on an expired token share one refresh", async () => {
  const { manager, calls, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  const tokens = await clock.run(
    Promise.all(Array.from({ length: 1_000 }, () => manager.getAccessToken({ resource: company }))),
  );
  expect(new Set(tokens)).toEqual(new Set(["access-x-1"]));
  expect(calls).toHaveLength(1);
  expect(calls[0]!.form.get("refresh_token")).toBe("refresh-company-0");
  expect(calls[0]!.form.get("user_type")).toBe("Company");
});

test("a code is exchanged and its tokens are kept for every process", async () => {
  const { manager, another, clock, events } = createWorld();
  const installation = await clock.run(manager.exchangeCode("the-code"));
  expect(installation).toMatchObject({ resource: company, userType: "Company", companyId: "company" });
  expect(JSON.stringify(installation)).not.toMatch(/access-|refresh-/);
  expect(await clock.run(another().getAccessToken({ resource: company }))).toBe("access-x-1");
  expect(events.map(({ type }) => type)).toEqual(["installed"]);
});

test("a refresh ahead of need costs no caller any time", async () => {
  const background: Promise<unknown>[] = [];
  const { manager, calls, clock } = createWorld(wellBehaved(), { waitUntil: (work) => background.push(work) });
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: LIFE_MS * 0.78 })));
  expect(await manager.getAccessToken({ resource: company })).toBe("access-company-0");
  expect(await manager.getAccessToken({ resource: company })).toBe("access-company-0");
  expect(background).toHaveLength(1);
  await clock.run(background[0]!);
  expect(calls).toHaveLength(1);
  expect(await manager.getAccessToken({ resource: company })).toBe("access-x-1");
});

test("a token that another process rotated is taken over from the store", async () => {
  const { manager, another, calls, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: LIFE_MS * 0.5 })));
  const other = another();
  expect(await clock.run(other.getAccessToken({ resource: company }))).toBe("access-company-0");
  const rotated = await clock.run(manager.getAccessToken({ resource: company, rejectedToken: "access-company-0" }));
  expect(await clock.run(other.getAccessToken({ resource: company, rejectedToken: "access-company-0" }))).toBe(rotated);
  expect(calls).toHaveLength(1);
});

test("100 calls whose token the API refused make one refresh; a permanent 401 makes no second one", async () => {
  const { manager, calls, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  const again = (rejectedToken: string) =>
    clock.run(
      Promise.all(Array.from({ length: 100 }, () => manager.getAccessToken({ resource: company, rejectedToken }))),
    );
  expect(new Set(await again("access-company-0"))).toEqual(new Set(["access-x-1"]));
  expect(new Set(await again("access-x-1"))).toEqual(new Set(["access-x-1"]));
  expect(calls).toHaveLength(1);
});

test("the same token is sent again after a lost answer, and callers wait for it", async () => {
  const well = wellBehaved();
  const { manager, calls, clock } = createWorld((call, index) => (index < 3 ? "lost" : well(call)));
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  expect(await clock.run(manager.getAccessToken({ resource: company }))).toBe("access-x-1");
  expect(calls.map(({ form }) => form.get("refresh_token"))).toEqual(Array(4).fill("refresh-company-0"));
  expect(calls.map(({ atMs }) => atMs - T0)).toEqual([0, 500, 2_000, 5_000]);
});

test("a request that hangs is given up after 6 s and sent again", async () => {
  const well = wellBehaved();
  const { manager, calls, clock } = createWorld((call, index) => (index === 0 ? "hang" : well(call)));
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  expect(await clock.run(manager.getAccessToken({ resource: company }))).toBe("access-x-1");
  expect(calls.map(({ atMs }) => atMs - T0)).toEqual([0, 6_000]);
});

test("an answer that comes 35 s late is kept, although without grace every other attempt was refused", async () => {
  const well = wellBehaved();
  const late: Promise<unknown>[] = [];
  const world = createWorld(
    async (call, index) => {
      if (index > 0) return invalidGrant();
      await world.clock.sleep(35_000);
      return well(call);
    },
    { waitUntil: (work) => late.push(work) },
  );
  const { manager, clock, calls } = world;
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  expect(await failure(clock.run(manager.getAccessToken({ resource: company })))).toMatchObject({ confirmed: false });
  await clock.run(Promise.all(late));
  expect(clock.nowMs - T0).toBe(35_000);
  expect(await manager.getAccessToken({ resource: company })).toBe("access-x-1");
  expect((await clock.run(manager.state(company)))?.status).toBe("active");
  expect(calls).toHaveLength(2);
});

test("a dead token costs one call and every caller gets its error; a minute later it is confirmed", async () => {
  const { manager, calls, events, clock } = createWorld(invalidGrant);
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  for (let call = 0; call < 20; call++)
    expect(await failure(clock.run(manager.getAccessToken({ resource: company })))).toMatchObject({
      code: "ERR_GHL_REAUTH_REQUIRED",
      confirmed: false,
      answerCode: "ERR_GHL_INVALID_GRANT",
      retryAtMs: T0 + 60_000,
    });
  expect(calls).toHaveLength(1);
  clock.nowMs += 60_000;
  for (let call = 0; call < 20; call++)
    expect(await failure(clock.run(manager.getAccessToken({ resource: company })))).toMatchObject({ confirmed: true });
  expect(calls).toHaveLength(2);
  expect(events.map(({ type }) => type)).toEqual(["installed", "reauth_required"]);
  expect(await failure(clock.run(manager.getAccessToken({ resource: company })))).toBeInstanceOf(ReauthRequiredError);
});

test("a new install brings a dead grant back, also in processes that gave it up", async () => {
  const { manager, another, clock } = createWorld(invalidGrant);
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  await failure(clock.run(manager.getAccessToken({ resource: company })));
  await clock.run(another().storeTokens(tokenSet("Company", "company", { accessToken: "access-new" })));
  expect(await clock.run(manager.getAccessToken({ resource: company }))).toBe("access-new");
});

test("a suspended location and wrong settings have their own errors", async () => {
  const paused = createWorld(() => json(400, { message: "Location is not active" }));
  await paused.clock.run(paused.manager.storeTokens(tokenSet("Location", "l", { ageMs: EXPIRED })));
  expect(
    await failure(paused.clock.run(paused.manager.getAccessToken({ resource: { kind: "location", id: "l" } }))),
  ).toBeInstanceOf(SuspendedError);
  expect(paused.events.at(-1)).toMatchObject({
    type: "suspended",
    code: "ERR_GHL_LOCATION_NOT_ACTIVE",
    resource: { kind: "location", id: "l" },
  });

  const well = wellBehaved();
  const wrong = createWorld((call) =>
    call.form.get("client_secret") === "right" ? well(call) : json(401, { error: "invalid_client" }),
  );
  await wrong.clock.run(wrong.manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  for (let call = 0; call < 5; call++)
    expect(await failure(wrong.clock.run(wrong.manager.getAccessToken({ resource: company })))).toBeInstanceOf(
      RenewalConfigurationError,
    );
  // Said once it may be a slip, so it is asked twice; then the callers that follow are refused at once.
  expect(wrong.calls).toHaveLength(2);
  expect(await wrong.clock.run(wrong.another({ clientSecret: "right" }).getAccessToken({ resource: company }))).toBe(
    "access-x-1",
  );
});

test("a caller waits no longer than it said, and the renewal goes on without it", async () => {
  const well = wellBehaved();
  const { manager, clock } = createWorld((call, index) => (index < 3 ? "hang" : well(call)), { maxWaitMs: 10_000 });
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  expect(await failure(clock.run(manager.getAccessToken({ resource: company })))).toBeInstanceOf(TokenUnavailableError);
  expect(clock.nowMs - T0).toBe(10_000);
  expect(await clock.run(manager.getAccessToken({ resource: company }))).toBe("access-x-1");
});

test("an aborted caller leaves at once, the others get the token", async () => {
  const { manager, calls, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  const reason = new Error("left");
  const controller = new AbortController();
  const left = failure(manager.getAccessToken({ resource: company, signal: controller.signal }));
  const stayed = manager.getAccessToken({ resource: company });
  controller.abort(reason);
  expect(await clock.run(left)).toBe(reason);
  expect(await clock.run(stayed)).toBe("access-x-1");
  expect(calls).toHaveLength(1);
});

test("tokens that the store refuses are given out from memory, and stored when it works again", async () => {
  const { manager, another, store, calls, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  const commit = store.commit;
  let broken = 0;
  store.commit = (key, epoch, next) => {
    const { state } = next as unknown as { state: { status: string } };
    if (state.status === "active" && broken++ < 6) return Promise.reject(new Error("disk full"));
    return commit(key, epoch, next);
  };
  expect(await clock.run(manager.getAccessToken({ resource: company }))).toBe("access-x-1");
  expect(broken).toBe(1);
  expect(clock.nowMs).toBe(T0);
  expect(await manager.getAccessToken({ resource: company })).toBe("access-x-1");
  await clock.run(clock.sleep(10_000));
  expect(broken).toBeGreaterThan(6);
  expect(await clock.run(another().getAccessToken({ resource: company }))).toBe("access-x-1");
  expect(calls).toHaveLength(1);
});

test("a write that was stored although it failed is not repeated", async () => {
  const { manager, store, calls, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  const commit = store.commit;
  let failed = false;
  store.commit = async (key, epoch, next) => {
    const stored = await commit(key, epoch, next);
    if ((next as unknown as { state: { status: string } }).state.status !== "active" || failed) return stored;
    failed = true;
    throw new Error("connection lost");
  };
  expect(await clock.run(manager.getAccessToken({ resource: company }))).toBe("access-x-1");
  await clock.run(clock.sleep(1_000));
  expect(failed).toBe(true);
  expect((await clock.run(manager.state(company)))?.current).toMatchObject({ attempt: 1 });
  expect(calls).toHaveLength(1);
});

test("a store that does not work is an error with its cause, after three attempts", async () => {
  const { manager, store, clock } = createWorld();
  let attempts = 0;
  store.load = () => {
    attempts++;
    return Promise.reject(new Error("no connection"));
  };
  const error = (await failure(clock.run(manager.getAccessToken({ resource: company })))) as StoreError;
  expect(error).toBeInstanceOf(StoreError);
  expect(error.cause).toMatchObject({ message: "no connection" });
  expect(attempts).toBe(3);
});

test("events order installs and uninstalls by their signed time", async () => {
  const { manager, clock } = createWorld();
  await clock.run(manager.installed({ resource: company, atMs: T0 - 10 }));
  expect(await failure(clock.run(manager.getAccessToken({ resource: company })))).toBeInstanceOf(NotInstalledError);
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  await clock.run(manager.uninstalled({ resource: company, atMs: T0 - 5 }));
  expect(await manager.getAccessToken({ resource: company })).toBe("access-company-0");
  await clock.run(manager.uninstalled({ resource: company, atMs: T0 + 5 }));
  expect(await failure(clock.run(manager.getAccessToken({ resource: company })))).toBeInstanceOf(NotInstalledError);
  expect((await clock.run(manager.state(company)))?.status).toBe("uninstalled");
});

test("tick does what is due and says when to come back", async () => {
  const { manager, calls, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: LIFE_MS * 0.9 })));
  const wakeAtMs = await clock.run(manager.tick(company));
  expect(calls).toHaveLength(1);
  expect(wakeAtMs).toBe(Math.round(T0 + LIFE_MS * 0.75));
});

test("retry gives a dead grant one more chance", async () => {
  const well = wellBehaved();
  const { manager, clock } = createWorld((call, index) => (index < 2 ? invalidGrant() : well(call)));
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  await failure(clock.run(manager.getAccessToken({ resource: company })));
  clock.nowMs += 60_000;
  expect(await failure(clock.run(manager.getAccessToken({ resource: company })))).toMatchObject({ confirmed: true });
  await clock.run(manager.retry(company));
  expect(await manager.getAccessToken({ resource: company })).toBe("access-x-1");
});

test("a request without a resource needs a default", async () => {
  const { manager, another, clock } = createWorld();
  await clock.run(manager.storeTokens(tokenSet("Company", "company")));
  expect(await failure(manager.getAccessToken({}))).toBeInstanceOf(ConfigurationError);
  expect(await clock.run(another({ defaultResource: company }).getAccessToken({}))).toBe("access-company-0");
});

test("neither the manager nor its errors, states and events show a token", async () => {
  const { manager, events, clock } = createWorld(invalidGrant);
  await clock.run(manager.storeTokens(tokenSet("Company", "company", { ageMs: EXPIRED })));
  const error = await failure(clock.run(manager.getAccessToken({ resource: company })));
  const shown = [manager, error, events, await clock.run(manager.state(company))];
  const text = shown.map((each) => JSON.stringify(each)).join();
  expect(text).not.toMatch(/access-|refresh-|secret-of-the-app/);
  // Private members hide what they hold from `console.log` as well.
  expect(inspect(shown, { depth: 12 })).not.toMatch(/access-company|refresh-company|secret-of-the-app/);
});
