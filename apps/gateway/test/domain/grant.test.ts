import { describe, expect, test } from "vitest";
import {
  decide,
  found,
  freshUntilMs,
  type Grant,
  installed,
  refreshBegun,
  refreshSettled,
  wakeAtMs,
} from "../../src/domain/grant.ts";
import type { Resource } from "../../src/domain/resource.ts";
import type { GrantedTokens } from "../../src/domain/token-answer.ts";
import type { TokenOutcome } from "../../src/domain/token-endpoint.ts";

const resource: Resource = { kind: "location", id: "L" };
const DAY = 86_399_000;
const T = 1_000_000;

const pair = (name: string, over: Partial<GrantedTokens> = {}): GrantedTokens => ({
  resource,
  companyId: "C",
  accessToken: `access-${name}`,
  refreshToken: `refresh-${name}`,
  lifetimeMs: DAY,
  scopes: ["contacts.readonly"],
  ...over,
});
const at = (nowMs: number) => ({ nowMs, jitter: 0.5 });
const fresh = installed(undefined, resource, pair("1"), at(T));
const EXPIRED = T + DAY;

/** Sends and settles once. */
function attempt(grant: Grant, nowMs: number, outcome: TokenOutcome, answerMs = 100): Grant {
  const begun = refreshBegun(grant, nowMs);
  return refreshSettled(begun, begun.epoch, outcome, at(nowMs + answerMs));
}
const ambiguous: TokenOutcome = { kind: "ambiguous" };
const invalid: TokenOutcome = { kind: "invalid_grant" };

describe("serving", () => {
  test("a token is served until a minute before its end, then refreshed", () => {
    expect(decide(fresh, EXPIRED - 60_001)).toEqual({ kind: "serve" });
    expect(decide(fresh, EXPIRED - 60_000)).toEqual({ kind: "refresh" });
  });

  test("while a refresh is in doubt the old token is served to its end, then callers wait", () => {
    const doubtful = attempt(fresh, EXPIRED - 50_000, ambiguous);
    const { dueAtMs } = doubtful.intent!;
    expect(decide(doubtful, dueAtMs - 1)).toEqual({ kind: "serve" });
    expect(decide(doubtful, dueAtMs)).toEqual({ kind: "refresh" });
    const late = attempt(fresh, EXPIRED, ambiguous);
    expect(decide(late, late.intent!.dueAtMs - 1)).toEqual({ kind: "wait", untilMs: late.intent!.dueAtMs });
  });

  test("without a refresh token it serves to the end and then asks for a new authorization", () => {
    const bare = installed(undefined, resource, pair("1", { refreshToken: undefined }), at(T));
    expect(decide(bare, EXPIRED - 1)).toEqual({ kind: "serve" });
    expect(decide(bare, EXPIRED)).toEqual({ kind: "refuse", reason: "reauth_required" });
    expect(wakeAtMs(bare)).toBeUndefined();
  });

  test("who holds a token asks again when a newer one is due, and often while it is overdue", () => {
    expect(freshUntilMs(fresh, T)).toBe(fresh.refreshAtMs);
    expect(freshUntilMs(fresh, fresh.refreshAtMs)).toBe(fresh.refreshAtMs + 30_000);
    expect(freshUntilMs(fresh, EXPIRED - 10)).toBe(EXPIRED - 60_000);
  });

  test("it wakes at 70–80 % of the life", () => {
    const ahead = [0, 1].map(
      (jitter) => wakeAtMs(installed(undefined, resource, pair("1"), { nowMs: T, jitter }))! - T,
    );
    expect(ahead).toEqual([Math.round(DAY * 0.7), Math.round(DAY * 0.8)]);
  });
});

