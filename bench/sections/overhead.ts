import { join } from "node:path";
import { type Context, ROOT } from "../lib/context.ts";
import { startLineChild } from "../lib/line-child.ts";
import { callers } from "../peers/callers.ts";
import { interleave } from "../report/interleave.ts";
import type { Row } from "../report/row.ts";
import { median, pairedRatio } from "../report/statistics.ts";

const OURS = "ghl-edge";
const RAW = "raw fetch";

/**
 * Measures the cost of a call on top of a raw `fetch` with the same headers and body: everything from the method to the parsed
 * answer, with a `fetch` that answers at once from memory. Each contestant has a process of its own.
 */
export async function overhead({ short, log }: Context): Promise<Row[]> {
  const program = join(ROOT, "bench/programs/call-server.ts");
  const children = new Map(Object.keys(callers).map((name) => [name, startLineChild([program, name])]));
  const rows: Row[] = [];
  try {
    for (const kind of ["get", "post"] as const) {
      log(`overhead: ${kind}`);
      const calls = short ? 200 : 3000;
      const samples = await interleave(
        [...children].map(([name, child]) => ({
          name,
          sample: async () => (await child.ask({ kind, calls })) as number,
        })),
        short ? 2 : 15,
        3,
      );
      const raw = samples.get(RAW)!;
      // of the same round, so that a busy moment takes from both
      const added = (name: string): number[] => samples.get(name)!.map((perCall, round) => perCall - raw[round]!);
      for (const name of children.keys()) {
        if (name === RAW || name === OURS) continue;
        const target = { of: "ratio", bound: "at most", value: 1 } as const;
        rows.push({
          section: "Time per call over raw fetch",
          what: kind === "get" ? "GET, JSON answer" : "POST, JSON both ways",
          unit: "µs",
          ours: median(added(OURS)),
          peer: name,
          theirs: median(added(name)),
          ratio: pairedRatio(added(OURS), added(name)),
          ...(name === "openapi-fetch" && { target }),
        });
      }
    }
  } finally {
    await Promise.all([...children.values()].map((child) => child.close()));
  }
  return rows;
}
