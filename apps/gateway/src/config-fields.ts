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

/** What belongs there. Never `issue.message`, whose default quotes what was received. */
function expectedOf(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === "never") return "left out: there is no such field";
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
  throw new ConfigError(pathOf(at, keys), issue.message);
}

export function json(variable: string, text: string | undefined): unknown {
  if (text === undefined || text === "") throw new ConfigError(variable, "set");
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(variable, "valid JSON");
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