describe("a refresh", () => {
  test("stores its intent with a new epoch before anything is sent", () => {
    const begun = refreshBegun(fresh, EXPIRED);
    expect(begun).toMatchObject({
      epoch: fresh.epoch + 1,
      status: "refreshing",
      refreshToken: "refresh-1",
      intent: { firstSentAtMs: EXPIRED, attempt: 1, inFlight: true, dueAtMs: EXPIRED + 8_000 },
    });
    expect(wakeAtMs(begun)).toBe(EXPIRED + 8_000);
  });

  test("a whole answer ends it", () => {
    const done = attempt(fresh, EXPIRED, { kind: "granted", tokens: pair("2") });
    expect(done).toMatchObject({ status: "active", accessToken: "access-2", refreshToken: "refresh-2" });
    expect(done.intent).toBeUndefined();
  });

  test("an answer without a refresh token keeps the old one", () => {
    const done = attempt(fresh, EXPIRED, { kind: "granted", tokens: pair("2", { refreshToken: undefined }) });
    expect(done.refreshToken).toBe("refresh-1");
  });

  test("an answer to an older epoch changes nothing", () => {
    const begun = refreshBegun(fresh, EXPIRED);
    const reinstalled = installed(begun, resource, pair("new"), at(EXPIRED + 10));
    for (const outcome of [{ kind: "granted", tokens: pair("2") } as const, invalid, ambiguous])
      expect(refreshSettled(reinstalled, begun.epoch, outcome, at(EXPIRED + 20))).toBe(reinstalled);
  });

  test("another tenant's token is never taken over", () => {
    const foreign = pair("2", { resource: { kind: "location", id: "other" } });
    const after = attempt(fresh, EXPIRED, { kind: "granted", tokens: foreign });
    expect(after).toMatchObject({ status: "misconfigured", accessToken: "access-1", refreshToken: "refresh-1" });
  });

  test("in doubt the same token is sent at 0.5, 2, 5, 12, 22 s, then after 1, 5, 15 min, then hourly", () => {
    let grant = fresh;
    let nowMs = EXPIRED;
    const sentAfterMs: number[] = [];
    for (let round = 0; round < 11; round++) {
      sentAfterMs.push(nowMs - EXPIRED);
      grant = attempt(grant, nowMs, ambiguous, 0);
      expect(grant.refreshToken).toBe("refresh-1");
      nowMs = grant.intent!.dueAtMs;
    }
    const grace = [0, 500, 2_000, 5_000, 12_000, 22_000];
    const later = [82_000, 382_000, 1_282_000, 4_882_000, 8_482_000];
    expect(sentAfterMs).toEqual([...grace, ...later]);
  });

  test("found in flight by a new object, the same token is due at once; a scheduled one keeps its time", () => {
    const begun = refreshBegun(fresh, EXPIRED);
    const orphan = found(begun, EXPIRED + 900);
    expect(decide(orphan, EXPIRED + 900)).toEqual({ kind: "refresh" });
    expect(refreshBegun(orphan, EXPIRED + 900).intent).toMatchObject({ firstSentAtMs: EXPIRED, attempt: 2 });
    const scheduled = attempt(fresh, EXPIRED, ambiguous);
    expect(found(scheduled, EXPIRED + 200)).toBe(scheduled);
  });

  test("a slow failure does not push the next sending out of the grace", () => {
    const slow = attempt(fresh, EXPIRED, ambiguous, 6_000);
    expect(slow.intent!.dueAtMs).toBe(EXPIRED + 6_000);
  });

  test("an invalid grant counts after it was confirmed a minute later", () => {
    const once = attempt(fresh, EXPIRED, invalid);
    expect(once.status).toBe("refreshing");
    expect(once.intent!.dueAtMs).toBe(EXPIRED + 100 + 60_000);
    const twice = attempt(once, once.intent!.dueAtMs, invalid);
    expect(twice.status).toBe("reauth_required");
    expect(twice.refreshToken).toBe("refresh-1");
    expect(wakeAtMs(twice)).toBeUndefined();
    expect(decide(twice, EXPIRED + 100_000)).toEqual({ kind: "refuse", reason: "reauth_required" });
  });

  test("a paused location keeps its token, tries hourly and comes back", () => {
    const paused = attempt(fresh, EXPIRED, { kind: "suspended" });
    expect(decide(paused, EXPIRED + 1_000)).toEqual({ kind: "refuse", reason: "suspended" });
    expect(wakeAtMs(paused)).toBe(EXPIRED + 100 + 3_600_000);
    expect(attempt(paused, wakeAtMs(paused)!, { kind: "granted", tokens: pair("2") }).status).toBe("active");
  });

  test("a refused configuration wakes nobody, and a later call tries again", () => {
    const wrong = attempt(fresh, EXPIRED, { kind: "configuration" });
    expect(wakeAtMs(wrong)).toBeUndefined();
    expect(decide(wrong, EXPIRED + 1_000)).toEqual({ kind: "refuse", reason: "misconfigured" });
    expect(decide(wrong, EXPIRED + 61_000)).toEqual({ kind: "refresh" });
  });

  test("a 429 waits as long as it says", () => {
    const limited = attempt(fresh, EXPIRED, { kind: "rate_limited", retryAfterMs: 3_000 }, 0);
    expect(limited.intent!.dueAtMs).toBe(EXPIRED + 3_000);
  });
});
