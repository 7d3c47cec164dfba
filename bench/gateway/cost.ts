import type { Context } from "../lib/context.ts";
import type { Row, Target } from "../report/row.ts";
import { number } from "../report/table.ts";
import { type Counters, countersSince, requestsOf } from "./counters.ts";
import { workerdCpuMs } from "./cpu.ts";
import { dollarsRow, GB_PER_OBJECT } from "./dollars.ts";
import { type Call, createCaller } from "./load.ts";
import { locationIds } from "./location.ts";
import { install, startHighLevel, startWorkers } from "./servers.ts";

const SECTION = "Gateway, cost by counters";
const MILLION = 1_000_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls for one location: `perSecond` of them, evenly, or as many as its budget lets pass with `atOnce` under way. */
interface Load {
  readonly what: string;
  readonly locations: number;
  readonly seconds: number;
  readonly perSecond?: number;
  readonly atOnce?: number;
}

const loads = (short: boolean): readonly Load[] => [
  { what: "half of the budget", locations: 10, seconds: short ? 5 : 20, perSecond: 5 },
  { what: "the whole budget, callers waiting", locations: 10, seconds: short ? 5 : 20, atOnce: 3 },
  { what: "one call a second", locations: 10, seconds: short ? 5 : 20, perSecond: 1 },
  // long enough for activations with several calls, which write rows
  { what: "one call in ten seconds", locations: 40, seconds: short ? 10 : 120, perSecond: 0.1 },
];

interface Counted {
  readonly calls: number;
  readonly seconds: number;
  readonly counters: Counters;
  /** CPU time of workerd; undefined where it cannot be read. */
  readonly cpuMs: number | undefined;
}

/** Runs a load against a gateway, an emulator and locations of its own, with HighLevel's published limits on both sides. */
async function count(load: Load): Promise<Counted> {
  const locations = locationIds(load.locations);
  const highLevel = await startHighLevel(locations);
  const workers = await startWorkers({ highLevelUrl: highLevel.url, limits: "standard", counted: true });
  const caller = createCaller();
  const read = async (): Promise<Counters> =>
    (await (await fetch(`${workers.gatewayUrl}/__bench/counters`)).json()) as Counters;
  const headers = { authorization: `Bearer ${workers.apiKey}`, "x-gateway-max-wait": "30" };
  const callTo = (location: string): Call => {
    const url = `${workers.gatewayUrl}/api/location/${location}/contacts/c0ntact0000000000001`;
    return { url, method: "GET", headers };
  };
  try {
    for (const location of locations) {
      await install(workers, location);
      await caller.time(callTo(location));
    }
    const before = await read();
    // an installation stores its grant: a meter that has not seen that sees nothing
    if (before.rowsWritten < locations.length || requestsOf(before) < 2 * locations.length)
      throw new Error("the meters do not count");
    const cpuBeforeMs = workerdCpuMs();
    const startMs = performance.now();
    const endMs = startMs + load.seconds * 1000;
    let calls = 0;
    const lane = async (location: string, offsetMs: number): Promise<void> => {
      const everyMs = load.perSecond === undefined ? 0 : 1000 / load.perSecond;
      for (let dueMs = startMs + offsetMs; ; dueMs += everyMs) {
        if (Math.max(dueMs, performance.now()) >= endMs) return;
        const waitMs = dueMs - performance.now();
        if (everyMs > 0 && waitMs > 0) await sleep(waitMs);
        await caller.time(callTo(location));
        calls++;
      }
    };
    const spreadMs = load.perSecond === undefined ? 0 : 1000 / load.perSecond / load.locations;
    await Promise.all(
      locations.flatMap((location, index) =>
        Array.from({ length: load.atOnce ?? 1 }, () => lane(location, index * spreadMs)),
      ),
    );
    const seconds = (performance.now() - startMs) / 1000;
    const cpuAfterMs = workerdCpuMs();
    const cpuMs = cpuBeforeMs === undefined || cpuAfterMs === undefined ? undefined : cpuAfterMs - cpuBeforeMs;
    return { calls, seconds, cpuMs, counters: countersSince(await read(), before) };
  } finally {
    caller.close();
    await workers.close();
    await highLevel.close();
  }
}

const atMost = (value: number): Target => ({ of: "ours", bound: "at most", value });

/** A proxied call costs at most this, in dollars per million. */
const MAX_DOLLARS = 0.7;

function rowsOf({ what, locations }: Load, { calls, seconds, counters, cpuMs }: Counted): Row[] {
  const perCall = (value: number): number => value / calls;
  const gbSeconds = (activeMs: number): number => perCall((activeMs / 1000) * GB_PER_OBJECT) * MILLION;
  const names = Object.entries(counters.requests).filter(([, times]) => times > 0);
  const split = names.map(([name, times]) => `${name} ${number(perCall(times))}`).join(", ");
  const common = { section: SECTION, peer: "–" };
  return [
    {
      ...common,
      what: `${what}: object requests per call`,
      unit: "",
      ours: perCall(requestsOf(counters)),
      target: atMost(1.05),
      note: `${calls} calls in ${Math.round(seconds)} s, ${locations} locations; ${split}`,
    },
    {
      ...common,
      what: `${what}: rows written per call`,
      unit: "",
      ours: perCall(counters.rowsWritten),
      target: atMost(0.05),
      note: `${counters.rowsWritten} rows`,
    },
    { ...common, what: `${what}: rows read per call`, unit: "", ours: perCall(counters.rowsRead) },
    { ...common, what: `${what}: D1 queries per call`, unit: "", ours: perCall(counters.queries) },
    {
      ...common,
      what: `${what}: per million calls, objects active`,
      unit: "GB-s",
      ours: gbSeconds(counters.activeMs),
      note: `${number(gbSeconds(locations * seconds * 1000))} if they never slept`,
    },
    { ...common, what: `${what}: log lines per call`, unit: "", ours: perCall(counters.logLines) },
    dollarsRow({ section: SECTION, what, one: "call", count: calls, counters, cpuMs, atMost: MAX_DOLLARS }),
  ];
}

/**
 * Counts what Cloudflare charges for in the gateway's own objects, while the emulator counts the calls against the same
 * budget. The first call of each location wakes its objects and is not counted.
 */
export async function cost({ short, log }: Context): Promise<Row[]> {
  const rows: Row[] = [];
  for (const load of loads(short)) {
    log(`gateway: cost of ${load.what}`);
    rows.push(...rowsOf(load, await count(load)));
  }
  return rows;
}
