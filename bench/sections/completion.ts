import { join } from "node:path";
import { writeApp } from "../lib/app.ts";
import { type Context, ROOT } from "../lib/context.ts";
import { type LineChild, startLineChild } from "../lib/line-child.ts";
import { ours } from "../peers/ours.ts";
import { typedPeers } from "../peers/typed-peers.ts";
import { interleave } from "../report/interleave.ts";
import type { Row } from "../report/row.ts";
import { median, pairedRatio } from "../report/statistics.ts";

interface Answer {
  readonly perKeystrokeMs: readonly number[];
  readonly entries: number;
}

/** Situations in which the user types, by index in a peer's `typing`. */
const SITUATIONS = ["name of a call", "parameter of a call"];

/**
 * CPU time of a completion list per keystroke in the app with four calls: TypeScript's language service, as editors run it,
 * after the file has changed by the letter just typed. A sample is the median over the letters of one word.
 */
export async function completion({ short, log }: Context): Promise<Row[]> {
  const children = new Map<string, LineChild>(
    typedPeers.map(({ id, name, fourCalls }) => {
      const program = join(ROOT, "bench/programs/completion-server.ts");
      return [name, startLineChild([program, join(writeApp(id, fourCalls), "tsconfig.json")])];
    }),
  );
  const rows: Row[] = [];
  try {
    for (const [index, situation] of SITUATIONS.entries()) {
      log(`completion: ${situation}`);
      const empty = new Set<string>();
      const samples = await interleave(
        typedPeers.map(({ name, typing }) => ({
          name,
          sample: async () => {
            const { perKeystrokeMs, entries } = (await children.get(name)!.ask(typing[index])) as Answer;
            if (entries === 0) empty.add(name);
            return median(perKeystrokeMs);
          },
        })),
        short ? 1 : 7,
        1,
      );
      const mine = samples.get(ours.name)!;
      for (const { name } of typedPeers.slice(1)) {
        const theirs = samples.get(name)!;
        const notes = [
          ...(empty.has(ours.name) ? ["ours gave no list"] : []),
          ...(empty.has(name) ? ["peer's gave no list"] : []),
        ];
        rows.push({
          section: "Completion list, CPU per keystroke",
          what: situation,
          unit: "ms",
          ours: median(mine),
          peer: name,
          theirs: median(theirs),
          ratio: pairedRatio(mine, theirs),
          target: { of: "ours", bound: "at most", value: 40 },
          ...(notes.length > 0 && { note: notes.join(", ") }),
        });
      }
    }
  } finally {
    await Promise.all([...children.values()].map((child) => child.close()));
  }
  return rows;
}
