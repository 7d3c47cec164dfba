import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Context } from "../lib/context.ts";
import { interleave } from "../report/interleave.ts";
import { compare, type Row } from "../report/row.ts";
import { median, pairedRatio, percentile } from "../report/statistics.ts";
import { type Environment, withEnvironment } from "./environment.ts";

const SECTION = "Webhooks, verify, store, acknowledge";
const PEERS = { plain: "a Worker that only answers", row: "a Worker that stores one row in an object" } as const;
const AT_ONCE = 32;
const LOCATIONS = 100;
/** An agency that installs an app everywhere at once. */
const STORM = 300;
const STORM_MS = 1_000;

/** A spread of events over locations. */
interface Load {
  readonly what: string;
  readonly locations: number;
}

/** Compares with Workers that do nothing, or only store, with the same number of calls in flight. */
async function throughput(environment: Environment, { what, locations }: Load, short: boolean): Promise<Row[]> {
  const events = short ? 200 : 1_000;
  const times = new Map<string, number[]>();
  const samples = await interleave(
    (["plain", "row", "gateway"] as const).map((to) => ({
      name: to,
      sample: async () => {
        const callOf = (index: number) =>
          environment.post({ to, locationId: environment.locations[index % locations]! });
        const timed = await environment.caller.timed(callOf, events, AT_ONCE);
        times.set(to, [...(times.get(to) ?? []), ...timed.times]);
        return timed.perSecond;
      },
    })),
    short ? 1 : 5,
    1,
  );
  return (["plain", "row"] as const).flatMap((peer) => {
    const [ours, theirs] = [samples.get("gateway")!, samples.get(peer)!];
    const common = { section: SECTION, peer: PEERS[peer] };
    const share = (name: string, value: number): Row =>
      compare({
        ...common,
        what: `${what}: acknowledged after, ${name}`,
        unit: "ms",
        ours: percentile(times.get("gateway")!, value),
        theirs: percentile(times.get(peer)!, value),
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
  });
}

/** A file system in memory, where the machine has one: what storms wait for on a disk is its making files. */
const MEMORY = "/dev/shm";

/** Miniflare keeps what objects store below the folder for temporary files. */
async function stormTimes(to: "gateway" | "row", folder: string): Promise<readonly number[]> {
  const before = tmpdir();
  process.env.TMPDIR = folder;
  try {
    return await withEnvironment({ locations: STORM }, async ({ caller, post, locations }) => {
      const calls = locations.map((locationId) => post({ to, locationId, type: "INSTALL" }));
      return (await caller.timed((index) => calls[index]!, STORM, STORM)).times;
    });
  } finally {
    process.env.TMPDIR = before;
  }
}

/** All at once, each of a location that neither has ever heard of. */
async function storm(where: string, folder: string, short: boolean): Promise<Row[]> {
  const runs = short ? 1 : 5;
  const all = { gateway: [] as (readonly number[])[], row: [] as (readonly number[])[] };
  for (let run = 0; run < runs; run++)
    for (const to of ["gateway", "row"] as const) all[to].push(await stormTimes(to, folder));
  const what = `${STORM} INSTALL of ${STORM} locations at once, objects ${where}: acknowledged after`;
  const row = (name: string, of: (times: readonly number[]) => number): Row =>
    compare({
      section: SECTION,
      what: `${what}, ${name}`,
      unit: "ms",
      ours: median(all.gateway.map(of)),
      peer: PEERS.row,
      theirs: median(all.row.map(of)),
      note: `median of ${runs} storms`,
    });
  return [
    {
      ...row("the slowest", (times) => Math.max(...times)),
      target: { of: "ours", bound: "at most", value: STORM_MS },
    },
    row("p50", (times) => percentile(times, 0.5)),
  ];
}

export async function acks({ short, log }: Context): Promise<Row[]> {
  const rows: Row[] = [];
  for (const locations of [LOCATIONS, 1]) {
    const what = locations === 1 ? "one location" : `${locations} locations`;
    log(`webhooks: ${what}`);
    rows.push(
      ...(await withEnvironment({ locations }, (environment) => throughput(environment, { what, locations }, short))),
    );
  }
  log("webhooks: storms of installations");
  rows.push(...(await storm("on disk", tmpdir(), short)));
  if (existsSync(MEMORY)) rows.push(...(await storm("in memory", MEMORY, short)));
  return rows;
}
