import type { Context } from "../lib/context.ts";
import { interleave } from "../report/interleave.ts";
import { compare, type Row } from "../report/row.ts";
import { median, pairedRatio, percentile } from "../report/statistics.ts";
import { type Place, withPlace } from "./place.ts";

const SECTION = "Webhooks, verify, store, acknowledge";
const PEER = "a Worker that only answers";
const AT_ONCE = 32;
const LOCATIONS = 100;
/** An agency that installs an app everywhere at once. */
const STORM = 300;
const STORM_MS = 1_000;

/** Against a Worker that does nothing, with as many calls under way. */
async function throughput(place: Place, what: string, locations: number, short: boolean): Promise<Row[]> {
  const events = short ? 200 : 1_000;
  const times = new Map<string, number[]>();
  const samples = await interleave(
    (["plain", "gateway"] as const).map((to) => ({
      name: to,
      sample: async () => {
        const callOf = (index: number) => place.post({ to, locationId: place.locations[index % locations]! });
        const timed = await place.caller.timed(callOf, events, AT_ONCE);
        times.set(to, [...(times.get(to) ?? []), ...timed.times]);
        return timed.perSecond;
      },
    })),
    short ? 1 : 5,
    1,
  );
  const [ours, theirs] = [samples.get("gateway")!, samples.get("plain")!];
  const common = { section: SECTION, peer: PEER };
  const share = (name: string, value: number): Row =>
    compare({
      ...common,
      what: `${what}: acknowledged after, ${name}`,
      unit: "ms",
      ours: percentile(times.get("gateway")!, value),
      theirs: percentile(times.get("plain")!, value),
    });
  return [
    {
      ...common,
      what: `${what}: events with ${AT_ONCE} at once`,
      unit: "per s",
      ours: median(ours),
      theirs: median(theirs),
      ratio: pairedRatio(ours, theirs),
    },
    share("p50", 0.5),
    share("p99", 0.99),
  ];
}

/** All at once, each of a location that the gateway has never heard of. */
async function storm(short: boolean): Promise<Row[]> {
  const runs = short ? 1 : 3;
  const all: (readonly number[])[] = [];
  for (let run = 0; run < runs; run++) {
    all.push(
      await withPlace({ locations: STORM }, async ({ caller, post, locations }) => {
        const calls = locations.map((locationId) => post({ locationId, type: "INSTALL" }));
        return (await caller.timed((index) => calls[index]!, STORM, STORM)).times;
      }),
    );
  }
  const common = { section: SECTION, peer: "–", unit: "ms", note: `median of ${runs} storms` };
  const what = `${STORM} INSTALL of ${STORM} locations at once: acknowledged after`;
  return [
    {
      ...common,
      what: `${what}, the slowest`,
      ours: median(all.map((times) => Math.max(...times))),
      target: { of: "ours", bound: "at most", value: STORM_MS },
    },
    { ...common, what: `${what}, p50`, ours: median(all.map((times) => percentile(times, 0.5))) },
  ];
}

export async function acks({ short, log }: Context): Promise<Row[]> {
  const rows: Row[] = [];
  for (const locations of [LOCATIONS, 1]) {
    const what = locations === 1 ? "one location" : `${locations} locations`;
    log(`webhooks: ${what}`);
    rows.push(...(await withPlace({ locations }, (place) => throughput(place, what, locations, short))));
  }
  log("webhooks: a storm of installations");
  return [...rows, ...(await storm(short))];
}
