import { basename } from "node:path";
import { byCodeUnit } from "../json/json.ts";
import { operationsOfDocument } from "./operations.ts";
import type { SpecDocument } from "./read/document.ts";

/** Two documents that are the same module on two sides; one is absent where the module came or went. */
export interface DocumentPair {
  readonly name: string;
  readonly before: SpecDocument | undefined;
  readonly after: SpecDocument | undefined;
}

/** Pairs documents by name. Files that were renamed or moved are paired by the operations that they have in common. */
export function pairDocuments(before: readonly SpecDocument[], after: readonly SpecDocument[]): DocumentPair[] {
  const [one, other] = [before[0], after[0]];
  if (before.length === 1 && after.length === 1 && one !== undefined && other !== undefined) {
    // two files that were named are meant to be compared, whatever they are called
    return [{ name: other.name, before: one, after: other }];
  }
  const pairs: DocumentPair[] = [];
  const [left, right] = [new Set(before), new Set(after)];
  const take = (a: SpecDocument, b: SpecDocument): void => {
    pairs.push({ name: b.name, before: a, after: b });
    left.delete(a);
    right.delete(b);
  };
  for (const a of before) {
    const twins = after.filter((b) => b.name === a.name && b.events === a.events);
    const named = before.filter(({ name }) => name === a.name);
    if (twins.length === 1 && named.length === 1 && twins[0] !== undefined) take(a, twins[0]);
  }
  const candidates = [...left].flatMap((a) => [...right].map((b) => ({ a, b, score: likeness(a, b) })));
  candidates.sort((x, y) => y.score - x.score || byCodeUnit(x.a.name + x.b.name, y.a.name + y.b.name));
  for (const { a, b, score } of candidates) if (score > 0 && left.has(a) && right.has(b)) take(a, b);
  pairs.push(...[...left].map((a) => ({ name: a.name, before: a, after: undefined })));
  pairs.push(...[...right].map((b) => ({ name: b.name, before: undefined, after: b })));
  return pairs.sort((a, b) => byCodeUnit(a.name, b.name));
}

/** Share of operations in common; both generations have the same paths, so the version and the name count too. */
function likeness(a: SpecDocument, b: SpecDocument): number {
  if (a.events !== b.events) return 0;
  const [mine, theirs] = [signature(a), signature(b)];
  const common = [...mine].filter((line) => theirs.has(line)).length;
  if (common === 0) return 0;
  const named = basename(a.module) === basename(b.module) ? 0.1 : 0;
  return common / Math.max(mine.size, theirs.size) + named;
}

function signature(document: SpecDocument): Set<string> {
  return new Set(
    operationsOfDocument(document).flatMap(({ label, value }) => [label, `${label} ${value["x-api-version"] ?? ""}`]),
  );
}
