import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { verifyGatewayDelivery } from "@ghl-edge/webhooks/gateway";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import { isolate } from "../../../src/worker.ts";
import { installLocation, readContact, upstream } from "../../support/calls/gateway.ts";
import {
  addEndpoint,
  arrived,
  destination,
  dispatcher,
  removeEndpoint,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const locations = [...LOCATIONS];
const DAY_MS = 86_400_000;
let endpoint: TestEndpoint;
let location: string;

const grant = () => env.TOKEN_GRANT.getByName(`${APP}:location:${location}`);
const requestToken = () =>
  grant().accessToken({ app: APP, resource: { kind: "location", id: location }, acceptedTokenTypes: "any" });
const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms, shouldAdvanceTime: true });

/** Rings every alarm on the way of an event: they are set in the time of the test. */
async function reported(count: number) {
  const day = new Date().toISOString().slice(0, 10);
  await vi.waitFor(
    async () => {
      await runDurableObjectAlarm(grant());
      await runDurableObjectAlarm(env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${day}`));
      await runDurableObjectAlarm(dispatcher(endpoint));
      expect((await destination.count(endpoint)).count).toBeGreaterThanOrEqual(count);
    },
    { timeout: 20_000, interval: 50 },
  );
  const received = await arrived(endpoint, count);
  const { secret } = endpoint;
  return Promise.all(
    received.map(({ body, headers }) =>
      verifyGatewayDelivery({ body, headers, secrets: [secret], toleranceMs: 60 * DAY_MS }),
    ),
  );
}

beforeEach(async () => {
  location = locations.shift()!;
  endpoint = await addEndpoint({
    types: ["grant.*", "private_token.*"],
    resources: [{ kind: "location", id: location }],
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await upstream.tokenEndpoint("up");
  await upstream.setActive(location, true);
  await removeEndpoint(endpoint);
});

it("a location that HighLevel pauses is reported, and that it is back; the directory says so by itself", async () => {
  const find = () =>
    isolate.readDirectory(env).installations.find({ app: APP, resource: { kind: "location", id: location } });
  await installLocation(location);
  await upstream.setActive(location, false);
  later(DAY_MS);
  expect(await requestToken()).toMatchObject({ ok: false, reason: "suspended" });
  const [suspended] = await reported(1);
  expect(suspended).toMatchObject({ name: "grant.suspended", event: { source: "refreshable" } });
  await vi.waitFor(async () => expect(await find()).toMatchObject({ state: "suspended" }));
  await upstream.setActive(location, true);
  later(DAY_MS);
  await vi.waitFor(async () => expect(await requestToken()).toMatchObject({ ok: true }));
  expect((await reported(2)).map(({ name }) => name)).toEqual(["grant.suspended", "grant.restored"]);
  await vi.waitFor(async () => expect(await find()).toMatchObject({ state: "active" }));
});

it("a grant that an operator has had tried again is reported as restored", async () => {
  await installLocation(location);
  await upstream.setActive(location, false);
  later(DAY_MS);
  expect(await requestToken()).toMatchObject({ ok: false, reason: "suspended" });
  await reported(1);
  await upstream.setActive(location, true);
  expect(await grant().retry()).toBe(true);
  expect((await reported(2)).map(({ name }) => name)).toEqual(["grant.suspended", "grant.restored"]);
});

it("a refresh token that is used up is reported once, however often somebody asks", async () => {
  await installLocation(location);
  await upstream.tokenEndpoint("past_grace");
  later(DAY_MS);
  await requestToken();
  for (let i = 0; i < 3; i++) {
    later(61_000);
    await requestToken();
    await runDurableObjectAlarm(grant());
  }
  expect(await requestToken()).toMatchObject({ ok: false, reason: "reauth_required" });
  expect((await reported(1)).map(({ name }) => name)).toEqual(["grant.reauth_required"]);
});

it("a change that cannot be reported is reported later, because it was written in the same transaction", async () => {
  await installLocation(location);
  await upstream.setActive(location, false);
  const store = vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(() => Promise.reject(new Error("broken")));
  later(DAY_MS);
  await requestToken();
  await vi.waitFor(() => expect(store.mock.calls.length).toBeGreaterThanOrEqual(2));
  store.mockRestore();
  expect((await reported(1)).map(({ name }) => name)).toEqual(["grant.suspended"]);
});

it("a private integration token that is 80 days old is reported once", async () => {
  const tenant = { app: APP, resource: { kind: "location", id: location } } as const;
  await grant().storePrivateToken(tenant, "pit-0000", Date.now());
  later(81 * DAY_MS);
  const [due] = await reported(1);
  expect(due).toMatchObject({ name: "private_token.rotation_due" });
  later(DAY_MS);
  await runDurableObjectAlarm(grant());
  expect(await destination.count(endpoint)).toEqual({ count: 1, distinct: 1 });
});

it("a token that HighLevel refuses although it was replaced is reported once, and that it is over an hour later", async () => {
  await installLocation(location);
  const refuse = async () => {
    await upstream.expire({ kind: "location", id: location });
    expect((await readContact(location)).status).not.toBe(404);
  };
  await refuse();
  for (let round = 0; round < 3; round++) await refuse();
  const [refused] = await reported(1);
  expect(refused).toMatchObject({
    name: "grant.token_refused",
    event: { source: "refreshable", code: "ERR_GHL_ACCESS_TOKEN_INVALID" },
  });
  later(61_000);
  await runDurableObjectAlarm(grant());
  expect((await readContact(location)).status).toBe(200);
  expect((await reported(1)).map(({ name }) => name)).toEqual(["grant.token_refused"]);
  later(62 * 60_000);
  await runDurableObjectAlarm(grant());
  expect((await reported(2)).map(({ name }) => name)).toEqual(["grant.token_refused", "grant.restored"]);
});

it("a private integration token that HighLevel refuses is reported once, and that it is over when another one is stored", async () => {
  const find = () =>
    isolate.readDirectory(env).installations.find({ app: APP, resource: { kind: "location", id: location } });
  const tenant = { app: APP, resource: { kind: "location", id: location } } as const;
  await grant().storePrivateToken(tenant, "pit-refused");
  for (let round = 0; round < 3; round++) expect((await readContact(location)).status).toBe(401);
  const [refused] = await reported(1);
  expect(refused).toMatchObject({
    name: "grant.token_refused",
    event: { source: "private", code: "ERR_GHL_ACCESS_TOKEN_INVALID" },
  });
  await vi.waitFor(async () =>
    expect(await find()).toMatchObject({ state: "active", lastProblem: { code: "ERR_GHL_ACCESS_TOKEN_INVALID" } }),
  );
  await grant().storePrivateToken(tenant, "pit-new-one");
  const events = await reported(2);
  expect(events.map(({ name }) => name)).toEqual(["grant.token_refused", "grant.restored"]);
  expect(events[1]).toMatchObject({ event: { source: "private", code: null } });
  await vi.waitFor(async () => expect(await find()).toMatchObject({ lastProblem: null }));
});
