/**
 * Names what is wrong with an input from outside, in one grammar: `<path> must be <expected>, got <got>`, or
 * `unknown field "scop" in <path>; did you mean "scopes"?`.
 */
import { didYouMean } from "@ghl-edge/core";
import * as v from "valibot";

/** One fault of an input. No part of it quotes a value that may be a secret. */
export interface InputIssue {
  /** Where the fault is, as `APPS.main.scopes[0]`. */
  readonly path: string;
  /** What belongs there, as `an array`. */
  readonly expected: string;
  /** The whole sentence without its full stop. */
  readonly message: string;
}

export interface InputOptions {
  /** Path of the input itself; members are named below it. Default: members are named alone. */
  readonly path?: string;
  /** Name of the input itself in a message. Default: `path`, or `the body`. */
  readonly name?: string;
  /** Whether the text or number at this path must not be quoted. Default: never. */
  readonly isSecret?: (path: string, value: unknown) => boolean;
}

export type CheckedInput<Value> =
  | { readonly value: Value; readonly issue?: undefined }
  | { readonly issue: InputIssue };

const MAX_SHOWN_LENGTH = 40;
/** A name may be shown. What somebody writes in the place of a name by mistake may be a secret. */
const NAME = /^[A-Za-z0-9_-]{1,32}$/;

/** Describes a value by its kind alone, for values that may be secret. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === "") return "an empty text";
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return `a text of ${value.length} characters`;
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function shortJson(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string" || value === "") return kindOf(value);
  return JSON.stringify(value.length > MAX_SHOWN_LENGTH ? `${value.slice(0, MAX_SHOWN_LENGTH)}…` : value);
}

/** The fault of a value that a program has checked itself, in the same grammar as those that a schema finds. */
export function inputIssue(
  path: string,
  expected: string,
  got: { readonly value: unknown; readonly isSecret?: boolean },
): InputIssue {
  const shown = got.isSecret ? kindOf(got.value) : shortJson(got.value);
  return { path, expected, message: `${path} must be ${expected}, got ${shown}` };
}

/** The parts of a valibot schema that lead to the names of an object's fields. */
interface SchemaNode {
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly wrapped?: SchemaNode;
  readonly item?: SchemaNode;
  readonly options?: readonly SchemaNode[];
}

/** Finds the object schema at a path; an array's items and optional fields are looked through. */
function objectAt(schema: SchemaNode | undefined, keys: readonly unknown[]): SchemaNode | undefined {
  if (schema === undefined) return undefined;
  const { wrapped, item, options, entries } = schema;
  if (wrapped) return objectAt(wrapped, keys);
  if (item) return objectAt(item, keys.slice(1));
  if (Array.isArray(options)) {
    const found = (options as readonly SchemaNode[]).map((option) => objectAt(option, keys));
    return found.find((option) => option !== undefined);
  }
  if (keys.length === 0 || entries === undefined) return entries && schema;
  return objectAt(entries[String(keys[0])], keys.slice(1));
}

/** Finds an array in the place of an object. Valibot reads it as an object without fields. */
function arrayForObject(
  schema: SchemaNode | undefined,
  input: unknown,
  keys: readonly unknown[] = [],
): readonly unknown[] | undefined {
  if (schema === undefined || typeof input !== "object" || input === null) return undefined;
  const { wrapped, item, entries } = schema;
  if (wrapped) return arrayForObject(wrapped, input, keys);
  if (entries && Array.isArray(input)) return keys;
  const inner = Object.entries(entries ?? (item && Array.isArray(input) ? input : {})).map(([key]) => {
    const node = item ?? entries?.[key];
    return arrayForObject(node, (input as Record<string, unknown>)[key], [...keys, item ? Number(key) : key]);
  });
  return inner.find((found) => found !== undefined);
}

const WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  Object: "an object",
  Array: "an array",
  null: "null",
};

/** `("a" | "b" | "c")` of valibot as `"a", "b" or "c"`. */
const inWords = (expected: string): string =>
  expected
    .replace(/^\((.*)\)$/, "$1")
    .split(" | ")
    .map((word) => WORDS[word] ?? word)
    .join(", ")
    .replace(/, ([^,]+)$/, " or $1");

/** Says what an action of a pipe requires, where the schema gives no words of its own. */
function ruleInWords({ type, requirement }: v.BaseIssue<unknown> & { readonly requirement?: unknown }): string {
  const limit = String(requirement);
  const rules: Readonly<Record<string, string>> = {
    integer: "a whole number",
    safe_integer: "a whole number",
    non_empty: "not empty",
    min_value: `at least ${limit}`,
    max_value: `at most ${limit}`,
    min_length: `at least ${limit} long`,
    max_length: `at most ${limit} long`,
    url: "an absolute URL",
  };
  return rules[type] ?? "as the documentation says";
}

