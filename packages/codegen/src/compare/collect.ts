import { byCodeUnit, type Json } from "../json/json.ts";
import type { OperationReport } from "./compare-operations.ts";
import { classOf, KINDS, type Kind } from "./kinds.ts";
import { CLASSES, type Finding, type Reach, type Side, worst } from "./model.ts";
import type { SpecOperation } from "./operations.ts";
import type { Change } from "./schema/change.ts";
import type { ComparisonScope, ComparisonScopes } from "./schema/comparison-scopes.ts";

/** Maximum number of paths per operation. A schema that contains itself in several ways has any number of paths. */
const MAX_PATHS_OF_OPERATION = 500;

/** An operation and the document that describes it. */
interface OperationIn {
  readonly operation: SpecOperation;
  readonly document: string;
}

interface Entry {
  readonly kind: Kind;
  readonly documents: Set<string>;
  readonly schema: string | undefined;
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly reaches: Map<string, Reach>;
}

/** Gathers the changes of all operations into findings: one for each change, with every operation it reaches. */
export interface Collector {
  report(subject: OperationIn, report: OperationReport, scopes: ComparisonScopes): void;
  single(kind: Kind, subject: OperationIn, detail?: Partial<Pick<Finding, "path" | "after">>): void;
  ofDocument(
    kind: Kind,
    document: string,
    change: { readonly before: Json | undefined; readonly after: Json | undefined; readonly schema?: string },
  ): void;
  findings(): Finding[];
}

export function createCollector(): Collector {
  const entries = new Map<string, Entry>();
  const add = (
    key: Json,
    entry: Omit<Entry, "documents" | "reaches">,
    { document, reach }: { readonly document: string; readonly reach?: Reach },
  ): void => {
    const text = JSON.stringify([key, entry.kind, entry.path, entry.before ?? null, entry.after ?? null]);
    const known = entries.get(text) ?? { ...entry, documents: new Set(), reaches: new Map() };
    known.documents.add(document);
    if (reach !== undefined)
      known.reaches.set(JSON.stringify([reach.document, reach.operation, reach.side, reach.path]), reach);
    entries.set(text, known);
  };
  const reachOf = (
    operation: SpecOperation,
    document: string,
    { side, path }: { readonly side: Side | undefined; readonly path: string },
  ): Reach => {
    return { document, operation: operation.label, operationId: operation.id, call: operation.call, side, path };
  };
  return {
    report({ operation, document }, { changes, scopes: found }, scopes) {
      for (const { kind, side, path, before, after } of changes) {
        const reach = reachOf(operation, document, { side, path });
        add([document, operation.label], { kind, schema: undefined, path, before, after }, { document, reach });
      }
      for (const { side, scope } of found) {
        for (const { change, path } of changesBelow(scope, scopes)) {
          const { kind, home, before, after } = change;
          const reach = reachOf(operation, document, { side, path });
          // what changed in a shared schema is one change, also where both generations have it
          const key = home === undefined ? [document, operation.label, side] : ["schema", home];
          add(key, { kind, schema: home, path: change.path, before, after }, { document, reach });
        }
      }
    },
    single(kind, { operation, document }, { path = "", after } = {}) {
      const reach = reachOf(operation, document, { side: undefined, path });
      add(
        [document, operation.label],
        { kind, schema: undefined, path, before: undefined, after },
        { document, reach },
      );
    },
    ofDocument(kind, document, { before, after, schema }) {
      add([document, schema ?? null], { kind, schema, path: "", before, after }, { document });
    },
    findings: () => [...entries.values()].map(toFinding).sort(inOrder),
  };
}

/** The changes of a scope and of every scope below it, with their paths from the top. */
function* changesBelow(top: ComparisonScope, scopes: ComparisonScopes): Generator<{ change: Change; path: string }> {
  const changed = changedScopes(top, scopes);
  let left = MAX_PATHS_OF_OPERATION;
  const met = new Set<string>();
  const walk = function* (
    scope: ComparisonScope,
    prefix: string,
    open: ReadonlySet<string>,
  ): Generator<{ change: Change; path: string }> {
    for (const change of scope.changes) yield { change, path: prefix + change.scopePath };
    for (const { key, path } of scope.shared) {
      if (!changed.has(key) || open.has(key)) continue;
      // past the limit each schema is reported once more, and no longer for every path to it
      if (left <= 0 && met.has(key)) continue;
      left -= 1;
      met.add(key);
      yield* walk(scopes.at(key), prefix + path, new Set([...open, key]));
    }
  };
  yield* walk(top, "", new Set());
}

/** Keys of the scopes below that hold a change, or lead to one that does. */
function changedScopes(top: ComparisonScope, scopes: ComparisonScopes): Set<string> {
  const reached = new Map<string, ComparisonScope>();
  const queue = [top];
  for (let scope = queue.pop(); scope !== undefined; scope = queue.pop()) {
    for (const { key } of scope.shared) {
      if (reached.has(key)) continue;
      const next = scopes.at(key);
      reached.set(key, next);
      queue.push(next);
    }
  }
  const changed = new Set<string>();
  for (let before = -1; before < changed.size; ) {
    before = changed.size;
    for (const [key, scope] of reached) {
      if (scope.changes.length > 0 || scope.shared.some((edge) => changed.has(edge.key))) changed.add(key);
    }
  }
  return changed;
}

function toFinding(entry: Entry): Finding {
  const { kind, schema, path, before, after } = entry;
  const reaches = [...entry.reaches.values()].sort(
    (a, b) =>
      byCodeUnit(a.document, b.document) ||
      byCodeUnit(a.operation, b.operation) ||
      byCodeUnit(a.side ?? "", b.side ?? "") ||
      byCodeUnit(a.path, b.path),
  );
  const on = (side: Side) => (reaches.some((reach) => reach.side === side) ? classOf(kind, side) : undefined);
  const [request, response] = [on("request"), on("response")];
  return {
    kind,
    class: request === undefined && response === undefined ? KINDS[kind][0] : worst([request, response]),
    request,
    response,
    documents: [...entry.documents].sort(byCodeUnit),
    schema,
    path,
    before,
    after,
    reaches,
  };
}

function inOrder(a: Finding, b: Finding): number {
  return (
    CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class) ||
    byCodeUnit(a.documents[0] ?? "", b.documents[0] ?? "") ||
    byCodeUnit(a.schema ?? "", b.schema ?? "") ||
    byCodeUnit(
      a.schema === undefined ? (a.reaches[0]?.operation ?? "") : "",
      b.schema === undefined ? (b.reaches[0]?.operation ?? "") : "",
    ) ||
    byCodeUnit(a.path, b.path) ||
    byCodeUnit(a.kind, b.kind) ||
    byCodeUnit(JSON.stringify([a.before ?? null, a.after ?? null]), JSON.stringify([b.before ?? null, b.after ?? null]))
  );
}
