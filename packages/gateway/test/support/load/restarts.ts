import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect } from "vitest";
import { SMALL_API_KEY, SMALL_APP, SMALL_LIMITS } from "../setup/settings.ts";
import { EXACT_WINDOWS, type Saturated, saturate } from "./saturate.ts";

const { burst: max, intervalMs } = SMALL_LIMITS;
const DURATION_MS = 2_500;

/** A location that is kept at its limit, against a window of its own, while the object that keeps its budget dies. */
export const restarts = (beside: number) =>
  fc.array(
    fc.record({
      window: fc.constantFrom(...EXACT_WINDOWS),
      phaseMs: fc.integer({ min: 0, max: intervalMs - 1 }),
      crashesAtMs: fc.array(fc.integer({ min: 50, max: DURATION_MS }), { minLength: 1, maxLength: 2 }),
    }),
    { minLength: beside, maxLength: beside },
  );
export type Restarts = ReturnType<typeof restarts> extends fc.Arbitrary<infer R> ? R : never;

export interface Restarted extends Saturated {
  readonly crashes: number;
}

/**
 * All are served. Each caller has called at least once by then, and after a crash no more may have been possible: a pause of 1.5 s and a
 * probe may follow it. A call that meets two crashes gets the error that the object cannot be reached.
 */
export function expectServed({ crashes, served, unserved }: Restarted): void {
  expect(served + unserved).toBeGreaterThanOrEqual(max);
  if (crashes === 1) expect(unserved).toBe(0);
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let played = 0;

/** Plays all of them beside each other, each with a location nobody has called. */
export function playRestarts(drawn: Restarts): Promise<readonly Restarted[]> {
  const play = async ({ window, phaseMs, crashesAtMs }: Restarts[number]): Promise<Restarted> => {
    const location = `restarts${++played}`;
    const coordinator = () => env.RESOURCE_COORDINATOR.getByName(`${SMALL_APP}:location:${location}`);
    const crash = async (atMs: number): Promise<void> => {
      await later(atMs);
      await runInDurableObject(coordinator(), (_object, state) => state.abort("restart")).catch(() => {});
    };
    const saturated = saturate({
      app: SMALL_APP,
      apiKey: SMALL_API_KEY,
      location,
      rateLimit: { max, intervalMs, daily: 200_000, window, externalShare: 0, phaseMs },
      rttMs: [5, 100],
      callers: max,
      durationMs: DURATION_MS,
      span: { fromMs: 0, toMs: 0 },
    });
    const [outcome] = await Promise.all([saturated, ...crashesAtMs.map(crash)]);
    return { ...outcome, crashes: crashesAtMs.length };
  };
  return Promise.all(drawn.map(play));
}
