import type { WindowModel } from "@ghl-edge/emulator";
import { describe, expect, it } from "vitest";
import { ALL_WINDOWS, type Saturated, saturate } from "../test/support/load/saturate.ts";
import { API_KEY, APP } from "../test/support/setup/settings.ts";
import { parameters } from "./parameters.ts";

const LIMIT = 100;
const INTERVAL_MS = 10_000;
const durationMs = parameters.seconds * 1_000;
/** A limiter at work is measured, not the full limit that a first second may spend. */
const span = { fromMs: durationMs / 6, toMs: durationMs };

interface Measured extends Saturated {
  readonly utilisation: number;
  readonly refusedShare: number;
}

async function measure(window: WindowModel, index: number, externalShare: number): Promise<Measured> {
  // One after the other, so that their bursts do not meet on this machine.
  await new Promise((resolve) => setTimeout(resolve, (index * INTERVAL_MS) / ALL_WINDOWS.length));
  const rateLimit = { max: LIMIT, intervalMs: INTERVAL_MS, daily: 200_000, window, externalShare, phaseMs: 3_700 };
  const outcome = await saturate({
    app: APP,
    apiKey: API_KEY,
    location: `${window.replaceAll("-", "")}${100 * externalShare}`,
    rateLimit,
    rttMs: [50, 400],
    callers: 2 * LIMIT,
    durationMs,
    span,
  });
  const { served, refused, perInterval } = outcome;
  const utilisation = perInterval / LIMIT;
  const row = { ...outcome, utilisation, refusedShare: refused / (served + refused) };
  console.log(JSON.stringify({ window, externalShare, ...row }));
  return row;
}

const measureAll = async (externalShare: number): Promise<ReadonlyMap<WindowModel, Measured>> =>
  new Map(
    await Promise.all(
      ALL_WINDOWS.map(async (window, index) => [window, await measure(window, index, externalShare)] as const),
    ),
  );

describe("6: saturated, round-trips of 50 to 400 ms", () => {
  it("a saturated budget alone is used to 95 % without a 429, and in two-cell windows to 94 % with 3 % at most", async () => {
    for (const [window, { utilisation, refusedShare, unserved }] of await measureAll(0)) {
      const isExact = window !== "two-cell";
      expect.soft(unserved, window).toBe(0);
      expect.soft(refusedShare, window).toBeLessThanOrEqual(isExact ? 0 : 0.03);
      expect.soft(utilisation, window).toBeGreaterThanOrEqual(isExact ? 0.95 : 0.94);
    }
  });

  it("a saturated budget beside an unknown consumer of 20 % is used to 75 %, with 5 % of 429 at most", async () => {
    for (const [window, { utilisation, refusedShare, unserved }] of await measureAll(0.2)) {
      expect.soft(unserved, window).toBe(0);
      expect.soft(refusedShare, window).toBeLessThanOrEqual(0.05);
      expect.soft(utilisation, window).toBeGreaterThanOrEqual(0.75);
    }
  });
});
