import { type Counters, countersSince, requestsOf } from "../gateway/counters.ts";
import { workerdCpuMs } from "../gateway/cpu.ts";
import { dollarsRow } from "../gateway/dollars.ts";
import type { Context } from "../lib/context.ts";
import type { Row } from "../report/row.ts";
import { number } from "../report/table.ts";
import { startDestination } from "./destination.ts";
import { type Environment, withEnvironment } from "./environment.ts";

const SECTION = "Webhooks, cost by counters";
const LOCATIONS = 10;
/** One event at a time, so that none shares a turn of its inbox. */
const AT_ONCE = 1;
/** Pause between two events of one inbox that share no batch. */
const APART_MS = 8_000;
/** Rounds with that pause between two alarms that safeguard events, five minutes apart. */
const APART_ROUNDS = 37;
/** An hour in which each location has an event every five minutes. */
const HOUR_ROUNDS = 12;
const HOUR_APART_MS = 300_000;
/** Alarms that safeguard events ring within this time. */
const SAFEGUARD_MS = 600_000;
/** An event that one endpoint receives costs at most this, in dollars per million. */
const MAX_DOLLARS = 4;
/** No counter may change for this time: what follows from the events is done. */
const QUIET_MS = 1_500;
/** The same between two rounds. */
const SHORT_QUIET_MS = 300;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function settled({ workers }: Environment, quietMs = QUIET_MS): Promise<Counters> {
  const read = async (): Promise<Counters> =>
    (await (await fetch(`${workers.gatewayUrl}/__bench/counters`)).json()) as Counters;
  for (let before = await read(); ; ) {
    await sleep(quietMs);
    const now = await read();
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}

/** Lets time pass for the gateway, without waiting. Alarms that become due ring. */
async function pass({ workers }: Environment, ms: number): Promise<void> {
  const answer = await fetch(`${workers.gatewayUrl}/__bench/pass?ms=${ms}`);
  if (!answer.ok) throw new Error(`the clock did not advance: ${answer.status} ${await answer.text()}`);
}

/** Events to send. */
interface Burst {
  readonly events: number;
  readonly numberOf: (index: number) => number;
  /** Time that passes for the gateway after each round of locations, in milliseconds. Default: 0. */
  readonly apartMs?: number;
}

/** Counted events. */
interface Counted {
  readonly events: number;
  readonly counters: Counters;
  /** CPU time of workerd; undefined where it cannot be read. */
  readonly cpuMs: number | undefined;
}

/** Counts what these events cost, after all their effects have ended. */
async function count(environment: Environment, { events, numberOf, apartMs = 0 }: Burst): Promise<Counted> {
  const before = await settled(environment);
  const cpuBeforeMs = workerdCpuMs();
  const callOf = (index: number) => {
    const event = numberOf(index);
    return environment.post({ number: event, locationId: environment.locations[event % LOCATIONS]! });
  };
  for (let index = 0; index < events; index += LOCATIONS) {
    const count = Math.min(LOCATIONS, events - index);
    await environment.caller.timed((offset) => callOf(index + offset), count, AT_ONCE);
    if (apartMs === 0) continue;
    await settled(environment, SHORT_QUIET_MS);
    await pass(environment, apartMs);
  }
  await settled(environment);
  await pass(environment, SAFEGUARD_MS);
  const counters = countersSince(await settled(environment), before);
  const cpuAfterMs = workerdCpuMs();
  const cpuMs = cpuBeforeMs === undefined || cpuAfterMs === undefined ? undefined : cpuAfterMs - cpuBeforeMs;
  return { events, counters, cpuMs };
}

function rowsOf(what: string, { events, counters, cpuMs }: Counted, atMost?: number): Row[] {
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
    { ...common, what: `${what}: log lines per event`, ours: perEvent(counters.logLines) },
    dollarsRow({
      section: SECTION,
      what,
      one: "event",
      count: events,
      counters,
      cpuMs,
      ...(atMost !== undefined && { atMost }),
      note: `with the alarms of the next ${SAFEGUARD_MS / 60_000} minutes`,
    }),
  ];
}

/** Counts what Cloudflare charges for. The first event of each inbox makes its tables and is not counted. */
export async function cost({ short, log }: Context): Promise<Row[]> {
  const events = short ? 50 : 500;
  log("webhooks: cost");
  const destination = await startDestination(() => 0);
  try {
    return await withEnvironment({ locations: LOCATIONS, counted: true }, async (environment) => {
      const known = Array.from({ length: LOCATIONS }, () => environment.nextNumber());
      await count(environment, { events: LOCATIONS, numberOf: (index) => known[index]! });
      const stored = await count(environment, { events, numberOf: () => environment.nextNumber() });
      if (stored.counters.rowsWritten < events || requestsOf(stored.counters) < events)
        throw new Error("the meters do not count");
      const rounds = short ? 3 : APART_ROUNDS;
      const apart = { numberOf: () => environment.nextNumber(), apartMs: APART_MS };
      const alone = await count(environment, { events: rounds * LOCATIONS, ...apart });
      const duplicate = await count(environment, { events, numberOf: (index) => known[index % LOCATIONS]! });
      await environment.addEndpoint(`${destination.url}/`);
      await count(environment, { events: LOCATIONS, numberOf: () => environment.nextNumber() });
      const delivered = await count(environment, { events, numberOf: () => environment.nextNumber() });
      const deliveredAlone = await count(environment, { events: rounds * LOCATIONS, ...apart });
      const hour = await count(environment, {
        events: (short ? 3 : HOUR_ROUNDS) * LOCATIONS,
        numberOf: () => environment.nextNumber(),
        apartMs: HOUR_APART_MS,
      });
      const each = `each ${APART_MS / 1000} s after the one before it`;
      return [
        ...rowsOf("stored, no endpoint", stored),
        ...rowsOf(`stored, no endpoint, ${each}`, alone),
        ...rowsOf("one endpoint", delivered, MAX_DOLLARS),
        ...rowsOf(`one endpoint, ${each}`, deliveredAlone, MAX_DOLLARS),
        ...rowsOf("one endpoint, a simulated hour with an event of each location every 5 minutes", hour, MAX_DOLLARS),
        ...rowsOf("duplicate", duplicate),
      ];
    });
  } finally {
    await destination.close();
  }
}
