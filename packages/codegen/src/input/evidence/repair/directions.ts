import { equalJson, isObject, type Json, type JsonObject, objectAt, setMember } from "../../../json/json.ts";
import { isMethod } from "../../../json/walk.ts";

const SCHEMAS = "#/components/schemas/";

/** Component schemas that requests and answers share, each with the copy that the requests have been given. */
export type Copies = ReadonlyMap<string, string>;

/**
 * Gives requests schemas of their own, in place, so that what is seen of answers changes no request and the other way
 * round. `joinDirections` takes back the copies that turned out not to be needed.
 */
export function splitDirections(document: JsonObject): Copies {
  const schemas = schemasOf(document);
  const roots = rootsOf(document);
  const answers = reachable(schemas, roots.answers);
  const shared = [...reachable(schemas, roots.requests)].filter((name) => answers.has(name));
  const copies = new Map<string, string>();
  for (const name of shared) copies.set(name, freeName(`${name}Input`, schemas));
  for (const [name, copy] of copies) setMember(schemas, copy, structuredClone(schemas[name] ?? {}));
  const requestOnly = [...reachable(schemas, roots.requests)].filter((name) => !answers.has(name));
  for (const value of [...roots.requests, ...[...copies.values(), ...requestOnly].map((name) => schemas[name])]) {
    renameReferences(value, copies);
  }
  return copies;
}

/** Takes back, in place, the copies that are still what they were made of. */
export function joinDirections(document: JsonObject, copies: Copies): void {
  const schemas = schemasOf(document);
  const names = new Map([...copies].map(([name, copy]) => [copy, name]));
  const differing = new Set<string>();
  const pairs = [...copies].map(([name, copy]) => {
    const renamed = structuredClone(schemas[copy] ?? {});
    renameReferences(renamed, names);
    if (!equalJson(renamed, schemas[name])) differing.add(copy);
    return { copy, references: referencesOf(schemas[copy]) };
  });
  // a copy that leads to one that is needed is needed too
  for (let before = -1; before !== differing.size; ) {
    before = differing.size;
    for (const { copy, references } of pairs) {
      if ([...references].some((name) => differing.has(name))) differing.add(copy);
    }
  }
  const taken = new Map([...names].filter(([copy]) => !differing.has(copy)));
  for (const copy of taken.keys()) delete schemas[copy];
  renameReferences(document.paths, taken);
  renameReferences(schemas, taken);
}

interface Roots {
  readonly requests: Json[];
  readonly answers: Json[];
}

/** Returns the schemas of each direction. Parameters belong to requests, errors to answers. */
function rootsOf(document: JsonObject): Roots {
  const roots: Roots = { requests: [], answers: [] };
  for (const pathItem of Object.values(objectAt(document.paths))) {
    for (const [key, value] of Object.entries(objectAt(pathItem))) {
      if (key === "parameters") roots.requests.push(value);
      if (!isMethod(key) || !isObject(value)) continue;
      if (value.parameters !== undefined) roots.requests.push(value.parameters);
      if (value.requestBody !== undefined) roots.requests.push(value.requestBody);
      if (value.responses !== undefined) roots.answers.push(value.responses);
    }
  }
  return roots;
}

function reachable(schemas: JsonObject, roots: readonly Json[]): Set<string> {
  const met = new Set<string>();
  const open = roots.flatMap((root) => [...referencesOf(root)]);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (met.has(name)) continue;
    met.add(name);
    open.push(...referencesOf(schemas[name]));
  }
  return met;
}

function referencesOf(value: Json | undefined): Set<string> {
  const found = new Set<string>();
  visitReferences(value, (holder) => {
    found.add(String(holder.$ref).slice(SCHEMAS.length));
  });
  return found;
}

function renameReferences(value: Json | undefined, names: ReadonlyMap<string, string>): void {
  visitReferences(value, (holder) => {
    const name = names.get(String(holder.$ref).slice(SCHEMAS.length));
    if (name !== undefined) holder.$ref = SCHEMAS + name;
  });
}

function visitReferences(value: Json | undefined, visit: (holder: JsonObject) => void): void {
  if (Array.isArray(value)) for (const item of value) visitReferences(item, visit);
  if (!isObject(value)) return;
  if (typeof value.$ref === "string" && value.$ref.startsWith(SCHEMAS)) visit(value);
  for (const member of Object.values(value)) visitReferences(member, visit);
}

function schemasOf(document: JsonObject): JsonObject {
  return objectAt(objectAt(document.components).schemas);
}

function freeName(base: string, schemas: JsonObject): string {
  let name = base;
  for (let number = 2; Object.hasOwn(schemas, name); number++) name = `${base}${number}`;
  return name;
}
