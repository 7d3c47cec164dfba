/** Reads what a variable or secret holds; an error names the place and what belongs there, never the value. */
import * as v from "valibot";

/** A variable or secret is missing or is not what README.md says. `message`: `<path> must be <expected>`. */
export class ConfigError extends Error {
  readonly code = "ERR_GHL_GATEWAY_CONFIG";
  override readonly name = "ConfigError";
  /** `APPS`, for `APPS.main.clientId`. */
  readonly variable: string;
  /** The app of a problem in `APPS`. */
  readonly app: string | undefined;

  readonly path: string;
  readonly expected: string;

  constructor(path: string, expected: string) {
    super(`${path} must be ${expected}`);
    this.path = path;
    this.expected = expected;
    this.variable = /^\w+/.exec(path)?.[0] ?? path;
    this.app = /^APPS\.([a-z0-9-]+)/.exec(path)?.[1];
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** A name may be shown; what is written in the place of a name by mistake may be a secret. */
const isName = (key: unknown): boolean => typeof key === "number" || /^[A-Za-z0-9_-]{1,32}$/.test(String(key));

function pathOf(variable: string, keys: readonly unknown[]): string {
  const shown = keys.map((key) => (typeof key === "number" ? `[${key}]` : isName(key) ? `.${String(key)}` : ".…"));
  return variable + shown.join("");
}

const UNKNOWN_FIELD = "left out: unknown field";

/** A schema as it is looked into: an object has entries, an optional value wraps another schema. */
interface SchemaNode {
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly wrapped?: SchemaNode;
  readonly item?: SchemaNode;
  readonly options?: readonly SchemaNode[];
}

/** The fields of the object that has the last of the keys, so that the right name is beside a misspelt one. */
function fieldsBeside(schema: SchemaNode | undefined, keys: readonly unknown[]): readonly string[] {
  if (schema === undefined) return [];
  const { wrapped, item, options, entries } = schema;
  if (wrapped) return fieldsBeside(wrapped, keys);
  if (item) return fieldsBeside(item, keys.slice(1));
  if (Array.isArray(options))
    return fieldsBeside(
      options.find((option) => option.entries),
      keys,
    );
  if (entries === undefined) return [];
  return keys.length > 1 ? fieldsBeside(entries[String(keys[0])], keys.slice(1)) : Object.keys(entries);
}

/** What belongs there. Never `issue.message`, whose default quotes what was received. */
function expectedOf(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === "never") return UNKNOWN_FIELD;
  if (issue.expected === "Object") return "an object";
  if (issue.expected === "Array") return "an array";
  if (issue.expected === "string") return "a text";
  // A member that is missing is expected by its name.
  return issue.received === "undefined" ? "set" : (issue.expected ?? "as README.md says");
}

/**
 * Checks a value by its schema. Messages of a schema say what is expected, as "64 lower-case hexadecimal digits".
 *
 * @throws ConfigError
 */
export function check<const Schema extends v.GenericSchema>(
  at: string,
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { message: expectedOf, abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const keys = (issue.path ?? []).map(({ key }) => key);
  const fields = issue.message === UNKNOWN_FIELD ? fieldsBeside(schema as SchemaNode, keys) : [];
  const known = fields.length === 0 ? "" : `; the fields are ${fields.join(", ")}`;
  throw new ConfigError(pathOf(at, keys), issue.message + known);
}

export function json(variable: string, text: string | undefined): unknown {
  if (text === undefined || text === "") throw new ConfigError(variable, "set");
  try {
    return JSON.parse(text);
  } catch (error) {
    // The place alone: the rest of the message may quote the text.
    const place = /at position (\d+)/.exec(String(error))?.[1];
    const where = place === undefined ? "" : `; it breaks at character ${Number(place) + 1}`;
    throw new ConfigError(variable, `valid JSON${where}`);
  }
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

/** An object of any names. `v.record` would leave out some names without a word, `constructor` among them. */
export function object(at: string, value: unknown): Fields {
  return check(at, v.custom<Fields>(isObject, "an object"), value);
}

export const text = v.pipe(v.string(), v.nonEmpty("a text that is not empty"));

/** Without a slash at its end. */
export const url = v.pipe(
  v.string("an absolute http(s) URL"),
  v.url("an absolute http(s) URL"),
  v.regex(/^https?:/i, "an absolute http(s) URL"),
  v.transform((value) => value.replace(/\/+$/, "")),
);

/** SHA-256 of a key that a caller presents. */
export const sha256Hex = v.pipe(
  v.string("64 lower-case hexadecimal digits"),
  v.regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits"),
);
