import { type Counters, countersSince, requestsOf } from "../gateway/counters.ts";
import type { Context } from "../lib/context.ts";
import type { Row } from "../report/row.ts";
import { number } from "../report/table.ts";
import { startDestination } from "./destination.ts";
import { type Environment, withEnvironment } from "./environment.ts";

const SECTION = "Webhooks, cost by counters";
const LOCATIONS = 10;
/** One event at a time, so that none shares a turn of its inbox. */
const AT_ONCE = 1;
/** Between two events of one inbox that are no company to each other: the alarm of the first has come. */
const APART_MS = 8_000;
/** For so long no counter may change: what follows from the events is done. */
const QUIET_MS = 1_500;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function settled({ workers }: Environment): Promise<Counters> {
  const read = async (): Promise<Counters> =>
    (await (await fetch(`${workers.gatewayUrl}/__bench/counters`)).json()) as Counters;
  for (let before = await read(); ; ) {
    await sleep(QUIET_MS);
    const now = await read();
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}

/** Events to send. */
interface Burst {
  readonly events: number;
  readonly numberOf: (index: number) => number;
  /** Pause after each round of locations, in milliseconds. Default: 0. */
  readonly apartMs?: number;
}

/** Counts what these events cost, after all their effects have ended. */
async function count(environment: Environment, { events, numberOf, apartMs = 0 }: Burst): Promise<Counters> {
  const before = await settled(environment);
  const callOf = (index: number) => {
    const event = numberOf(index);
    return environment.post({ number: event, locationId: environment.locations[event % LOCATIONS]! });
  };
  for (let index = 0; index < events; index += LOCATIONS) {
    const count = Math.min(LOCATIONS, events - index);
    await environment.caller.timed((offset) => callOf(index + offset), count, AT_ONCE);
    await sleep(apartMs);
  }
  return countersSince(await settled(environment), before);
}

function rowsOf(what: string, events: number, counters: Counters): Row[] {
  const perEvent = (value: number): number => value / events;
  const names = Object.entries(counters.requests).filter(([, times]) => times > 0);
  const split = names.map(([name, times]) => `${name} ${number(perEvent(times))}`).join(", ");
  const common = { section: SECTION, peer: "–", unit: "" };
  return [
    {
      ...common,
      what: `${what}: object requests per event`,
      ours: perEvent(requestsOf(counters)),
      note: `${events} events, ${LOCATIONS} locations; ${split}`,
    },
    { ...common, what: `${what}: rows written per event`, ours: perEvent(counters.rowsWritten) },
    { ...common, what: `${what}: rows read per event`, ours: perEvent(counters.rowsRead) },
    { ...common, what: `${what}: D1 queries per event`, ours: perEvent(counters.queries) },
  ];
}

/** Counts what Cloudflare charges for. The first event of each inbox makes its tables and is not counted. */
export async function cost({ short, log }: Context): Promise<Row[]> {
  const events = short ? 50 : 500;
  log("webhooks: cost");
  const destination = await startDestination(() => true);
  try {
    return await withEnvironment({ locations: LOCATIONS, counted: true }, async (environment) => {
      const known = Array.from({ length: LOCATIONS }, () => environment.nextNumber());
      await count(environment, { events: LOCATIONS, numberOf: (index) => known[index]! });
      const stored = await count(environment, { events, numberOf: () => environment.nextNumber() });
      if (stored.rowsWritten < events || requestsOf(stored) < events) throw new Error("the meters do not count");
      const alone = await count(environment, {
        events: 3 * LOCATIONS,
        numberOf: () => environment.nextNumber(),
        apartMs: APART_MS,
      });
      const duplicate = await count(environment, { events, numberOf: (index) => known[index % LOCATIONS]! });
      await environment.addEndpoint(`${destination.url}/`);
      await count(environment, { events: LOCATIONS, numberOf: () => environment.nextNumber() });
      const delivered = await count(environment, { events, numberOf: () => environment.nextNumber() });
      return [
        ...rowsOf("stored, no endpoint", events, stored),
        ...rowsOf(`stored, no endpoint, each ${APART_MS / 1000} s after the one before it`, 3 * LOCATIONS, alone),
        ...rowsOf("one endpoint", events, delivered),
        ...rowsOf("duplicate", events, duplicate),
      ];
    });
  } finally {
    await destination.close();
  }
}
