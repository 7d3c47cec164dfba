import fc from "fast-check";
import { expect, test } from "vitest";
import { diffDocuments } from "../../../src/compare/diff.ts";
import type { JsonObject } from "../../../src/json/json.ts";
import { lines } from "../../support/diff.ts";
import { PROPERTY_RUNS, PROPERTY_TIMEOUT_MS } from "../../support/runs.ts";
import { anyDocument, specDocument } from "./documents.ts";
import { mutate } from "./mutate.ts";
import { rewrite } from "./rewrite.ts";

const found = (before: JsonObject, after: JsonObject): string[] =>
  lines(diffDocuments([specDocument(before)], [specDocument(after)]));

function holds(property: fc.IRawProperty<unknown>): void {
  fc.assert(property as fc.IProperty<unknown>, { numRuns: PROPERTY_RUNS });
}

test(
  "a document does not differ from itself",
  () => {
    holds(
      fc.property(anyDocument, (document) => {
        expect(found(document, structuredClone(document))).toEqual([]);
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "the same said otherwise is no difference",
  () => {
    holds(
      fc.property(anyDocument, fc.integer(), (document, seed) => {
        const other = rewrite(document, seed);
        expect(found(document, other)).toEqual([]);
        expect(found(other, document)).toEqual([]);
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "one change is found, in both directions, also in a document said otherwise",
  () => {
    let changed = 0;
    holds(
      fc.property(anyDocument, fc.integer(), (document, seed) => {
        const mutated = mutate(document, seed);
        if (mutated === undefined) return;
        changed += 1;
        expect(found(document, mutated.document), mutated.what).not.toEqual([]);
        expect(found(mutated.document, document), mutated.what).not.toEqual([]);
        expect(found(rewrite(document, seed), mutated.document), mutated.what).not.toEqual([]);
      }),
    );
    expect(changed).toBeGreaterThan(PROPERTY_RUNS / 2);
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "an element that is removed in one direction is added in the other",
  () => {
    holds(
      fc.property(anyDocument, fc.integer(), (document, seed) => {
        const after = mutate(document, seed)?.document ?? document;
        const count = (name: string, list: string[]): number =>
          list.filter((line) => line.includes(` ${name} `)).length;
        const [there, back] = [found(document, after), found(after, document)];
        expect(count("property-removed", there)).toBe(
          count("property-added", back) + count("property-added-required", back),
        );
        expect(count("enum-values-added", there)).toBe(count("enum-values-removed", back));
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);
