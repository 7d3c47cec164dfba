import type { Context } from "../lib/context.ts";
import { interleave } from "../report/interleave.ts";
import type { Row } from "../report/row.ts";
import { median, pairedRatio, percentile } from "../report/statistics.ts";
import { type Place, withPlace } from "./place.ts";
import { startReceiver } from "./receiver.ts";

const SECTION = "Webhooks, delivery";
const LOCATIONS = 20;
const AT_ONCE = 8;
const PATH = "/answers";

interface Delivered {
  readonly perSecond: number;
  /** From the acknowledgement to the arrival; 0 where it arrived before the answer did. */
  readonly delaysMs: readonly number[];
}

/** Posts events and waits for all of them at the endpoint that answers. */
type Deliver = (events: number) => Promise<Delivered>;

/** A gateway with one endpoint that answers, or also one that never does. */
async function withEndpoints<Result>(hanging: boolean, work: (deliver: Deliver) => Promise<Result>): Promise<Result> {
  const arrivedAtMs = new Map<number, number>();
  let onArrival = (): void => {};
  const receiver = await startReceiver((path, number) => {
    if (path !== PATH) return false;
    arrivedAtMs.set(number, performance.now());
    onArrival();
    return true;
  });
  try {
    return await withPlace({ locations: LOCATIONS }, async (place) => {
      await place.addEndpoint(receiver.url + PATH);
      if (hanging) await place.addEndpoint(`${receiver.url}/hangs`);
      return work((events) => deliver(place, events, arrivedAtMs, (listener) => (onArrival = listener)));
    });
  } finally {
    await receiver.close();
  }
}

async function deliver(
  { caller, post, locations, nextNumber }: Place,
  events: number,
  arrivedAtMs: Map<number, number>,
  listen: (listener: () => void) => void,
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
  log("webhooks: delivery, and beside a receiver that hangs");
  const alone: Delivered[] = [];
  const samples = await withEndpoints(false, (toOne) =>
    withEndpoints(true, (toBoth) =>
      interleave(
        [
          {
            name: "alone",
            sample: async () => {
              const delivered = await toOne(events);
              alone.push(delivered);
              return percentile(delivered.delaysMs, 0.95);
            },
          },
          { name: "beside", sample: async () => percentile((await toBoth(events)).delaysMs, 0.95) },
        ],
        rounds,
        1,
      ),
    ),
  );
  const delays = alone.slice(1).flatMap(({ delaysMs }) => delaysMs);
  const [ours, theirs] = [samples.get("beside")!, samples.get("alone")!];
  const common = { section: SECTION, peer: "–" };
  return [
    {
      ...common,
      what: "events from post to received, one endpoint",
      unit: "per s",
      ours: median(alone.slice(1).map(({ perSecond }) => perSecond)),
      note: `${events} events, ${LOCATIONS} locations, ${AT_ONCE} posted at once`,
    },
    { ...common, what: "from acknowledged to received, p50", unit: "ms", ours: percentile(delays, 0.5) },
    { ...common, what: "from acknowledged to received, p95", unit: "ms", ours: percentile(delays, 0.95) },
    {
      section: SECTION,
      what: "from acknowledged to received beside an endpoint that hangs, p95",
      unit: "ms",
      ours: median(ours),
      peer: "without it",
      theirs: median(theirs),
      ratio: pairedRatio(ours, theirs),
      target: { of: "ratio", bound: "at most", value: 1.05 },
      note: `${rounds} rounds, in which it took ${Math.round(Math.min(...theirs))} to ${Math.round(Math.max(...theirs))} ms without it`,
    },
  ];
}
