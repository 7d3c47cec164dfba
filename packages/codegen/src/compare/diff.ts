import { equalJson, objectAt } from "../json/json.ts";
import type { ChangeClass } from "./change-class.ts";
import { type Collector, createCollector } from "./collect.ts";
import { compareOperations } from "./compare-operations.ts";
import { CLASSES, type DiffResult } from "./model.ts";
import { operationsOfDocument, pairByLabel, pairOperations, type SpecOperation } from "./operations.ts";
import { type DocumentPair, pairDocuments } from "./pairs.ts";
import type { SpecDocument } from "./read/document.ts";
import { changedWords } from "./read/prose.ts";
import { type ComparisonScopes, createComparisonScopes } from "./schema/comparison-scopes.ts";
import { createSchemaSource, type SchemaSource } from "./schema/node.ts";

/**
 * Returns the changes from the first set of documents to the second. The function is pure. It is our own, because it classifies changes
 * by their effect on the generated types.
 */
export function diffDocuments(before: readonly SpecDocument[], after: readonly SpecDocument[]): DiffResult {
  const collector = createCollector();
  const scopesFor = createFrameCache();
  const pairs = pairDocuments(before, after);
  const removed: SpecOperation[] = [];
  const added: SpecOperation[] = [];
  for (const pair of pairs) {
    const old = pair.before === undefined ? [] : operationsOfDocument(pair.before);
    const now = pair.after === undefined ? [] : operationsOfDocument(pair.after);
    const found = pairOperations(old, now);
    for (const { before: a, after: b } of found.pairs) {
      const scopes = scopesFor(a.document, b.document);
      collector.report(
        { operation: b, document: pair.name },
        compareOperations({ before: a, after: b }, scopes),
        scopes,
      );
    }
    removed.push(...found.removed);
    added.push(...found.added);
    compareDocuments(pair, collector);
  }
  compareMoved({ removed, added }, collector, scopesFor);
  const findings = collector.findings();
  const count = (name: ChangeClass): number => findings.filter((finding) => finding.class === name).length;
  return {
    findings,
    counts: Object.fromEntries(CLASSES.map((name) => [name, count(name)])) as Record<ChangeClass, number>,
    documents: {
      added: pairs.flatMap((pair) => (pair.before === undefined ? [pair.name] : [])),
      removed: pairs.flatMap((pair) => (pair.after === undefined ? [pair.name] : [])),
    },
    pairs,
    notCompared: pairs.flatMap(notCompared),
  };
}

/**
 * Parts that nothing above looks at. Links are data and are named where they differ. Anything else refers to schemas that
 * may differ, so it is named wherever it stands.
 */
function notCompared({ name, before, after }: DocumentPair): string[] {
  // a document that came or went is a change as a whole
  if (before === undefined || after === undefined) return [];
  const parts = [...new Set([...before.unread.keys(), ...after.unread.keys()])];
  return parts
    .filter((part) => !part.startsWith("links") || !equalJson(before.unread.get(part), after.unread.get(part)))
    .map((part) => `${name}: ${part}`);
}

type ScopesFor = (before: SpecDocument, after: SpecDocument) => ComparisonScopes;

function createFrameCache(): ScopesFor {
  const sources = new Map<SpecDocument, SchemaSource>();
  const cache = new Map<SpecDocument, Map<SpecDocument, ComparisonScopes>>();
  const sourceOf = (document: SpecDocument): SchemaSource => {
    const known = sources.get(document) ?? createSchemaSource(document.value);
    sources.set(document, known);
    return known;
  };
  return (before, after) => {
    const row = cache.get(before) ?? new Map<SpecDocument, ComparisonScopes>();
    cache.set(before, row);
    const known = row.get(after) ?? createComparisonScopes(sourceOf(before), sourceOf(after));
    row.set(after, known);
    return known;
  };
}

/** Pairs operations that went to another module: they have the same method and path, and the same generation. */
function compareMoved(
  { removed, added }: { readonly removed: readonly SpecOperation[]; readonly added: readonly SpecOperation[] },
  collector: Collector,
  scopesFor: ScopesFor,
): void {
  const found = pairByLabel(removed, added);
  for (const { before, after } of found.pairs) {
    const scopes = scopesFor(before.document, after.document);
    const report = compareOperations({ before, after }, scopes);
    const moved = {
      kind: "module-changed",
      side: undefined,
      path: "",
      before: before.document.name,
      after: after.document.name,
    } as const;
    collector.report(
      { operation: after, document: after.document.name },
      { ...report, changes: [moved, ...report.changes] },
      scopes,
    );
  }
  for (const operation of found.removed)
    collector.single("operation-removed", { operation, document: operation.document.name });
  for (const operation of found.added)
    collector.single("operation-added", { operation, document: operation.document.name });
}

/** Compares the parts that belong to the whole document, and its descriptions. */
function compareDocuments({ name, before, after }: DocumentPair, collector: Collector): void {
  if (before === undefined || after === undefined) return;
  const [was, is] = [before.value, after.value];
  if (!before.events && !equalJson(was.servers, is.servers)) {
    collector.ofDocument("server-changed", name, { before: was.servers, after: is.servers });
  }
  const [old, now] = [objectAt(was.components).securitySchemes, objectAt(is.components).securitySchemes];
  for (const [scheme, value] of Object.entries(objectAt(old))) {
    const other = objectAt(now)[scheme];
    if (other !== undefined && !equalJson(value, other)) {
      collector.ofDocument("security-scheme-changed", name, { before: value, after: other, schema: scheme });
    }
  }
  if (before.prose === undefined || after.prose === undefined) return;
  const operations = new Map(operationsOfDocument(after).map((operation) => [operation.label, operation]));
  for (const [position, words] of before.prose) {
    const others = after.prose.get(position);
    const changed = others === undefined ? [] : changedWords(words, others);
    if (changed.length === 0) continue;
    const operation = operations.get(position);
    if (operation === undefined)
      collector.ofDocument("docs-changed", name, {
        before: undefined,
        after: changed,
        schema: position.replace(/^schema /, ""),
      });
    else collector.single("docs-changed", { operation, document: name }, { after: changed });
  }
}
