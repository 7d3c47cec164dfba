import type { CreateContender, Host } from "./contender.ts";
import { createRandom } from "./random.ts";
import type { Upstream, UpstreamOptions } from "./upstream.ts";
import { World } from "./world.ts";

export interface Scenario {
  readonly upstream: (options: UpstreamOptions) => Upstream;
  readonly limit: number;
  readonly intervalMs: number;
  readonly rttMs: readonly [least: number, most: number];
  readonly durationMs: number;
  readonly seed: number;
  /** Calls of others per interval, as share of the limit, at random times. Default 0. */
  readonly externalShare?: number;
  /** Others send their share at once, once per interval. */
  readonly externalBursts?: boolean;
  /** Share of answers that never come (their calls were counted). The sender gives up after 5 s. Default 0. */
  readonly lossShare?: number;
  /** The process restarts at these times. */
  readonly restartsAtMs?: readonly number[];
  /** The utilisation is measured from here on: it is about a limiter at work, not about the full limit a first second may spend. Default 60 s. */
  readonly warmUpMs?: number;
  /** Calls that wait at any time. Default: twice the limit. */
  readonly backlog?: number;
}

export interface Outcome {
  readonly sent: number;
  readonly accepted: number;
  readonly refused: number;
  /** Accepted calls per limit and interval, after the warm-up. */
  readonly utilisation: number;
  /** Refused share of all calls, the warm-up included. */
  readonly refusedShare: number;
  readonly externalRefused: number;
}

const GIVE_UP_MS = 5_000;

/** Sets a saturated run up; the caller runs `world`, then reads `outcome`. */
export function prepare(scenario: Scenario, create: CreateContender): { world: World; outcome: () => Outcome } {
  const { limit, intervalMs, durationMs, rttMs, backlog = 2 * limit, externalShare = 0, lossShare = 0 } = scenario;
  const warmUpMs = scenario.warmUpMs ?? 60_000;
  const random = createRandom(scenario.seed);
  const world = new World();
  const upstream = scenario.upstream({ limit, intervalMs, phaseMs: random() * intervalMs });
  const counts = { sent: 0, accepted: 0, refused: 0, externalRefused: 0, calls: 0, measured: 0 };

  function send(call: number): void {
    counts.sent++;
    const rtt = rttMs[0] + random() * (rttMs[1] - rttMs[0]);
    const startMs = world.nowMs;
    const lost = random() < lossShare;
    // counted anywhere between the start and the answer
    world.at(startMs + rtt * random(), () => {
      const accepted = upstream.accept(world.nowMs);
      if (world.nowMs <= durationMs) counts[accepted ? "accepted" : "refused"]++;
      if (accepted && world.nowMs > warmUpMs && world.nowMs <= durationMs) counts.measured++;
      const answer = {
        status: accepted ? 200 : 429,
        limit,
        remaining: upstream.remaining(world.nowMs),
        intervalMs,
      } as const;
      world.at(lost ? startMs + GIVE_UP_MS : startMs + rtt, () => {
        contender.answered(call, lost ? undefined : answer, world.nowMs - startMs);
        contender.request(accepted ? ++counts.calls : call);
      });
    });
  }
  const host: Host = { world, limit, intervalMs, send };
  const contender = create(host);

  function externalCall(): void {
    const burst = scenario.externalBursts ? Math.round(limit * externalShare) : 1;
    for (let n = 0; n < burst; n++) if (!upstream.accept(world.nowMs)) counts.externalRefused++;
    const meanMs = intervalMs / (limit * externalShare);
    world.at(world.nowMs + (scenario.externalBursts ? intervalMs : -Math.log(1 - random()) * meanMs), externalCall);
  }
  if (externalShare > 0) world.at(random() * intervalMs, externalCall);
  for (const timeMs of scenario.restartsAtMs ?? []) world.at(timeMs, () => contender.restart?.());
  world.at(0, () => {
    for (let n = 0; n < backlog; n++) contender.request(++counts.calls);
  });

  return {
    world,
    outcome: () => ({
      ...counts,
      utilisation: counts.measured / ((limit * (durationMs - warmUpMs)) / intervalMs),
      refusedShare: counts.refused / Math.max(1, counts.accepted + counts.refused),
    }),
  };
}

export function simulate(scenario: Scenario, create: CreateContender): Outcome {
  const { world, outcome } = prepare(scenario, create);
  world.run(scenario.durationMs);
  return outcome();
}
