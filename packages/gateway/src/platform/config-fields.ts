/** Reads variables and secrets. An error names the path, what belongs there and what kind of value is there; never the value itself. */
import { isObject } from "@ghl-edge/core";
import * as v from "valibot";
import { checkInput, type InputProblem, inputProblem } from "../domain/input-problem.ts";

/** A variable or secret is missing, or is not what docs/gateway/configuration.md describes. `message`: `<path> must be <expected>, got <got>`. */
export class ConfigError extends Error {
  readonly code = "ERR_GHL_GATEWAY_CONFIG";
  override readonly name = "ConfigError";
  /** `APPS`, for `APPS.main.clientId`. */
  readonly variable: string;
  /** The app of a problem in `APPS`. */
  readonly app: string | undefined;
  readonly path: string;
  readonly expected: string;

  constructor({ path, expected, message }: InputProblem) {
    super(message);
    this.path = path;
    this.expected = expected;
    this.variable = /^\w+/.exec(path)?.[0] ?? path;
    this.app = /^APPS\.([a-z0-9-]+)/.exec(path)?.[1];
  }
}

/** Makes the error of a value that is not what belongs there. Only the kind of the value is shown, because it may be a secret. */
export const misconfigured = (path: string, expected: string, value: unknown): ConfigError =>
  new ConfigError(inputProblem(path, expected, { value, isSecret: true }));

export type Fields = Readonly<Record<string, unknown>>;

/** Fields that hold numbers of our own choice. A number anywhere else may be a secret that was written without quotes. */
const NUMBERS = /\.(limits|endpoints|webhooks\.maxAgeHours|eventRetentionDays)\b|\.scopes\[/;

/** No text is shown: a secret may be in the place of any field. */
const isSecret = (path: string, value: unknown): boolean => typeof value !== "number" || !NUMBERS.test(path);

/**
 * Checks a value by its schema.
 *
 * @throws ConfigError
 */
export function check<const Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const checked = checkInput(schema, value, { root: path, isSecret });
  if ("problem" in checked) throw new ConfigError(checked.problem);
  return checked.value;
}

export function json(variable: string, text: string | undefined): unknown {
  if (text === undefined || text === "") throw misconfigured(variable, "valid JSON", text);
  try {
    return JSON.parse(text);
  } catch (error) {
    // Only the position is taken from the message, whose other words may quote the text.
    const position = /at position (\d+)/.exec(String(error))?.[1];
    const got =
      position === undefined ? "a text that cannot be parsed" : `an error at character ${Number(position) + 1}`;
    const expected = "valid JSON";
    throw new ConfigError({ path: variable, expected, message: `${variable} must be ${expected}, got ${got}` });
  }
}

/** An object of any names. `v.record` would drop some names, `constructor` among them, and report nothing. */
export function object(path: string, value: unknown): Fields {
  return check(path, v.custom<Fields>(isObject, "an object"), value);
}

export const text = v.pipe(v.string("a text that is not empty"), v.nonEmpty("a text that is not empty"));

/** A switch. Another spelling is refused: if it counted as off, a misspelt "true" would not be noticed. */
export const flag = v.pipe(
  v.picklist(["true", "false"], '"true" or "false"'),
  v.transform((value) => value === "true"),
);

/** An absolute URL; slashes at its end are removed. */
export const url = v.pipe(
  v.string("an absolute http(s) URL"),
  v.url("an absolute http(s) URL"),
  v.regex(/^https?:/i, "an absolute http(s) URL"),
  v.transform((value) => value.replace(/\/+$/, "")),
);

/** The SHA-256 hash of a key that a caller presents. */
export const sha256Hex = v.pipe(
  v.string("64 lower-case hexadecimal digits"),
  v.regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits"),
);
