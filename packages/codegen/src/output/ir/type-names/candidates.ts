import { arrayAt, isObject, type Json, objectAt } from "../../../json/json.ts";
import { pascalCase } from "../method-name.ts";
import type { Module } from "../model.ts";
import type { InlinePosition } from "./inline.ts";
import { keyOf, type Usage } from "./usage.ts";
import {
  singular,
  startsWithVerb,
  thingIn,
  withoutAnswer,
  withoutClass,
  withoutSearch,
  withoutVerbs,
} from "./words.ts";

/** Names for a schema of the document, the one to prefer first. */
export function schemaCandidates(module: Module, key: string, usage: Usage): string[] {
  const name = pascalCase(key);
  const given = givenName(module, key);
  if (given !== undefined) return [given, name];
  // the names of other documents are their authors' choice
  if (!module.highLevel) return [name];
  const thing = thingIn(name);
  const { bodies, answers, nested } = usage;
  if (!nested && bodies.length > 0 && answers.length === 0)
    return distinct(roleCandidates(bodies, name, "Body"), [withoutClass(name), name]);
  if (!nested && answers.length > 0 && bodies.length === 0 && !isRecord(module, key, name))
    return distinct(roleCandidates(answers, name, "Response"), [withoutClass(name), name]);
  const found = withoutSearch(thing);
  const rest = [thing, withoutClass(name), name];
  if (!usage.item) return distinct([found], rest);
  // a list often has a record in another shape than the call that reads one of them
  return distinct([singular(found), `Listed${singular(found)}`, singular(thing)], rest);
}

/** `x-type-name` of the schema: an overlay gives it where the document misspells the thing. */
export function givenName({ schemas }: Module, key: string): string | undefined {
  const name = objectAt(schemas[key])["x-type-name"];
  return typeof name === "string" && /^\p{Lu}[\p{L}\p{N}]*$/u.test(name) ? name : undefined;
}

/** Names a type after the only method that sends or receives it, as its parameters are. */
function roleCandidates(
  operations: readonly { readonly name: string }[],
  name: string,
  role: "Body" | "Response",
): string[] {
  const [only] = operations;
  const own = operations.length === 1 && only !== undefined ? [`${pascalCase(only.name)}${role}`] : [];
  const thing = thingIn(name);
  const stems = [withoutVerbs(thing), thing, withoutAnswer(name)];
  return [...own, ...stems.map((stem) => (stem.endsWith(role) ? stem : `${stem}${role}`))];
}

/** An answer is a record, rather than an envelope of one, when it has an id; `Delete…` and the like are envelopes too. */
function isRecord(module: Module, key: string, name: string): boolean {
  return !startsWithVerb(name.replace(/^Get(?=[A-Z])/, "")) && hasId(module, module.schemas[key], new Set());
}

function hasId(module: Module, schema: Json | undefined, met: Set<Json>): boolean {
  const key = keyOf(schema);
  const target = key === undefined ? schema : module.schemas[key];
  if (!isObject(target) || met.has(target)) return false;
  met.add(target);
  const properties = objectAt(target.properties);
  if (Object.hasOwn(properties, "id") || Object.hasOwn(properties, "_id")) return true;
  return arrayAt(target.allOf).some((part) => hasId(module, part, met));
}

/** Words that say nothing without their owner. */
const VAGUE = /^(?:Config|Data|Info|Item|Meta|Option|Options|Result|Results|Total|Totals|Unknown|Value|Values)$/;

/** Names for an object type that stood inside another, whose name is `parentName`, or was the root of a body or an answer. */
export function inlineCandidates(position: InlinePosition, parentName: string): string[] {
  const { operation, kind, step, item } = position;
  if (operation !== undefined) {
    const method = pascalCase(operation.name);
    if (item) return [`${method}Item`, `${method}${kind === "body" ? "Body" : "Response"}Item`];
    return kind === "body" ? [`${method}Body`] : [`${method}Response`, `${method}Response${pascalCase(step, "")}`];
  }
  const own = pascalCase(step, "");
  const word = item ? singular(own) : own;
  const short = VAGUE.test(word) || !/^\p{L}/u.test(word) ? [] : [word];
  const owners = [parentName.replace(/(?:Response|Body)$/, ""), parentName];
  return distinct(
    short,
    owners.map((owner) => `${owner}${word || "Item"}`),
  );
}

function distinct(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}
