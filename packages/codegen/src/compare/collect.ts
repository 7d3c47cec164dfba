import { byCodeUnit, type Json } from "../json/json.ts";
import { classOf, KINDS, type Kind } from "./kinds.ts";
import { CLASSES, type Finding, type Reach, type Side, worst } from "./model.ts";
import type { OperationReport } from "./operation-facts.ts";
import type { SpecOperation } from "./operations.ts";
import type { Fact } from "./schema/fact.ts";
import type { Frame, Frames } from "./schema/frames.ts";

/** A schema that holds itself by several ways has any number of paths: these are enough to find it. */
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

/** Gathers what was found into findings: one for each change, with every operation it reaches. */
export interface Collector {
  report(subject: OperationIn, report: OperationReport, frames: Frames): void;
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
    report({ operation, document }, { facts, frames: found }, frames) {
      for (const { kind, side, path, before, after } of facts) {
        const reach = reachOf(operation, document, { side, path });
        add([document, operation.label], { kind, schema: undefined, path, before, after }, { document, reach });
      }
      for (const { side, frame } of found) {
        for (const { fact, path } of factsBelow(frame, frames)) {
          const { kind, home, before, after } = fact;
          const reach = reachOf(operation, document, { side, path });
          // what changed in a shared schema is one change, also where both generations have it
          const key = home === undefined ? [document, operation.label, side] : ["schema", home];
          add(key, { kind, schema: home, path: fact.path, before, after }, { document, reach });
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

/** The facts of a frame and of every frame below it, with their paths from the top. */
function* factsBelow(top: Frame, frames: Frames): Generator<{ fact: Fact; path: string }> {
  const dirty = dirtyFrames(top, frames);
  let left = MAX_PATHS_OF_OPERATION;
  const met = new Set<string>();
  const walk = function* (
    frame: Frame,
    prefix: string,
    open: ReadonlySet<string>,
  ): Generator<{ fact: Fact; path: string }> {
    for (const fact of frame.facts) yield { fact, path: prefix + fact.framePath };
    for (const { key, path } of frame.shared) {
      if (!dirty.has(key) || open.has(key)) continue;
      // past the limit each schema is told of once more, no longer by every way to it
      if (left <= 0 && met.has(key)) continue;
      left -= 1;
      met.add(key);
      yield* walk(frames.at(key), prefix + path, new Set([...open, key]));
    }
  };
  yield* walk(top, "", new Set());
}

/** Keys of the frames below that hold a fact, or lead to one that does. */
function dirtyFrames(top: Frame, frames: Frames): Set<string> {
  const reached = new Map<string, Frame>();
  const queue = [top];
  for (let frame = queue.pop(); frame !== undefined; frame = queue.pop()) {
    for (const { key } of frame.shared) {
      if (reached.has(key)) continue;
      const next = frames.at(key);
      reached.set(key, next);
      queue.push(next);
    }
  }
  const dirty = new Set<string>();
  for (let before = -1; before < dirty.size; ) {
    before = dirty.size;
    for (const [key, frame] of reached) {
      if (frame.facts.length > 0 || frame.shared.some((edge) => dirty.has(edge.key))) dirty.add(key);
    }
  }
  return dirty;
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
