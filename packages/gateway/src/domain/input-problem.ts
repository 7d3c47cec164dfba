/** The one grammar for everything that is wrong with an input: configuration, bodies, queries and props of a binding. */
import { describeValue, didYouMean } from "@ghl-edge/core";
import * as v from "valibot";

/** The parts of a valibot schema that lead to its fields: entries of an object, item of a list, the schema that an optional value wraps. */
interface SchemaNode {
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly item?: SchemaNode;
  readonly wrapped?: SchemaNode;
  readonly options?: readonly SchemaNode[];
  /** Field that distinguishes the options of a variant. */
  readonly key?: string;
}

type Keys = readonly unknown[];

/** Returns the schema at a path, or undefined where the path leaves the schema. */
function schemaAt(schema: SchemaNode | undefined, keys: Keys): SchemaNode | undefined {
  if (schema === undefined) return undefined;
  if (schema.wrapped !== undefined) return schemaAt(schema.wrapped, keys);
  const [key, ...deeper] = keys;
  if (key === undefined) return schema;
  // A picklist has options, too: they are texts.
  const objects = (schema.options ?? []).filter((option) => option.entries !== undefined);
  for (const object of objects) {
    const found = schemaAt(object, keys);
    if (found !== undefined) return found;
  }
  if (schema.item !== undefined) return schemaAt(schema.item, deeper);
  const { entries } = schema;
  return entries !== undefined && Object.hasOwn(entries, String(key))
    ? schemaAt(entries[String(key)], deeper)
    : undefined;
}

/** Returns the fields that an object may have: of a variant those of its kind, of a union those of all kinds. */
function fieldsOf(schema: SchemaNode | undefined, value: unknown): readonly string[] {
  if (schema?.wrapped !== undefined) return fieldsOf(schema.wrapped, value);
  if (schema?.options === undefined) return Object.keys(schema?.entries ?? {});
  const { key } = schema;
  const kind = key === undefined ? undefined : (value as Readonly<Record<string, unknown>>)[key];
  const options = schema.options.filter(
    ({ entries }) => key === undefined || v.is(entries?.[key] as v.GenericSchema, kind),
  );
  return [...new Set(options.flatMap((option) => Object.keys(option.entries ?? {})))];
}

/** Finds a list in the place of an object. Valibot would read it as an object without fields. */
function listForObject(schema: SchemaNode | undefined, value: unknown, keys: Keys = []): Keys | undefined {
  if (schema === undefined || typeof value !== "object" || value === null) return undefined;
  const { wrapped, item, entries } = schema;
  if (wrapped !== undefined) return listForObject(wrapped, value, keys);
  if (entries !== undefined && Array.isArray(value)) return keys;
  const names =
    entries !== undefined ? Object.keys(entries) : item !== undefined && Array.isArray(value) ? value.keys() : [];
  for (const key of names) {
    const member = (value as Readonly<Record<string | number, unknown>>)[key];
    const found = listForObject(item ?? entries?.[key], member, [...keys, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A name may be shown. What stands in the place of a name by mistake may be a secret. */
const isShown = (key: string): boolean => /^[\w-]{1,32}$/.test(key);

/** Writes a path as JavaScript does, `resources[0].id`. */
export function pathOf(root: string, keys: Keys): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    const name = isShown(String(key)) ? String(key) : "…";
    return path === "" ? name : `${path}.${name}`;
  }, root);
}

/** Describes a value that may be a secret by its kind alone. */
function kindOf(value: unknown): string {
  if (typeof value === "string") return value === "" ? "an empty text" : `a text of ${value.length} characters`;
  return typeof value === "number" ? "a number" : describeValue(value);
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  Array: "a list",
  Object: "an object",
};

/** The words for a schema without a message of its own. The default message of valibot would quote the value. */
function expectation(issue: v.BaseIssue<unknown>): string {
  const isVariant = issue.type === "variant" && issue.expected !== "Object";
  if (issue.type === "picklist" || isVariant)
    return `one of ${(issue as v.PicklistIssue).expected.replaceAll(/[("')]/g, "").replaceAll(" | ", ", ")}`;
  return EXPECTED[issue.expected ?? ""] ?? issue.expected ?? "what the documentation says";
}

/** The problem of an input, as its sender may see it. */
export interface InputProblem {
  /** Empty: the value as a whole. */
  readonly path: string;
  /** The words for a value that belongs at the path. */
  readonly expected: string;
  /** The whole sentence without a full stop: `limit must be a whole number from 1 to 200, got 0`. */
  readonly message: string;
}

export interface InputProblemOptions {
  /** Name of the value as a whole. Default: none, so that paths begin with the name of a field. */
  readonly root?: string;
  /** Whether the value at a path may be a secret. Only its kind is shown then. Default: never. */
  readonly isSecret?: (path: string, value: unknown) => boolean;
}

/** Words the problem of a value that a program has checked itself, as those that a schema finds. */
export function inputProblem(
  path: string,
  expected: string,
  { value, isSecret = false }: { readonly value: unknown; readonly isSecret?: boolean },
): InputProblem {
  const got = isSecret ? kindOf(value) : describeValue(value);
  return { path, expected, message: `${path === "" ? "input" : path} must be ${expected}, got ${got}` };
}

/**
 * Checks a value that somebody else wrote, by its schema.
 *
 * A schema's message says what is expected: `v.string("an absolute URL")` refuses with `url must be an absolute URL, got 5`. A hint after
 * `; ` follows the value. A message that begins with `must` is used as it is, and the value is not shown: `v.string("must be a token")`. A
 * message that begins with the path is the whole sentence, for a check that looks deeper than its schema.
 *
 * @returns the checked value, or the first problem: `<path> must be <expected>, got <value>`, or `unknown field "scop"; did you mean "scopes"?`
 */
export function checkInput<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  { root = "", isSecret = () => false }: InputProblemOptions = {},
): { readonly value: v.InferOutput<Schema> } | { readonly problem: InputProblem } {
  const list = listForObject(schema as SchemaNode, value);
  if (list !== undefined) return { problem: inputProblem(pathOf(root, list), "an object", { value: [] }) };
  const result = v.safeParse(schema, value, { message: expectation });
  if (result.success) return { value: result.output };
  const all = result.issues.flatMap((issue) => innermost(issue));
  // A misspelt field explains the one that is missing.
  const found = all.find(isUnknownField) ?? all[0]!;
  return { problem: problemOf(schema as SchemaNode, found, { root, isSecret }) };
}