/** Never valibot's own message, which quotes what was received. */
function expectedOf(issue: v.BaseIssue<unknown>): string {
  if (issue.kind === "validation") return ruleInWords(issue);
  return issue.expected === null ? "as the documentation says" : inWords(issue.expected);
}

interface Found {
  readonly keys: readonly unknown[];
  readonly issue: v.BaseIssue<unknown>;
}

const keysOf = (issue: v.BaseIssue<unknown>): readonly unknown[] => (issue.path ?? []).map(({ key }) => key);

/** An object that fits none of several schemas: the fault inside of it says more than the list of schemas. */
function innermost(issue: v.BaseIssue<unknown>, before: readonly unknown[] = []): readonly Found[] {
  const keys = [...before, ...keysOf(issue)];
  const inner = Array.isArray(issue.input) ? [] : (issue.issues ?? []).filter((one) => keysOf(one).length > 0);
  return inner.length === 0 ? [{ keys, issue }] : inner.flatMap((one) => innermost(one, keys));
}

function joined(path: string, keys: readonly unknown[]): string {
  const shown = keys.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return NAME.test(String(key)) ? `.${String(key)}` : ".…";
  });
  return (path + shown.join("")).replace(/^\./, "");
}

/** A misspelt field explains a missing one, so it comes first. */
const isUnknownField = ({ issue }: Found): boolean => issue.expected === "never";

function unknownField(schema: SchemaNode, keys: readonly unknown[], where: string | undefined): string {
  const name = String(keys.at(-1));
  const fields = Object.keys(objectAt(schema, keys.slice(0, -1))?.entries ?? {});
  const help = NAME.test(name) ? didYouMean(name, fields) : "";
  const place = where === undefined ? "" : ` in ${where}`;
  return `unknown field${NAME.test(name) ? ` "${name}"` : ""}${place}${help === "" ? `; the fields are ${fields.join(", ")}` : help}`;
}

/** A missing field: what its own schema expects is more than that something has to be there. */
function expectedAt(schema: SchemaNode, keys: readonly unknown[]): string | undefined {
  const entry = objectAt(schema, keys.slice(0, -1))?.entries?.[String(keys.at(-1))];
  if (entry === undefined) return undefined;
  const { issues } = v.safeParse(entry as unknown as v.GenericSchema, undefined, { message: expectedOf });
  return issues?.[0].message;
}

/** The choice that a misspelt text was probably meant to be. */
function meantChoice({ issue }: Found): string {
  if (issue.type !== "picklist" || typeof issue.input !== "string" || !NAME.test(issue.input)) return "";
  const choices = [...(issue.expected ?? "").matchAll(/"([^"]*)"/g)].map(([, choice]) => choice!);
  return didYouMean(issue.input, choices);
}

/**
 * Checks an input by its schema. A message in the schema says what is expected, as "64 lower-case hexadecimal digits".
 *
 * @returns the value as the schema reads it, or the first fault
 */
export function checkInput<const Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
  { path = "", name = path === "" ? "the body" : path, isSecret = () => false }: InputOptions = {},
): CheckedInput<v.InferOutput<Schema>> {
  const node = schema as SchemaNode;
  const pathOf = (keys: readonly unknown[]): string => (keys.length === 0 ? name : joined(path, keys));
  const array = arrayForObject(node, input);
  if (array !== undefined) return { issue: inputIssue(pathOf(array), "an object", { value: [] }) };
  const result = v.safeParse(schema, input, { message: expectedOf });
  if (result.success) return { value: result.output };
  const all = result.issues.flatMap((issue) => innermost(issue));
  const found = all.find(isUnknownField) ?? all[0]!;
  const { keys, issue } = found;
  const at = pathOf(keys);
  if (isUnknownField(found)) {
    const parents = keys.slice(0, -1);
    const parent = parents.length === 0 ? path || undefined : joined(path, parents);
    return { issue: { path: at, expected: "left out", message: unknownField(node, keys, parent) } };
  }
  const isMissing = issue.kind === "schema" && issue.input === undefined && keys.length > 0;
  const expected = (isMissing ? expectedAt(node, keys) : undefined) ?? issue.message;
  const shown = inputIssue(at, expected, { value: issue.input, isSecret: isSecret(at, issue.input) });
  return { issue: { ...shown, message: shown.message + meantChoice(found) } };
}
