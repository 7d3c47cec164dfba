import { describeValue, nearestName, numberProblem } from "@ghl-edge/core";
import { EmulatorConfigurationError } from "./configuration-error.ts";

export type Kind = "function" | "string" | "number" | "boolean" | "object" | "array";

export const kindOf = (value: unknown): string =>
  Array.isArray(value) ? "array" : value === null ? "null" : typeof value;

/** @throws EmulatorConfigurationError that names path, expectation and value */
export function refuse(path: string, expected: string, value: unknown): never {
  throw new EmulatorConfigurationError(`${path} must be ${expected}, got ${describeValue(value)}`);
}

/** @throws EmulatorConfigurationError unless the value is a number as demanded */
export function demandNumber(path: string, value: unknown, demand: Parameters<typeof numberProblem>[2]): void {
  const problem = numberProblem(path, value, demand);
  if (problem !== undefined) throw new EmulatorConfigurationError(problem);
}

export function demandText(path: string, value: unknown): void {
  if (typeof value !== "string" || value === "") refuse(path, "a text that is not empty", value);
}

export function demandTexts(path: string, value: unknown): void {
  if (!Array.isArray(value)) refuse(path, "a list", value);
  for (const [index, text] of (value as unknown[]).entries()) demandText(`${path}[${index}]`, text);
}

/** @throws EmulatorConfigurationError for a member nobody knows, naming what was probably meant */
export function demandNames(path: string, value: unknown, known: readonly string[]): void {
  if (kindOf(value) !== "object") refuse(path, "an object", value);
  for (const name of Object.keys(value as object)) {
    if (known.includes(name)) continue;
    const meant = nearestName(name, known);
    const where = path === "" ? "" : ` in ${path}`;
    const help = meant === undefined ? `known are ${known.join(", ")}` : `did you mean ${describeValue(meant)}?`;
    throw new EmulatorConfigurationError(`unknown option ${describeValue(name)}${where}; ${help}`);
  }
}

export function demandUrl(path: string, value: unknown): void {
  const isUrl = typeof value === "string" && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
  if (!isUrl) refuse(path, "an absolute http(s) URL", value);
}

/** A text that no message may show. */
export function demandSecret(path: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  const got = value === "" ? "an empty text" : kindOf(value);
  throw new EmulatorConfigurationError(`${path} must be a text that is not empty, got ${got}`);
}
