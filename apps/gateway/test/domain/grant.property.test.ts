import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decide,
  found,
  type Grant,
  installed,
  refreshBegun,
  refreshSettled,
  wakeAtMs,
} from "../../src/domain/grant.ts";
import type { Resource } from "../../src/domain/resource.ts";
import type { TokenOutcome } from "../../src/domain/token-endpoint.ts";

const resource: Resource = { kind: "location", id: "L" };
const LIFETIME_MS = 86_399_000;
const GRACE_MS = 30_000;

/** HighLevel's side: single-use tokens, numbered, with the announced grace for the one used last. */
function highLevel() {
  let newest = 1;
  const usedAtMs = new Map<string, number>();
  return {
    newest: () => `refresh-${newest}`,
    rotations: () => newest - 1,
    execute(token: string, nowMs: number): TokenOutcome {
      const usedAt = usedAtMs.get(token);
      if (usedAt === undefined && token === `refresh-${newest}`) {
        usedAtMs.set(token, nowMs);
        newest += 1;
      } else if (usedAt === undefined || nowMs - usedAt >= GRACE_MS) return { kind: "invalid_grant" };
      const number = Number(token.split("-")[1]) + 1;
      return {
        kind: "granted",
        tokens: {
          resource,
          companyId: undefined,
          accessToken: `access-${number}`,
          refreshToken: `refresh-${number}`,
          lifetimeMs: LIFETIME_MS,
          scopes: [],
        },
      };
    },
  };
}

/** How one attempt goes; `unsent` fails before HighLevel executed it, the others after. */
const fate = fc.constantFrom("unsent", "lost", "garbled", "crash");
/** Up to four failures in a row fit into the grace: an attempt that fails takes up to 6 s. */
const refreshRun = fc.record({
  failures: fc.array(fc.record({ fate, tookMs: fc.integer({ min: 0, max: 4_000 }) }), { maxLength: 4 }),
  idleMs: fc.integer({ min: 0, max: 2 * LIFETIME_MS }),
});

test("no order of lost answers and crashes within the grace loses the grant or rotates twice", () => {
  fc.assert(
    fc.property(fc.array(refreshRun, { minLength: 1, maxLength: 6 }), (runs) => {
      const upstream = highLevel();
      let nowMs = 1_000_000;
      const at = () => ({ nowMs, jitter: 0.5 });
      const first = { companyId: undefined, accessToken: "access-1", refreshToken: "refresh-1", scopes: [] };
      let grant: Grant = installed(undefined, resource, { ...first, resource, lifetimeMs: LIFETIME_MS }, at());
      for (const { failures, idleMs } of runs) {
        nowMs += idleMs;
        const before = upstream.rotations();
        for (const { fate, tookMs } of [...failures, { fate: "whole", tookMs: 100 }] as const) {
          // The alarm brings the next attempt, or a call that finds the token too old.
          nowMs = Math.max(
            nowMs,
            grant.intent?.dueAtMs ?? (decide(grant, nowMs).kind === "serve" ? wakeAtMs(grant)! : nowMs),
          );
          grant = refreshBegun(grant, nowMs);
          const { epoch, refreshToken } = grant;
          const executed = fate === "unsent" ? undefined : upstream.execute(refreshToken!, nowMs);
          nowMs += tookMs;
          if (fate === "crash") grant = found(grant, nowMs);
          else grant = refreshSettled(grant, epoch, fate === "whole" ? executed! : { kind: "ambiguous" }, at());
          expect(grant.status).toBe(fate === "whole" ? "active" : "refreshing");
        }
        expect(upstream.rotations()).toBe(before + 1);
        expect(grant.refreshToken).toBe(upstream.newest());
        expect(decide(grant, nowMs).kind).toBe("serve");
      }
    }),
    { numRuns: 1_000 },
  );
});

test("a grant whose token is truly gone asks for a new authorization within 90 s, and never before it was confirmed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 6_000 }), (tookMs) => {
      let nowMs = LIFETIME_MS + 1_000_000;
      const dead = {
        resource,
        companyId: undefined,
        accessToken: "a",
        refreshToken: "r",
        lifetimeMs: LIFETIME_MS,
        scopes: [],
      };
      let grant = installed(undefined, resource, dead, { nowMs: 1_000_000, jitter: 0 });
      const begunAtMs = nowMs;
      let attempts = 0;
      while (grant.status !== "reauth_required") {
        nowMs = Math.max(nowMs, grant.intent?.dueAtMs ?? nowMs);
        grant = refreshBegun(grant, nowMs);
        nowMs += tookMs;
        grant = refreshSettled(grant, grant.epoch, { kind: "invalid_grant" }, { nowMs, jitter: 0 });
        attempts += 1;
      }
      expect(attempts).toBe(2);
      expect(nowMs - begunAtMs).toBeGreaterThanOrEqual(60_000);
      expect(nowMs - begunAtMs).toBeLessThanOrEqual(90_000);
    }),
  );
});