interface Found {
  readonly keys: Keys;
  readonly issue: v.BaseIssue<unknown>;
}

const keysOf = (issue: v.BaseIssue<unknown>): Keys => (issue.path ?? []).map(({ key }) => key);

/** The problem inside of an object that fits none of several schemas says more than the list of these schemas. */
function innermost(issue: v.BaseIssue<unknown>, before: Keys = []): readonly Found[] {
  const keys = [...before, ...keysOf(issue)];
  const inner = Array.isArray(issue.input) ? [] : (issue.issues ?? []).filter((one) => keysOf(one).length > 0);
  return inner.length === 0 ? [{ keys, issue }] : inner.flatMap((one) => innermost(one, keys));
}

const isOfKey = ({ issue }: Found): boolean => issue.path?.at(-1)?.origin === "key";
const isUnknownField = (found: Found): boolean => isOfKey(found) && found.issue.expected === "never";

function unknownField(path: string, name: string, fields: readonly string[]): string {
  const meant = isShown(name) ? didYouMean(name, fields) : "";
  const shown = isShown(name) ? ` "${path}"` : "";
  return `unknown field${shown}${meant === "" ? `; the fields are ${fields.join(", ")}` : meant}`;
}

/** Whether a message names the path itself: `filter.tags must be …` or `auth: …`. */
const isSentenceAbout = (path: string, message: string): boolean =>
  path !== "" && message.startsWith(path) && /^(\.|\[| must |: )/.test(message.slice(path.length));

function problemOf(schema: SchemaNode, found: Found, { root, isSecret }: Required<InputProblemOptions>): InputProblem {
  const { keys, issue } = found;
  const path = pathOf(root, keys);
  if (isUnknownField(found)) {
    const parent = issue.path?.at(-1)?.input;
    const message = unknownField(path, String(keys.at(-1)), fieldsOf(schemaAt(schema, keys.slice(0, -1)), parent));
    return { path, expected: "left out", message };
  }
  // A missing member is an issue of the object, whose message does not say what the member must be.
  const member = isOfKey(found) ? schemaAt(schema, keys) : undefined;
  const missing =
    member === undefined
      ? undefined
      : v.safeParse(member as v.GenericSchema, undefined, { message: expectation, abortEarly: true }).issues?.[0];
  const { message } = missing ?? issue;
  // An issue that a check forwards to a member has the whole object as its input.
  const last = issue.path?.at(-1);
  const value = missing !== undefined ? undefined : last === undefined ? issue.input : last.value;
  if (isSentenceAbout(path, message)) return { path, expected: "what the documentation says", message };
  if (!message.startsWith("must")) {
    const [expected = "", hint] = message.split("; ", 2);
    const found = inputProblem(path, expected, { value, isSecret: isSecret(path, value) });
    return hint === undefined ? found : { ...found, message: `${found.message}; ${hint}` };
  }
  const expected = message.replace(/^must (be )?/, "");
  return { path, expected, message: `${path === "" ? "input" : path} ${message}` };
}
