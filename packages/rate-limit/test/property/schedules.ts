import fc from "fast-check";
import { upstreams } from "../../sim/upstream.ts";
import { World } from "../../sim/world.ts";
import {
  type Feedback,
  needsReport,
  type Priority,
  type SlotLimiterConfig,
  type SlotLimiterState,
  step,
  UNSETTLED_PAD_MS,
} from "../../src/index.ts";
import { type Checkpoint, checkpoint, checkpointDue } from "../../src/machine/checkpoint/checkpoint.ts";
import { restore } from "../../src/machine/checkpoint/restore.ts";
import { createSlotLimiter } from "../../src/machine/create.ts";
import type { Decision, IssuedPermit, SlotLimiterEvent } from "../../src/machine/state.ts";

/** One call of a schedule. */
export interface Planned {
  readonly gapMs: number;
  readonly key: string;
  readonly priority: Priority;
  readonly maxWaitMs: number | null;
  readonly retry: boolean;
  /** Time in ms from start to answer. `null`: the answer never comes, and nobody reports. */
  readonly rttMs: number | null;
  /** Position (0 to 1) between start and answer at which the call is counted. */
  readonly countedAt: number;
  /** Time in ms after which the caller cancels it. `null`: never. */
  readonly cancelAfterMs: number | null;
  /** Plan for each prefetched permit that the call requests. It has no effect on one that is not issued. */
  readonly prefetched: readonly PrefetchPlan[];
}

/** Plan for a prefetched permit. */
export interface PrefetchPlan {
  /** Time of its use or return, as a share of the time for which it lasts. */
  readonly at: number;
  /** `lost`: neither used nor returned. */
  readonly use: "call" | "return" | "lost";
}

const planned = (longestRttMs: number): fc.Arbitrary<Planned> =>
  fc.record({
    gapMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 4_000 })),
    key: fc.constantFrom("a", "b", "c"),
    priority: fc.constantFrom<Priority>("interactive", "normal", "bulk"),
    maxWaitMs: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 30_000 })),
    retry: fc.boolean(),
    rttMs: fc.oneof(
      { weight: 15, arbitrary: fc.integer({ min: 1, max: longestRttMs }) },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    countedAt: fc.double({ min: 0, max: 1, noNaN: true }),
    cancelAfterMs: fc.oneof(
      { weight: 9, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 12_000 }) },
    ),
    prefetched: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        use: fc.constantFrom<PrefetchPlan["use"]>("call", "call", "return", "lost"),
      }),
      { maxLength: 5 },
    ),
  });

export interface Schedule {
  readonly config: SlotLimiterConfig;
  readonly upstream: string;
  /** A distant host. With `UNSETTLED_PAD_MS` it reports only the answers that `needsReport` names. */
  readonly isFarAway: boolean;
  readonly phaseMs: number;
  readonly calls: readonly Planned[];
  /** The process dies at these times and starts at once from its last checkpoint. It is also evicted as soon as `evictedAfterMs` allows. */
  readonly restartsAtMs: readonly number[];
}

export function schedules(of: {
  pads: readonly number[];
  longestRttMs: number;
  upstreams: readonly string[];
  restarts: boolean;
}): fc.Arbitrary<Schedule> {
  return fc.record({
    config: fc.record({
      daily: fc.constant({ limit: 100_000 }),
      burst: fc.record({ limit: fc.integer({ min: 1, max: 8 }), intervalMs: fc.constantFrom(1_000, 10_000) }),
      reserves: fc.constant({ interactive: 0, normal: 0.05, bulk: 0.2 }),
      unsettledPadMs: fc.constantFrom(...of.pads),
      prefetchMs: fc.constantFrom(0, 300, 1_500),
      maxQueue: fc.constantFrom(0, 3, 1_000),
    }),
    upstream: fc.constantFrom(...of.upstreams),
    isFarAway: fc.boolean(),
    phaseMs: fc.integer({ min: 0, max: 9_999 }),
    calls: fc.array(planned(of.longestRttMs), { minLength: 1, maxLength: 60 }),
    restartsAtMs: of.restarts ? fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 3 }) : fc.constant([]),
  });
}

/** Outcome of one call. */
export interface Fate {
  readonly plan: Planned;
  readonly askedAtMs: number;
  grantedAtMs?: number;
  startAtMs?: number;
  refusedAtMs?: number;
  cancelledAtMs?: number;
  lostInRestart?: boolean;
  permits: number[];
}

export interface Played {
  readonly fates: readonly Fate[];
  /** Times at which the upstream counted a call, sorted. */
  readonly countedAtMs: readonly number[];
  readonly refusedUpstream: number;
  /** Numbers of all issued permits, including prefetched ones. */
  readonly permits: number[];
  readonly states: SlotLimiterState[];
  readonly decisions: Decision[];
  /** Number of prefetched permits, of those that were used, and of those that were returned. */
  prefetched: number;
  prefetchedCalls: number;
  prefetchedReturns: number;
  activations: number;
  checkpoints: number;
}

