import { join } from "node:path";
import { runNode } from "../lib/child.ts";
import { type Context, ROOT } from "../lib/context.ts";
import { compare, type Row } from "../report/row.ts";

/** Output of the program of `packages/oauth/test/recovery` for one scenario. */
interface Recovery {
  readonly what: string;
  readonly recovered: number;
  readonly failedCalls: number;
}

async function recoveries(log: Context["log"], args: readonly string[]): Promise<readonly Recovery[]> {
  log(`recovery: ${args.length === 0 ? "ours" : "official SDK"}`);
  const program = join(ROOT, "packages/oauth/test/recovery/print.ts");
  const { stdout } = await runNode([program, ...args], ROOT);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "[]") as Recovery[];
}

/**
 * Counts the failures of the token endpoint that a client recovers from. It does not measure time: HighLevel has no sockets here,
 * and the program moves the clock. There is a call per minute, for 66 minutes at most.
 */
export async function recovery({ log }: Context): Promise<Row[]> {
  const ours = await recoveries(log, []);
  const theirs = await recoveries(log, [join(ROOT, "bench/peers/official-tokens.ts")]);
  return ours.flatMap(({ what, recovered, failedCalls }, index): Row[] => {
    const peer = theirs[index]!;
    const row = { section: "Recovery of tokens", unit: "", peer: "official SDK" };
    return [
      compare({
        ...row,
        what: `${what}: recovered`,
        ours: recovered,
        theirs: peer.recovered,
        target: { of: "ratio", bound: "at least", value: 1 },
      }),
      compare({ ...row, what: `${what}: failed calls`, ours: failedCalls, theirs: peer.failedCalls }),
    ];
  });
}
