import type { Alternative } from "./alternative.ts";
import { type Comparison, compareForm, compareNodes } from "./compare.ts";

/** Comparing further says nothing about which is which. */
const FAR = 200;

/** How many differences two forms have, the shared schemas they hold included. */
export function distance(comparison: Comparison, before: Alternative, after: Alternative): number {
  let count = 0;
  const met = new Set<string>();
  const trial: Comparison = {
    ...comparison,
    open: new Map(comparison.open),
    report: {
      fact: () => {
        count += 1;
      },
      shared: (a, b, spot) => {
        const pair = JSON.stringify([a, b]);
        if (met.has(pair) || count > FAR) return;
        met.add(pair);
        compareNodes(trial, trial.before.named(a), trial.after.named(b), spot);
      },
    },
  };
  compareForm(trial, before, after, { home: undefined, path: "", framePath: "" });
  return count;
}
