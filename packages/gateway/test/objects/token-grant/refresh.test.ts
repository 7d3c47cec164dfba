import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { GrantState } from "@ghl-edge/oauth";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  call,
  installLocation,
  keyed,
  leaveOfDay,
  readContact,
  refreshes,
  upstream,
} from "../../support/calls/gateway.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const locations = LOCATIONS.slice(10, 24);
const nextLocation = (): string => locations.shift()!;
const DAY_MS = 86_400_000;
const PATIENT = { timeout: 10_000 };

const grantOf = (location: string) => env.TOKEN_GRANT.getByName(`${APP}:location:${location}`);
/** State of a location's own grant, as its object has stored it. */
const stored = (location: string): Promise<GrantState> =>
  runInDurableObject(grantOf(location), (_object, state) => {
    const row = state.storage.sql.exec("SELECT state FROM token_record WHERE source = 'refreshable'").one();
    return JSON.parse(row.state as string) as GrantState;
  });
const settled = async (location: string) => {
  const { status, intent } = await stored(location);
  return [status, intent];
};
const tokenRequest = (id: string) =>
  ({ app: APP, resource: { kind: "location", id }, acceptedTokenTypes: "any" }) as const;

/** Installs, then lets the access token's time pass. */
async function expired(): Promise<{ location: string; since: number }> {
  const location = nextLocation();
  await installLocation(location);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DAY_MS, shouldAdvanceTime: true });
  return { location, since: (await upstream.log()).length };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("refresh", () => {
  it("100 concurrent calls on an expired token cause one refresh, and all succeed", async () => {
    const { location, since } = await expired();
    const responses = await Promise.all(Array.from({ length: 100 }, () => readContact(location)));
    expect(responses.map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect(await refreshes(since)).toHaveLength(1);
    expect(await settled(location)).toEqual(["active", undefined]);
  });

  it("concurrent calls of the grant itself cause one refresh, as those of several coordinators would", async () => {
    const { location, since } = await expired();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => grantOf(location).accessToken(tokenRequest(location))),
    );
    expect(replies.every(({ ok }) => ok)).toBe(true);
    expect(new Set(replies.map((reply) => reply.ok && reply.accessToken)).size).toBe(1);
    expect(await refreshes(since)).toHaveLength(1);
  });

  it("a call causes no refresh while the token is good", async () => {
    const location = nextLocation();
    await installLocation(location);
    const since = (await upstream.log()).length;
    for (let i = 0; i < 3; i++) expect((await readContact(location)).status).toBe(200);
    expect(await refreshes(since)).toHaveLength(0);
  });

  it("an object that dies in mid-refresh sends the same token again, and the call succeeds", async () => {
    const { location, since } = await expired();
    await upstream.fault(location, "hang");
    const calling = readContact(location);
    await vi.waitFor(async () => expect(await refreshes(since)).toHaveLength(1), PATIENT);
    expect(await stored(location)).toMatchObject({
      status: "refreshing",
      intent: { leaseUntilMs: expect.any(Number) },
    });
    await abortAllDurableObjects();
    expect((await calling).status).toBe(200);
    await upstream.release();
    const sent = await refreshes(since);
    expect(sent).toHaveLength(2);
    expect(sent[1]!.tokenFingerprint).toBe(sent[0]!.tokenFingerprint);
    expect(sent.map(({ status }) => status)).toEqual([200, 200]);
    expect(await settled(location)).toEqual(["active", undefined]);
  });

  it("the same token is sent again by the alarm when no call comes", async () => {
    const { location, since } = await expired();
    await upstream.fault(location, "hang");
    const calling = readContact(location).catch(() => undefined);
    await vi.waitFor(async () => expect(await refreshes(since)).toHaveLength(1), PATIENT);
    await upstream.fault(location, "hang");
    await abortAllDurableObjects();
    await vi.waitFor(async () => expect((await refreshes(since)).length).toBeGreaterThan(1), PATIENT);
    await abortAllDurableObjects();
    await upstream.release();
    await calling;
    expect(await runDurableObjectAlarm(grantOf(location))).toBe(true);
    expect(await settled(location)).toEqual(["active", undefined]);
    const sent = await refreshes(since);
    expect(new Set(sent.map(({ tokenFingerprint }) => tokenFingerprint)).size).toBe(1);
  });

  it.each(["garbage", "cut"] as const)(
    "a token is sent again within the call after a lost answer (%s)",
    async (fault) => {
      const { location, since } = await expired();
      await upstream.fault(location, fault);
      expect((await readContact(location)).status).toBe(200);
      const sent = await refreshes(since);
      expect(sent).toHaveLength(2);
      expect(sent[1]!.tokenFingerprint).toBe(sent[0]!.tokenFingerprint);
    },
  );

  it("a paused location is said to be paused, keeps its token and comes back", async () => {
    const { location } = await expired();
    await upstream.setActive(location, false);
    const paused = await readContact(location);
    expect([paused.status, ((await paused.json()) as { code: string }).code]).toEqual([
      403,
      "ERR_GHL_GATEWAY_SUSPENDED",
    ]);
    await upstream.setActive(location, true);
    vi.setSystemTime(Date.now() + 3_600_000);
    expect((await readContact(location)).status).toBe(200);
  });

  it("a refresh runs ahead of need, by alarm", async () => {
    const location = nextLocation();
    await installLocation(location);
    await readContact(location);
    const first = (await upstream.log()).at(-1);
    const before = await stored(location);
    const since = (await upstream.log()).length;
    vi.useFakeTimers({ toFake: ["Date"], now: before.current!.refreshAheadAtMs });
    expect(await runDurableObjectAlarm(grantOf(location))).toBe(true);
    expect(await refreshes(since)).toHaveLength(1);
    const after = await stored(location);
    expect(after.epoch).toBe(before.epoch + 2);
    expect(after.current!.expiresAtMs).toBeGreaterThan(before.current!.expiresAtMs);
    // The next call has the new token, though the old one would have lived on.
    await readContact(location);
    const used = (await upstream.log()).slice(since).filter(({ operation }) => operation === "v3.contacts.getContact");
    await readContact(location);
    const again = (await upstream.log()).at(-1);
    expect(again?.tokenFingerprint).toBe(used[0]?.tokenFingerprint);
    expect(again?.tokenFingerprint).not.toBe(first?.tokenFingerprint);
  });
});

