import type { Context } from "../lib/context.ts";
import { interleave } from "../report/interleave.ts";
import { compare, type Row } from "../report/row.ts";
import { median, pairedRatio, percentile } from "../report/statistics.ts";
import { type Call, createCaller } from "./load.ts";
import { locationIds } from "./location.ts";
import { install, startHighLevel, startWorkers } from "./servers.ts";
import { startStubUpstream } from "./stub-upstream.ts";

const SECTION = "Gateway, a warm proxied call";
const PEER = "bare Hono proxy";
/**
 * Each object holds about as many permits as under HighLevel's budget, but is never paced: a permit is held for 0.6 s instead
 * of 10.5 s, and there are twenty locations.
 */
const LIMITS = { burst: 10_000, intervalMs: 100, daily: 1_000_000_000 };
/** Each is called some thirty times a second. */
const BUSY_LOCATIONS = 20;
/** Each is called about once in two seconds: no call finds a permit that another one left. */
const QUIET_LOCATIONS = 600;
const AT_ONCE = 32;
/** Until each location has been called. */
const WARM_ROUNDS = 3;
const BODY = JSON.stringify({ firstName: "Ada", lastName: "Lovelace", note: "x".repeat(1000) });
const CONTESTANTS = ["direct", "bare", "gateway"] as const;
type Name = (typeof CONTESTANTS)[number];

export async function latency({ short, log }: Context): Promise<Row[]> {
  const locations = locationIds(short ? BUSY_LOCATIONS + 60 : BUSY_LOCATIONS + QUIET_LOCATIONS);
  const [busy, quiet] = [locations.slice(0, BUSY_LOCATIONS), locations.slice(BUSY_LOCATIONS)];
  const highLevel = await startHighLevel(locations);
  const upstream = await startStubUpstream(highLevel.url);
  const workers = await startWorkers({ highLevelUrl: highLevel.url, apiUrl: upstream.url, limits: LIMITS });
  const caller = createCaller();
  try {
    for (const location of locations) await install(workers, location);
    const base: Record<Name, (location: string) => string> = {
      direct: () => upstream.url,
      bare: () => workers.bareUrl,
      gateway: (location) => `${workers.gatewayUrl}/api/location/${location}`,
    };
    const headers = { authorization: `Bearer ${workers.apiKey}`, version: "2021-07-28", accept: "application/json" };
    const getOf =
      (called: readonly string[]) =>
      (name: Name, index: number): Call => {
        const url = `${base[name](called[index % called.length]!)}/contacts/c0ntact0000000000001`;
        return { url, method: "GET", headers };
      };
    const get = getOf(busy);
    const post = (name: Name, index: number): Call => {
      const location = busy[index % busy.length]!;
      const length = String(Buffer.byteLength(BODY));
      const withBody = { ...headers, "content-type": "application/json", "content-length": length };
      return { url: `${base[name](location)}/contacts/`, method: "POST", headers: withBody, body: BODY };
    };

    const rows: Row[] = [];
    for (const [what, callOf] of [
      ["GET", get],
      ["POST of 1 KB", post],
      ["GET of a location that is called once in two seconds", getOf(quiet)],
    ] as const) {
      log(`gateway: time added to a ${what}`);
      rows.push(...(await timeAdded({ what, callOf, time: caller.time }, short)));
    }
    log("gateway: throughput");
    const calls = short ? 400 : 3_000;
    const samples = await interleave(
      CONTESTANTS.map((name) => ({
        name,
        sample: () => caller.flood((index) => get(name, index), calls, AT_ONCE),
      })),
      short ? 2 : 9,
      1,
    );
    const [ours, theirs, direct] = [samples.get("gateway")!, samples.get("bare")!, samples.get("direct")!];
    rows.push({
      section: SECTION,
      what: `calls with ${AT_ONCE} at once`,
      unit: "per s",
      ours: median(ours),
      peer: PEER,
      theirs: median(theirs),
      ratio: pairedRatio(ours, theirs),
      target: { of: "ratio", bound: "at least", value: 0.5 },
      note: `upstream alone ${Math.round(median(direct))}`,
    });
    return rows;
  } finally {
    caller.close();
    await workers.close();
    await upstream.close();
    await highLevel.close();
  }
}

/** A kind of call to measure. */
interface MeasuredCall {
  readonly what: string;
  readonly callOf: (name: Name, index: number) => Call;
  readonly time: (call: Call) => Promise<number>;
}

/** Measures the time that a proxy adds: its time less the median of direct calls to the upstream in the same round. */
async function timeAdded({ what, callOf, time }: MeasuredCall, short: boolean): Promise<Row[]> {
  const calls = short ? 40 : 200;
  const rounds = new Map<Name, number[][]>(CONTESTANTS.map((name) => [name, []]));
  await interleave(
    CONTESTANTS.map((name) => ({
      name,
      sample: async () => {
        const times: number[] = [];
        const done = rounds.get(name)!.length * calls;
        for (let index = done; index < done + calls; index++) times.push(await time(callOf(name, index)));
        rounds.get(name)!.push(times.sort((a, b) => a - b));
        return 0;
      },
    })),
    short ? 3 : 31,
    WARM_ROUNDS,
  );
  // those that warm up are first
  const measured = (name: Name): number[][] => rounds.get(name)!.slice(WARM_ROUNDS);
  const directMs = measured("direct").map((times) => percentile(times, 0.5));
  const addedMs = (name: Name): number[][] =>
    measured(name).map((times, round) => times.map((ms) => ms - directMs[round]!));
  const [ours, theirs] = [addedMs("gateway"), addedMs("bare")];
  const p50 = (all: number[][]): number[] => all.map((times) => percentile(times, 0.5));
  const p99 = (all: number[][]): number => percentile(all.flat(), 0.99);
  const common = { section: SECTION, unit: "ms", peer: PEER };
  return [
    {
      ...common,
      what: `time added to a ${what}, p50`,
      ours: median(p50(ours)),
      theirs: median(p50(theirs)),
      ratio: pairedRatio(p50(ours), p50(theirs)),
      target: { of: "ratio", bound: "at most", value: 2 },
    },
    compare({ ...common, what: `time added to a ${what}, p99`, ours: p99(ours), theirs: p99(theirs) }),
  ];
}
