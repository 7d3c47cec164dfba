import { equalJson, isObject, type Json, type JsonObject } from "../../json/json.ts";
import { at, type Position, ROOT } from "../../json/pointer.ts";

/**
 * The part of JSONPath (RFC 9535) that overlays need: `$`, `.name`, `['name']`, `[0]`, `[*]`, `.*` and the filter
 * `[?(@.name=='value')]` with one or more comparisons joined by `&&`. Anything else is refused, never guessed.
 */
export type Step =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | { readonly kind: "filter"; readonly equal: readonly (readonly [name: string, value: Json])[] };

/** One selected value with what is needed to change or remove it. `parent` is undefined for the document itself. */
export interface Selected {
  readonly value: Json;
  readonly position: Position;
  readonly parent: JsonObject | Json[] | undefined;
}

const STEP =
  /\.(?<name>[A-Za-z_]\w*)|\.(?<dotStar>\*)|\[(?<star>\*)\]|\[(?<index>\d+)\]|\[(?<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\]|\[\?(?<filter>[^[\]]+)\]/;
const COMPARISON =
  /^\s*@\.(?<name>[A-Za-z_$][\w$-]*)\s*==\s*(?<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\d+|true|false|null)\s*$/;

/** The steps of a target; undefined when it is not in the supported part of JSONPath. */
export function parseTarget(target: string): readonly Step[] | undefined {
  if (!target.startsWith("$")) return undefined;
  const steps: Step[] = [];
  // A sticky expression keeps its position, so each call has its own.
  const reader = new RegExp(STEP, "y");
  reader.lastIndex = 1;
  while (reader.lastIndex < target.length) {
    const groups = reader.exec(target)?.groups;
    const step = groups === undefined ? undefined : stepOf(groups);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps;
}

function stepOf(groups: Record<string, string | undefined>): Step | undefined {
  if (groups.name !== undefined) return { kind: "member", name: groups.name };
  if (groups.quoted !== undefined) return { kind: "member", name: unquote(groups.quoted) };
  if (groups.index !== undefined) return { kind: "index", index: Number(groups.index) };
  if (groups.filter !== undefined) return filterOf(groups.filter);
  return { kind: "all" };
}

function filterOf(text: string): Step | undefined {
  const inner = text.startsWith("(") && text.endsWith(")") ? text.slice(1, -1) : text;
  const equal: [string, Json][] = [];
  for (const comparison of inner.split("&&")) {
    const groups = COMPARISON.exec(comparison)?.groups;
    if (groups?.name === undefined || groups.value === undefined) return undefined;
    const value = /^['"]/.test(groups.value) ? unquote(groups.value) : (JSON.parse(groups.value) as Json);
    equal.push([groups.name, value]);
  }
  return { kind: "filter", equal };
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(.)/g, "$1");
}

/** Every value the steps select, in document order. */
export function select(document: JsonObject, steps: readonly Step[]): Selected[] {
  let selected: Selected[] = [{ value: document, position: ROOT, parent: undefined }];
  for (const step of steps) selected = selected.flatMap((node) => children(node, step));
  return selected;
}

function children({ value, position }: Selected, step: Step): Selected[] {
  const entries: [string, Json][] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item])
    : isObject(value)
      ? Object.entries(value)
      : [];
  const parent = value as JsonObject | Json[];
  return entries
    .filter(([key, child]) => matches(step, { key, child, inArray: Array.isArray(value) }))
    .map(([key, child]) => ({ value: child, position: at(position, key), parent }));
}

function matches(
  step: Step,
  { key, child, inArray }: { readonly key: string; readonly child: Json; readonly inArray: boolean },
): boolean {
  switch (step.kind) {
    case "member":
      return !inArray && key === step.name;
    case "index":
      return inArray && key === String(step.index);
    case "all":
      return true;
    case "filter":
      return isObject(child) && step.equal.every(([name, value]) => equalJson(child[name], value));
  }
}