describe("budget", () => {
  const limitsIn = ({ headers }: Response) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith("x-ratelimit-")));

  it("call 101 of a burst gets a time to try again, if it would not wait so long", async () => {
    const location = nextLocation();
    await installLocation(location);
    const headers = { ...keyed, "x-gateway-max-wait": "5" };
    const responses = await Promise.all(
      Array.from({ length: 101 }, () => call(`/api/location/${location}/contacts/c1`, { headers })),
    );
    const refused = responses.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(1);
    const waitS = Number(refused[0]!.headers.get("retry-after"));
    expect([waitS >= 10, waitS <= 11]).toEqual([true, true]);
    expect(limitsIn(refused[0]!)).toEqual({
      "x-ratelimit-max": "100",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-interval-milliseconds": "10000",
    });
    const title = "The rate limit of this location or company is used up";
    expect(await refused[0]!.json()).toEqual({
      type: "https://github.com/ghl-edge/ghl-edge/blob/main/docs/errors.md#err_ghl_gateway_budget_exhausted",
      title,
      message: title,
      status: 429,
      code: "ERR_GHL_GATEWAY_BUDGET_EXHAUSTED",
      detail:
        "The burst limit is used up. Try again after Retry-After, or allow a longer wait with X-Gateway-Max-Wait.",
      requestId: refused[0]!.headers.get("x-gateway-request-id"),
    });
  });

  it("a day that is used up is distinguished from a burst, with the same names as HighLevel's", async () => {
    const location = nextLocation();
    await installLocation(location);
    await leaveOfDay(location, 0);
    const refused = await readContact(location);
    expect([refused.status, limitsIn(refused)]).toEqual([
      429,
      {
        "x-ratelimit-max": "100",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-interval-milliseconds": "10000",
        "x-ratelimit-limit-daily": "200000",
        "x-ratelimit-daily-remaining": "0",
      },
    ]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
    expect(await refused.json()).toMatchObject({
      detail:
        "The daily limit is used up. Try again after Retry-After, or allow a longer wait with X-Gateway-Max-Wait.",
    });
  });

  it("an answer that is no 429 of the budget says nothing of limits", async () => {
    const refused = await call("/api/location/nowhere/contacts/c1", { headers: keyed });
    expect([refused.status, limitsIn(refused)]).toEqual([404, {}]);
    const { title, message } = (await refused.json()) as Record<string, string>;
    expect([title, message]).toEqual(["The app is not installed at this location or company", title]);
  });
});
