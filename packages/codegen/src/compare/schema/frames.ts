import { compareNodes } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import type { Fact, Spot } from "./fact.ts";
import { createFingerprints } from "./fingerprint.ts";
import type { Node, SchemaSource } from "./node.ts";

/** What was found in one comparison, and the shared schemas it leads to. */
export interface Frame {
  readonly facts: readonly Fact[];
  readonly shared: readonly { readonly key: string; readonly path: string }[];
}

/** Compares two documents, each pair of shared schemas once, however many operations reach it. */
export interface Frames {
  readonly before: SchemaSource;
  readonly after: SchemaSource;
  /** Compares two nodes; shared schemas below are compared when first met. */
  compare(before: Node, after: Node, path: string): Frame;
  /** A frame that `shared` names. */
  at(key: string): Frame;
}

export function createFrames(before: SchemaSource, after: SchemaSource): Frames {
  const frames = new Map<string, Frame>();
  const prints = { before: createFingerprints(before), after: createFingerprints(after) };
  const queue: [key: string, names: readonly [string, string]][] = [];

  const run = (a: Node, b: Node, spot: Spot): Frame => {
    const facts: Fact[] = [];
    const shared: { key: string; path: string }[] = [];
    const comparison: Comparison = {
      before,
      after,
      prints,
      open: new Set(),
      compareNodes,
      met: new Map(),
      report: {
        fact: (fact) => void facts.push(fact),
        shared: (was, is, { framePath }) => {
          const key = JSON.stringify([was, is]);
          shared.push({ key, path: framePath });
          if (frames.has(key)) return;
          frames.set(key, { facts: [], shared: [] });
          queue.push([key, [was, is]]);
        },
      },
    };
    compareNodes(comparison, { before: a, after: b }, spot);
    return { facts, shared };
  };

  return {
    before,
    after,
    compare(a, b, path) {
      const frame = run(a, b, { home: undefined, path, framePath: path });
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [key, [was, is]] = next;
        frames.set(key, run(before.named(was), after.named(is), { home: is, path: "", framePath: "" }));
      }
      return frame;
    },
    at: (key) => frames.get(key) ?? { facts: [], shared: [] },
  };
}
