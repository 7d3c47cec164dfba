import { monitorEventLoopDelay } from "node:perf_hooks";
import { createEmulator, type EmulatedRateLimit, type Emulator } from "@ghl-edge/emulator";
import { SCOPES } from "../setup/settings.ts";

/** A HighLevel of its own for one location, which counts in its own way and answers after the time a network takes. */
export interface Scene {
  /** Private integration token of the location: says which HighLevel is asked. */
  readonly token: string;
  readonly location: string;
  readonly rateLimit: EmulatedRateLimit;
  /** Least and most. */
  readonly rttMs: readonly [number, number];
}

/** The part of a scene that counts for `perInterval`, in ms after its first call. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The calls that HighLevel accepted and refused with 429. */
export interface Outcome {
  readonly served: number;
  readonly refused: number;
  /** Accepted calls per interval in the span, wherever in a burst it begins and ends. */
  readonly perInterval: number;
  /** Lateness of this machine: its maximum and 99th percentile. Above the limiter's pad of 500 ms the machine decides the numbers. */
  readonly lateMs: { readonly p99: number; readonly max: number };
}

export interface Scenes {
  open(scene: Scene): void;
  /** Returns undefined when the request carries no token of a scene. */
  answer(request: Request): Promise<Response> | undefined;
  /** Ends a scene and returns its outcome. */
  outcome(token: string, span: Span): Outcome;
}

/**
 * Calls per interval: from each of the first to the one that comes a whole number of limits after it, on average. A burst that the
 * span cuts at either end changes nothing. Times in order.
 */
export function ratePer(intervalMs: number, times: readonly number[], max: number): number {
  const rounds = Math.floor(times.length / max) - 1;
  if (rounds < 1) return 0;
  const later = times.slice(rounds * max);
  const totalMs = later.reduce((sum, atMs, index) => sum + atMs - times[index]!, 0);
  return (rounds * max * intervalMs * later.length) / totalMs;
}

export function createScenes(): Scenes {
  const emulators = new Map<string, { readonly emulator: Emulator; readonly rateLimit: EmulatedRateLimit }>();
  const late = monitorEventLoopDelay({ resolution: 10 });
  return {
    open({ token, location, rateLimit, rttMs: [leastMs, mostMs] }) {
      if (emulators.size === 0) late.enable();
      // Half of the way there and half of it back: HighLevel counts in between.
      const half = { kind: "latency", ms: leastMs / 2, jitterMs: (mostMs - leastMs) / 2 } as const;
      const emulator = createEmulator({
        seed: token,
        privateTokens: [{ token, resource: { kind: "location", id: location }, scopes: SCOPES }],
        rateLimit,
        faults: [{ fault: half }, { fault: { ...half, after: true } }],
      });
      emulators.set(token, { emulator, rateLimit });
    },
    answer(request) {
      const token = request.headers.get("authorization")?.replace("Bearer ", "");
      return emulators.get(token ?? "")?.emulator.fetch(request);
    },
    outcome(token, { fromMs, toMs }) {
      const scene = emulators.get(token);
      emulators.delete(token);
      const log = scene?.emulator.log ?? [];
      const { max = 0, intervalMs = 1 } = scene?.rateLimit ?? {};
      const startMs = log[0]?.atMs ?? 0;
      const served = log
        .filter(({ status }) => status === 200)
        .map(({ atMs }) => atMs - startMs)
        .sort((a, b) => a - b);
      return {
        served: served.length,
        refused: log.filter(({ status }) => status === 429).length,
        perInterval: ratePer(
          intervalMs,
          served.filter((atMs) => atMs >= fromMs && atMs < toMs),
          max,
        ),
        lateMs: { p99: Math.round(late.percentile(99) / 1e6), max: Math.round(late.max / 1e6) },
      };
    },
  };
}
