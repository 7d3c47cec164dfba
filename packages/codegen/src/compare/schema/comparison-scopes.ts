import type { Change, Position } from "./change.ts";
import { compareNodes } from "./compare.ts";
import type { Comparison } from "./comparison.ts";
import { createFingerprints } from "./fingerprint.ts";
import type { Node, SchemaSource } from "./node.ts";

/** Changes that one comparison found, and the shared schemas it leads to. */
export interface ComparisonScope {
  readonly changes: readonly Change[];
  readonly shared: readonly { readonly key: string; readonly path: string }[];
}

/** Compares two documents, each pair of shared schemas once, however many operations reach it. */
export interface ComparisonScopes {
  readonly before: SchemaSource;
  readonly after: SchemaSource;
  /** Compares two nodes; shared schemas below are compared when first met. */
  compare(before: Node, after: Node, path: string): ComparisonScope;
  /** A scope that `shared` names. */
  at(key: string): ComparisonScope;
}

export function createComparisonScopes(before: SchemaSource, after: SchemaSource): ComparisonScopes {
  const scopes = new Map<string, ComparisonScope>();
  const prints = { before: createFingerprints(before), after: createFingerprints(after) };
  const queue: [key: string, names: readonly [string, string]][] = [];

  const run = (a: Node, b: Node, position: Position): ComparisonScope => {
    const changes: Change[] = [];
    const shared: { key: string; path: string }[] = [];
    const comparison: Comparison = {
      before,
      after,
      prints,
      open: new Set(),
      compareNodes,
      met: new Map(),
      report: {
        change: (change) => void changes.push(change),
        shared: (was, is, { scopePath }) => {
          const key = JSON.stringify([was, is]);
          shared.push({ key, path: scopePath });
          if (scopes.has(key)) return;
          scopes.set(key, { changes: [], shared: [] });
          queue.push([key, [was, is]]);
        },
      },
    };
    compareNodes(comparison, { before: a, after: b }, position);
    return { changes, shared };
  };

  return {
    before,
    after,
    compare(a, b, path) {
      const scope = run(a, b, { home: undefined, path, scopePath: path });
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [key, [was, is]] = next;
        scopes.set(key, run(before.named(was), after.named(is), { home: is, path: "", scopePath: "" }));
      }
      return scope;
    },
    at: (key) => scopes.get(key) ?? { changes: [], shared: [] },
  };
}
