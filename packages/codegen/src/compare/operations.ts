import { arrayAt, byCodeUnit, isObject, type JsonObject, objectAt } from "../json/json.ts";
import { METHODS } from "../json/walk.ts";
import { camelCase, methodName } from "../output/ir/method-name.ts";
import { webhookLabel } from "./read/callbacks.ts";
import type { SpecDocument } from "./read/document.ts";
import { received } from "./read/events.ts";

/** An operation, or a webhook event, of one side. */
export interface SpecOperation {
  readonly document: SpecDocument;
  /** `POST /contacts/` */
  readonly label: string;
  readonly method: string;
  readonly path: string;
  readonly id: string | undefined;
  /** Name in the client: `contacts.createContact`, or the name of an event. */
  readonly call: string;
  readonly value: JsonObject;
}

export interface OperationPair {
  readonly before: SpecOperation;
  readonly after: SpecOperation;
}

export interface PairedOperations {
  readonly pairs: readonly OperationPair[];
  readonly removed: readonly SpecOperation[];
  readonly added: readonly SpecOperation[];
}

export function operationsOfDocument(document: SpecDocument): SpecOperation[] {
  const found: SpecOperation[] = [];
  for (const [path, item] of Object.entries(objectAt(document.value.paths))) {
    for (const method of METHODS) {
      const value = objectAt(item)[method];
      if (!isObject(value)) continue;
      const id = typeof value.operationId === "string" ? value.operationId : undefined;
      const label = document.events ? `EVENT ${path}` : `${method.toUpperCase()} ${path}`;
      const call = document.events ? path : `${camelCase(document.module)}.${methodName(value, method, path)}`;
      found.push({ document, label, method, path, id, call, value });
    }
  }
  found.push(...webhooksOf(document));
  return found.sort((a, b) => byCodeUnit(a.label, b.label));
}

/** Webhooks and callbacks of a document that has operations too. They are received, so that each stands as an operation that answers. */
function webhooksOf(document: SpecDocument): SpecOperation[] {
  return Object.entries(objectAt(document.value.webhooks)).flatMap(([name, item]) =>
    METHODS.flatMap((method) => {
      const value = objectAt(item)[method];
      if (!isObject(value)) return [];
      const label = webhookLabel(method, name);
      const id = typeof value.operationId === "string" ? value.operationId : undefined;
      return [{ document, label, method: `webhook ${method}`, path: name, id, call: name, value: received(value) }];
    }),
  );
}

/**
 * Pairs the operations of both sides: by method and path, then by the path with other parameter names, then by
 * operationId. A rule pairs two operations only where it leaves no doubt.
 */
export function pairOperations(before: readonly SpecOperation[], after: readonly SpecOperation[]): PairedOperations {
  return pairBy(before, after, [
    ({ label }) => label,
    ({ method, path }) => `${method} ${path.replaceAll(/\{[^{}]*\}/g, "{}")}`,
    ({ id, document }) => (document.events ? undefined : id),
  ]);
}

/** Pairs operations of many modules: only method and path identify them, within one generation. */
export function pairByLabel(before: readonly SpecOperation[], after: readonly SpecOperation[]): PairedOperations {
  return pairBy(before, after, [({ label, document }) => `${document.api} ${label}`]);
}

type KeyOf = (operation: SpecOperation) => string | undefined;

function pairBy(
  before: readonly SpecOperation[],
  after: readonly SpecOperation[],
  keys: readonly KeyOf[],
): PairedOperations {
  const pairs: OperationPair[] = [];
  let [left, right] = [[...before], [...after]];
  for (const keyOf of keys) {
    const [mine, theirs] = [unique(left, keyOf), unique(right, keyOf)];
    const taken = new Set<SpecOperation>();
    for (const [key, operation] of mine) {
      const other = theirs.get(key);
      if (operation === undefined || other === undefined) continue;
      pairs.push({ before: operation, after: other });
      taken.add(operation).add(other);
    }
    left = left.filter((operation) => !taken.has(operation));
    right = right.filter((operation) => !taken.has(operation));
  }
  return { pairs, removed: left, added: right };
}

/** Operations by key; undefined where several have it. */
function unique(operations: readonly SpecOperation[], keyOf: KeyOf): Map<string, SpecOperation | undefined> {
  const found = new Map<string, SpecOperation | undefined>();
  for (const operation of operations) {
    const key = keyOf(operation);
    if (key !== undefined) found.set(key, found.has(key) ? undefined : operation);
  }
  return found;
}

/** The parameters of an operation by location and name; names of headers in lower case. */
export function parametersOf({ value }: SpecOperation): Map<string, JsonObject> {
  return new Map(
    arrayAt(value.parameters)
      .filter(isObject)
      .map((parameter) => {
        const name = parameter.in === "header" ? String(parameter.name).toLowerCase() : String(parameter.name);
        return [`${parameter.in} ${name}`, parameter];
      }),
  );
}
