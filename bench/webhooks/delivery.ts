import type { Context } from "../lib/context.ts";
import { interleave } from "../report/interleave.ts";
import type { Row } from "../report/row.ts";
import { median, pairedRatio, percentile } from "../report/statistics.ts";
import { backlogRows } from "./backlog.ts";
import { startDestination } from "./destination.ts";
import { type Environment, withEnvironment } from "./environment.ts";

const SECTION = "Webhooks, delivery";
const LOCATIONS = 20;
const AT_ONCE = 8;
const PATH = "/answers";
/** The other endpoint. Both times it is there, stored for and sent to: what is compared is whether it answers. */
const OTHER = { answering: "/answers-too", hanging: "/hangs" } as const;

interface Delivered {
  readonly perSecond: number;
  /** Milliseconds from the acknowledgement to the arrival; 0 if the event arrived before the answer did. */
  readonly delaysMs: readonly number[];
}

/** Posts events and waits for all of them at the endpoint that answers. */
type Deliver = (events: number) => Promise<Delivered>;

/** A gateway with one endpoint that answers, and another one beside it or none. */
async function withEndpoints<Result>(
  other: keyof typeof OTHER | undefined,
  work: (deliver: Deliver) => Promise<Result>,
): Promise<Result> {
  const arrivedAtMs = new Map<number, number>();
  let onArrival = (): void => {};
  const destination = await startDestination((path, number) => {
    if (path !== PATH) return path === OTHER.answering && 0;
    arrivedAtMs.set(number, performance.now());
    onArrival();
    return 0;
  });
  try {
    return await withEnvironment({ locations: LOCATIONS }, async (environment) => {
      await environment.addEndpoint(destination.url + PATH);
      if (other !== undefined) await environment.addEndpoint(destination.url + OTHER[other]);
      return work((events) =>
        deliver(environment, events, { arrivedAtMs, listen: (listener) => (onArrival = listener) }),
      );
    });
  } finally {
    await destination.close();
  }
}

/** Arrivals of events at the destination. */
interface Arrivals {
  /** Number of the event → time of its arrival. */
  readonly arrivedAtMs: Map<number, number>;
  readonly listen: (listener: () => void) => void;
}

async function deliver(
  { caller, post, locations, nextNumber }: Environment,
  events: number,
  { arrivedAtMs, listen }: Arrivals,
): Promise<Delivered> {
  arrivedAtMs.clear();
  const all = new Promise<void>((resolve) => listen(() => arrivedAtMs.size >= events && resolve()));
  const ackedAtMs = new Map<number, number>();
  const startMs = performance.now();
  let left = events;
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const number = nextNumber();
      await caller.time(post({ number, locationId: locations[number % LOCATIONS]! }));
      ackedAtMs.set(number, performance.now());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await all;
  const endMs = Math.max(...arrivedAtMs.values());
  const delaysMs = [...ackedAtMs].map(([number, ackMs]) => Math.max(0, arrivedAtMs.get(number)! - ackMs));
  return { perSecond: (events / (endMs - startMs)) * 1000, delaysMs };
}

export async function delivery({ short, log }: Context): Promise<Row[]> {
  const events = short ? 100 : 400;
  const rounds = short ? 2 : 7;
  log("webhooks: delivery");
  const alone: Delivered[] = await withEndpoints(undefined, async (deliver) => {
    const delivered = [];
    for (let round = -1; round < rounds; round++) delivered.push(await deliver(events));
    return delivered.slice(1);
  });
  log("webhooks: delivery beside an endpoint that hangs");
  const p95 =
    (deliver: Deliver): (() => Promise<number>) =>
    async () =>
      percentile((await deliver(events)).delaysMs, 0.95);
  const samples = await withEndpoints("answering", (beside) =>
    withEndpoints("hanging", (besideHanging) =>
      interleave(
        [
          { name: "answering", sample: p95(beside) },
          { name: "hanging", sample: p95(besideHanging) },
        ],
        rounds,
        1,
      ),
    ),
  );
  log("webhooks: delivery of a backlog");
  const backlog = await backlogRows(SECTION, short);
  const delays = alone.flatMap(({ delaysMs }) => delaysMs);
  const [ours, theirs] = [samples.get("hanging")!, samples.get("answering")!];
  const common = { section: SECTION, peer: "–" };
  return [
    {
      ...common,
      what: "events from post to received, one endpoint",
      unit: "per s",
      ours: median(alone.map(({ perSecond }) => perSecond)),
      note: `${events} events, ${LOCATIONS} locations, ${AT_ONCE} posted at once`,
    },
    ...backlog,
    { ...common, what: "from acknowledged to received, p50", unit: "ms", ours: percentile(delays, 0.5) },
    { ...common, what: "from acknowledged to received, p95", unit: "ms", ours: percentile(delays, 0.95) },
    {
      section: SECTION,
      what: "from acknowledged to received beside another endpoint that hangs, p95",
      unit: "ms",
      ours: median(ours),
      peer: "the other one answers",
      theirs: median(theirs),
      ratio: pairedRatio(ours, theirs),
      target: { of: "ratio", bound: "at most", value: 1.05 },
      note: `${rounds} rounds, in which it took ${Math.round(Math.min(...theirs))} to ${Math.round(Math.max(...theirs))} ms where both answer`,
    },
  ];
}
