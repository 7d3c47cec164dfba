/** Reads what a variable or secret holds; what is wrong is named, never quoted. */

/** A variable or secret is missing or not what README.md says it is. */
export class ConfigError extends Error {
  readonly code = "ERR_GHL_GATEWAY_CONFIG";
  override readonly name = "ConfigError";
  readonly variable: string;
  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`);
    this.variable = variable;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export function json(variable: string, text: string | undefined): unknown {
  if (text === undefined || text === "") throw new ConfigError(variable, "is not set");
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(variable, "is not JSON");
  }
}

export function object(variable: string, value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ConfigError(variable, "must hold an object");
  return value as Fields;
}

export function list(variable: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new ConfigError(variable, "must hold an array");
  return value;
}

export function text(variable: string, fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value === "") throw new ConfigError(variable, `needs a text for ${name}`);
  return value;
}

export function url(variable: string, value: string | undefined): string {
  if (value === undefined || !URL.canParse(value)) throw new ConfigError(variable, "is not a URL");
  return value.replace(/\/+$/, "");
}
