import { join } from "node:path";
import { runNode } from "../lib/child.ts";
import { type Context, ROOT } from "../lib/context.ts";
import { interleave } from "../report/interleave.ts";
import type { Row } from "../report/row.ts";
import { median } from "../report/statistics.ts";

const BENCH = join(ROOT, "bench");
const OURS = "ghl-edge";
const BARE = "bare";

/** Name → what an app with calls to one module imports. */
const imports: Readonly<Record<string, readonly string[]>> = {
  [OURS]: ["@ghl-edge/client", "@ghl-edge/client/v3/contacts"],
  "openapi-fetch": ["openapi-fetch"],
  "official SDK": ["@gohighlevel/api-client"],
  "@gnosticdev SDK": ["@gnosticdev/highlevel-sdk"],
};

const evaluate = (source: string) => runNode(["--input-type=module", "-e", source], BENCH);
const importing = (specifiers: readonly string[]): string =>
  specifiers.map((specifier) => `await import(${JSON.stringify(specifier)});`).join(" ");

/** Starts a fresh Node each time. Measures the import by its own clock, and its total time less that of a Node that imports nothing. */
export async function importTime({ short, log }: Context): Promise<Row[]> {
  log("import: a fresh Node each time");
  const rounds = short ? 2 : 15;
  const inside = await interleave(
    Object.entries(imports).map(([name, specifiers]) => ({
      name,
      sample: async () => {
        const source = `const start = performance.now(); ${importing(specifiers)} console.log(performance.now() - start);`;
        return Number((await evaluate(source)).stdout);
      },
    })),
    rounds,
    1,
  );
  const wall = await interleave(
    Object.entries({ [BARE]: [], ...imports }).map(([name, specifiers]) => ({
      name,
      sample: async () => (await evaluate(importing(specifiers))).wallMs,
    })),
    rounds,
    1,
  );
  const overBare = (name: string): number => median(wall.get(name)!.map((ms, round) => ms - wall.get(BARE)![round]!));
  return Object.keys(imports)
    .filter((name) => name !== OURS)
    .flatMap((peer): Row[] => {
      const common = { section: "Import on Node", unit: "ms", peer };
      const target = { of: "ours", bound: "at most", value: 10 } as const;
      const row = (what: string, ours: number, theirs: number): Row => ({
        ...common,
        what,
        ours,
        theirs,
        ratio: ours / theirs,
        target,
      });
      return [
        row("inside the process", median(inside.get(OURS)!), median(inside.get(peer)!)),
        row("whole process less a bare one", overBare(OURS), overBare(peer)),
      ];
    })
    .sort((a, b) => a.what.localeCompare(b.what));
}