/** Plays a schedule to its end on a virtual clock, with a host that carries out the decisions. */
export function play({ config, upstream, isFarAway, phaseMs, calls, restartsAtMs }: Schedule): Played {
  const world = new World();
  const server = upstreams[upstream]!({ ...config.burst, phaseMs });
  const fates: Fate[] = [];
  const countedAtMs: number[] = [];
  const played: Played = {
    fates,
    countedAtMs,
    refusedUpstream: 0,
    permits: [],
    states: [],
    decisions: [],
    prefetched: 0,
    prefetchedCalls: 0,
    prefetchedReturns: 0,
    activations: 1,
    checkpoints: 0,
  };
  let state = createSlotLimiter(config, 0);
  let saved: Checkpoint | null = null;
  let activation = 0;
  let lastEventMs = 0;
  let cancelWake = (): void => {};

  function restart(): void {
    activation++;
    played.activations++;
    cancelWake();
    for (const fate of fates)
      if (fate.permits.length === 0 && fate.refusedAtMs === undefined && fate.cancelledAtMs === undefined)
        fate.lostInRestart = true;
    state = saved ? restore(config, saved, world.nowMs) : createSlotLimiter(config, world.nowMs);
  }

  function feed(event: SlotLimiterEvent): void {
    const isEvicted = config.evictedAfterMs !== undefined && world.nowMs - lastEventMs >= config.evictedAfterMs;
    if (isEvicted && state.waiting.count === 0) restart();
    lastEventMs = world.nowMs;
    const { state: next, decision } = step(state, event, world.nowMs);
    state = next;
    played.states.push(state);
    played.decisions.push(decision);
    if (checkpointDue(state, saved)) {
      saved = checkpoint(state);
      played.checkpoints++;
    }
    for (const refusal of decision.refusals) fates[refusal.call]!.refusedAtMs = world.nowMs;
    for (const permit of decision.permits) {
      const { call, number, startAtMs, prefetched } = permit;
      const fate = fates[call]!;
      fate.permits.push(number);
      played.permits.push(number, ...prefetched.map((other) => other.number));
      fate.grantedAtMs = world.nowMs;
      fate.startAtMs = startAtMs;
      world.at(startAtMs, () => send(fate, permit));
      played.prefetched += prefetched.length;
      const activationOfPermit = activation;
      for (const [index, other] of prefetched.entries()) {
        const { at, use } = fate.plan.prefetched[index]!;
        const atMs = world.nowMs + (other.startAtMs - world.nowMs) * at;
        if (use === "call")
          world.at(atMs, () => {
            played.prefetchedCalls++;
            send(fate, other);
          });
        if (use === "return")
          world.at(atMs, () => {
            if (activation !== activationOfPermit && !isFarAway) return;
            played.prefetchedReturns++;
            feed({ type: "return", permit: other.number });
          });
      }
    }
    cancelWake();
    cancelWake = decision.wakeAtMs === null ? () => {} : world.at(decision.wakeAtMs, () => feed({ type: "tick" }));
  }

  function send({ plan }: Fate, permit: IssuedPermit): void {
    const activationOfCall = activation;
    const { rttMs } = plan;
    let feedback: Feedback | undefined;
    world.at(world.nowMs + (rttMs ?? 400) * plan.countedAt, () => {
      const accepted = server.accept(world.nowMs);
      if (accepted) countedAtMs.push(world.nowMs);
      else (played as { refusedUpstream: number }).refusedUpstream++;
      const { limit, intervalMs } = config.burst;
      feedback = { status: accepted ? 200 : 429, limit, intervalMs, remaining: server.remaining(world.nowMs) };
    });
    if (rttMs === null) return;
    world.at(world.nowMs + rttMs, () => {
      const outcome = { permit, feedback, rttMs: world.nowMs - permit.startAtMs };
      const isQuiet =
        isFarAway &&
        config.unsettledPadMs === UNSETTLED_PAD_MS &&
        !needsReport({ ...outcome, intervalLimit: config.burst.limit });
      const isHeard = activation === activationOfCall || isFarAway;
      if (isHeard && !isQuiet) feed({ type: "settle", permit: permit.number, feedback });
    });
  }

  let timeMs = 0;
  for (const plan of calls) {
    timeMs += plan.gapMs;
    world.at(timeMs, () => {
      const call = fates.push({ plan, askedAtMs: world.nowMs, permits: [] }) - 1;
      const { key, priority, maxWaitMs, retry, cancelAfterMs, prefetched } = plan;
      feed({ type: "request", call, key, priority, maxWaitMs, retry, prefetch: prefetched.length });
      if (cancelAfterMs === null) return;
      world.at(world.nowMs + cancelAfterMs, () => {
        const fate = fates[call]!;
        if (fate.permits.length > 0 || fate.refusedAtMs !== undefined || fate.lostInRestart) return;
        fate.cancelledAtMs = world.nowMs;
        feed({ type: "cancel", call });
      });
    });
  }
  for (const restartAtMs of restartsAtMs) world.at(restartAtMs, restart);
  world.run(100_000_000);
  return played;
}
