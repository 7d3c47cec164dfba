import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import type { GrantState } from "@ghl-edge/oauth";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  call,
  codeOf,
  installLocation,
  readContact,
  refreshes,
  upstream,
  wideKeyed,
} from "../../support/calls/gateway.ts";
import { grantOf, playSchedules, schedules, stateOf } from "../../support/load/schedules.ts";
import { APP, LOCATIONS, WIDE_APP } from "../../support/setup/settings.ts";

/** The numbers of docs/design/gateway.md that are about one gateway as a whole. */
const locations = LOCATIONS.slice(40, 120);
const next = (): string => locations.shift()!;
const DAY_MS = 86_400_000;

const later = (ms: number): void =>
  void vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms, shouldAdvanceTime: true });
/** Refresh tokens that were sent: HighLevel made one successor of each. */
const rotations = async (since: number): Promise<number> =>
  new Set((await refreshes(since)).map(({ tokenFingerprint }) => tokenFingerprint)).size;

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await upstream.tokenEndpoint("up");
});

it("1: 1,000 concurrent calls on an expired token are one refresh and 1,000 successes", async () => {
  const location = next();
  await installLocation(location, WIDE_APP);
  later(DAY_MS);
  const since = (await upstream.log()).length;
  const path = `/api/location/${location}/contacts/c1`;
  const responses = await Promise.all(Array.from({ length: 1_000 }, () => call(path, { headers: wideKeyed })));
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(1_000);
  expect(await refreshes(since)).toHaveLength(1);
});

describe("2: an object that is aborted", () => {
  /** The platform's functions that a refresh awaits, in the order of their calls. */
  const AWAITED = [
    [globalThis, "fetch"],
    [crypto.subtle, "digest"],
    [crypto.subtle, "encrypt"],
    [crypto.subtle, "decrypt"],
    [crypto.subtle, "importKey"],
    [ReadableStreamDefaultReader.prototype, "read"],
  ] as const;

  /** Aborts the object at the n-th await of the refresh, before it begins or after it ended. Says whether there was one. */
  function abortAt(location: string, n: number, when: "before" | "after"): () => boolean {
    let count = 0;
    let done = false;
    const abort = (): Promise<never> => {
      done = true;
      void runInDurableObject(grantOf(location), (_object, state) => state.abort("proof")).catch(() => {});
      return new Promise(() => {});
    };
    for (const [tenant, name] of AWAITED) {
      const original = (tenant as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[name]!;
      const spy = vi.spyOn(tenant as unknown as Record<string, () => unknown>, name);
      const spied = function (this: unknown, ...args: unknown[]) {
        const reader = tenant === ReadableStreamDefaultReader.prototype ? this : tenant;
        const isOurs = name !== "fetch" || String(args[0]).includes("/oauth/token");
        if (!isOurs || done) return original.apply(reader, args);
        count += 1;
        if (count !== n) return original.apply(reader, args);
        if (when === "before") return abort();
        return original.apply(reader, args).then(abort);
      };
      spy.mockImplementation(spied as () => unknown);
    }
    return () => done;
  }

  it.each(["before", "after"] as const)(
    "a refresh whose object is aborted at any await, %s it, ends active by itself with one rotation",
    async (when) => {
      let points = 0;
      for (let n = 1; ; n++) {
        const location = next();
        await installLocation(location);
        later(DAY_MS);
        const since = (await upstream.log()).length;
        const wasAborted = abortAt(location, n, when);
        const answered = grantOf(location)
          .accessToken({ app: APP, resource: { kind: "location", id: location }, acceptedTokenTypes: "any" })
          .catch(() => undefined);
        await Promise.race([answered, vi.waitFor(() => expect(wasAborted()).toBe(true), { timeout: 5_000 })]);
        const aborted = wasAborted();
        vi.restoreAllMocks();
        // No call comes: the alarm alone brings it back. It is due when 15 s have passed.
        const dueAtMs = Date.now() + 15_000;
        await vi.waitFor(
          async () => {
            await runDurableObjectAlarm(grantOf(location));
            expect(await stateOf(location)).toMatchObject({ status: "active", epoch: expect.any(Number) as number });
            expect(await rotations(since)).toBe(1);
            expect((await stateOf(location)).intent).toBeUndefined();
          },
          { timeout: dueAtMs - Date.now(), interval: 100 },
        );
        expect((await readContact(location)).status).toBe(200);
        vi.useRealTimers();
        if (!aborted) break;
        points += 1;
      }
      // fetch, the reads of its body, the fingerprint of the new token, its sealing.
      expect(points).toBeGreaterThanOrEqual(4);
    },
    60_000,
  );
});

it("2: an answer that was lost for longer than HighLevel's grace is known as such within 90 s, confirmed, and always reported", async () => {
  const location = next();
  await installLocation(location);
  later(DAY_MS);
  await upstream.fault(location, "garbage");
  await grantOf(location).accessToken({
    app: APP,
    resource: { kind: "location", id: location },
    acceptedTokenTypes: "any",
  });
  await upstream.tokenEndpoint("past_grace");
  const passed = async (ms: number): Promise<GrantState> => {
    vi.setSystemTime(Date.now() + ms);
    await runDurableObjectAlarm(grantOf(location));
    return stateOf(location);
  };
  expect((await passed(31_000)).status).toBe("refreshing");
  const unconfirmed = await readContact(location);
  expect([unconfirmed.status, await codeOf(unconfirmed)]).toEqual([503, "ERR_GHL_GATEWAY_TOKEN_PENDING"]);
  expect((await passed(60_000)).status).toBe("reauth_required");
  const dead = await readContact(location);
  expect([dead.status, await codeOf(dead)]).toEqual([403, "ERR_GHL_GATEWAY_REAUTH_REQUIRED"]);
  await upstream.tokenEndpoint("up");
  await installLocation(location);
  expect((await readContact(location)).status).toBe(200);
});

it("4: the token endpoint is down for four hours, and no call fails", async () => {
  const location = next();
  await installLocation(location);
  const since = (await upstream.log()).length;
  const ahead = (await stateOf(location)).current!.refreshAheadAtMs;
  vi.useFakeTimers({ toFake: ["Date"], now: ahead, shouldAdvanceTime: true });
  await upstream.tokenEndpoint("down");
  try {
    for (let quarter = 0; quarter < 16; quarter++) {
      await runDurableObjectAlarm(grantOf(location));
      expect((await readContact(location)).status).toBe(200);
      vi.setSystemTime(Date.now() + 900_000);
    }
  } finally {
    await upstream.tokenEndpoint("up");
  }
  expect(await stateOf(location)).toMatchObject({ status: "refreshing" });
  vi.setSystemTime(Date.now() + 3_700_000);
  await runDurableObjectAlarm(grantOf(location));
  expect((await stateOf(location)).status).toBe("active");
  expect(await refreshes(since)).toHaveLength(1);
});

it("3: no order of calls, crashes, alarms, lost answers, clock jumps, repeated and late events loses the grant", async () => {
  const beside = Array.from({ length: 20 }, next);
  for (const location of beside) await installLocation(location);
  later(0);
  await fc.assert(
    fc.asyncProperty(schedules(beside.length), (drawn) => playSchedules(beside, drawn)),
    { numRuns: 2, endOnFailure: true },
  );
}, 120_000);
