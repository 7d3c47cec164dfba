import { describeValue, didYouMean } from "@ghl-edge/core";
import * as v from "valibot";

/** A schema as it is looked into: an object has entries, a list has an item, an optional value wraps another schema. */
interface SchemaNode {
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly item?: SchemaNode;
  readonly wrapped?: SchemaNode;
  readonly options?: readonly SchemaNode[];
}

/** Returns the schema at a path, or undefined where the path leaves the schema. */
function schemaAt(schema: SchemaNode | undefined, keys: readonly unknown[]): SchemaNode | undefined {
  if (schema === undefined) return undefined;
  if (schema.wrapped !== undefined) return schemaAt(schema.wrapped, keys);
  // A picklist has options, too: they are texts.
  const object = Array.isArray(schema.options) ? schema.options.find((option) => option.entries) : undefined;
  if (object !== undefined) return schemaAt(object, keys);
  const [key, ...deeper] = keys;
  if (key === undefined) return schema;
  if (schema.item !== undefined) return schemaAt(schema.item, deeper);
  const { entries } = schema;
  return entries !== undefined && Object.hasOwn(entries, String(key))
    ? schemaAt(entries[String(key)], deeper)
    : undefined;
}

/** A name may be shown. What stands in the place of a name by mistake may be a secret. */
const isShown = (key: string): boolean => /^[\w-]{1,32}$/.test(key);

/** Writes a path as JavaScript does, `resources[0].id`. */
export function pathOf(root: string, keys: readonly unknown[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`;
    const name = isShown(String(key)) ? String(key) : "…";
    return path === "" ? name : `${path}.${name}`;
  }, root);
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
  if (issue.type === "picklist")
    return `one of ${(issue as v.PicklistIssue).expected.replaceAll(/[("')]/g, "").replaceAll(" | ", ", ")}`;
  return EXPECTED[issue.expected ?? ""] ?? issue.expected ?? "what the documentation says";
}

/** What a caller has to know of an input that is refused. */
export interface InputProblem {
  /** Undefined: the value as a whole. */
  readonly path: string;
  /** The whole sentence without a full stop: `limit must be a whole number from 1 to 200, got 0`. */
  readonly message: string;
}

export interface InputProblemOptions {
  /** Name of the value as a whole. Default: none, so that paths begin with the name of a field. */
  readonly root?: string;
  /** What the fields of the value itself are called. Default: `field`. */
  readonly fieldNoun?: string;
}

/**
 * Checks a value that somebody else wrote, by its schema.
 *
 * A schema's message says what is expected: `v.string("an absolute URL")` refuses with `url must be an absolute URL, got 5`. A message that
 * begins with `must` is used as it is, and the value is not shown: `v.string("must be a token")`.
 *
 * @returns the checked value, or the first problem: `<path> must be <expected>, got <value>`, or `unknown field "scop"; did you mean "scopes"?`
 */
export function checkInput<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  { root = "", fieldNoun = "field" }: InputProblemOptions = {},
): { readonly value: v.InferOutput<Schema> } | { readonly problem: InputProblem } {
  const result = v.safeParse(schema, value, { message: expectation, abortEarly: true });
  if (result.success) return { value: result.output };
  const [issue] = result.issues;
  return { problem: problemOf(schema as SchemaNode, issue, { root, fieldNoun }) };
}

function problemOf(
  schema: SchemaNode,
  issue: v.BaseIssue<unknown>,
  { root, fieldNoun }: Required<InputProblemOptions>,
): InputProblem {
  const keys = (issue.path ?? []).map(({ key }) => key);
  const path = pathOf(root, keys);
  const isKey = issue.path?.at(-1)?.origin === "key";
  if (isKey && issue.expected === "never") {
    const fields = Object.keys(schemaAt(schema, keys.slice(0, -1))?.entries ?? {});
    const noun = keys.length === 1 ? fieldNoun : "field";
    const name = String(keys.at(-1));
    const known = isShown(name) ? ` "${path}"${didYouMean(name, fields)}` : "";
    return { path, message: `unknown ${noun}${known}` };
  }
  // A missing member is an issue of the object, whose message does not say what the member must be.
  const member = isKey ? schemaAt(schema, keys) : undefined;
  const missing =
    member === undefined
      ? undefined
      : v.safeParse(member as v.GenericSchema, undefined, { message: expectation, abortEarly: true }).issues?.[0];
  const { message, input } = missing ?? issue;
  const said = message.startsWith("must") ? message : `must be ${message}, got ${describeValue(input)}`;
  return { path, message: `${path === "" ? "input" : path} ${said}` };
}
