import { describeValue, numberProblem } from "@ghl-edge/core";
import { EmulatorConfigurationError } from "./configuration-error.ts";
import type { EmulatedApp, EmulatedCompany, EmulatedPrivateToken, EmulatorOptions } from "./options.ts";

type Kind = "function" | "string" | "number" | "boolean" | "object" | "array";

/** Every option with what it is, so that a misspelt one is refused instead of being ignored. */
const KINDS: Readonly<Record<keyof EmulatorOptions, Kind | readonly Kind[]>> = {
  seed: "string",
  now: "function",
  fetch: "function",
  apps: "array",
  company: "object",
  privateTokens: "array",
  refreshGraceMs: "number",
  accessTokenLifetimeMs: "number",
  codeLifetimeMs: "number",
  refreshTokenLifetimeMs: "number",
  rateLimit: ["object", "string"],
  checks: "string",
  faults: "array",
  controls: "boolean",
  rsaKeys: "object",
  sleep: "function",
};

/** Lifetimes, in ms; a grace of 0 is single use. */
const LIFETIMES = ["accessTokenLifetimeMs", "codeLifetimeMs", "refreshTokenLifetimeMs"] as const;

const kindOf = (value: unknown): string => (Array.isArray(value) ? "array" : value === null ? "null" : typeof value);

function refuse(path: string, expected: string, value: unknown): never {
  throw new EmulatorConfigurationError(`${path} must be ${expected}, got ${describeValue(value)}`);
}

/** @throws EmulatorConfigurationError unless the value is a number as demanded */
export function demandNumber(path: string, value: unknown, demand: Parameters<typeof numberProblem>[2]): void {
  const problem = numberProblem(path, value, demand);
  if (problem !== undefined) throw new EmulatorConfigurationError(problem);
}

function demandText(path: string, value: unknown): void {
  if (typeof value !== "string" || value === "") refuse(path, "a text that is not empty", value);
}

function demandTexts(path: string, value: unknown): void {
  if (!Array.isArray(value)) refuse(path, "a list", value);
  for (const [index, text] of (value as unknown[]).entries()) demandText(`${path}[${index}]`, text);
}

function checkApp(path: string, app: EmulatedApp): void {
  demandText(`${path}.clientId`, app?.clientId);
  demandText(`${path}.clientSecret`, app.clientSecret);
  if (app.redirectUris !== undefined) demandTexts(`${path}.redirectUris`, app.redirectUris);
  if (app.scopes !== undefined) demandTexts(`${path}.scopes`, app.scopes);
  if (app.target !== undefined && app.target !== "sub-account" && app.target !== "agency")
    refuse(`${path}.target`, "sub-account or agency", app.target);
}

function checkCompany(company: EmulatedCompany): void {
  demandText("company.id", company.id);
  demandText("company.name", company.name);
  if (!Array.isArray(company.locations)) refuse("company.locations", "a list", company.locations);
  for (const [index, location] of company.locations.entries()) {
    demandText(`company.locations[${index}].id`, location?.id);
    demandText(`company.locations[${index}].name`, location.name);
  }
}

function checkPrivateToken(path: string, given: EmulatedPrivateToken): void {
  demandText(`${path}.token`, given?.token);
  demandTexts(`${path}.scopes`, given.scopes);
  const { kind, id } = Object(given.resource);
  if (kind !== "location" && kind !== "company") refuse(`${path}.resource.kind`, "location or company", kind);
  demandText(`${path}.resource.id`, id);
}

/** Checks the options of `createEmulator`; faults and rate limits have checks of their own. @throws EmulatorConfigurationError */
export function checkOptions(options: EmulatorOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(KINDS, name))
      throw new EmulatorConfigurationError(
        `unknown option ${describeValue(name)}; known are ${Object.keys(KINDS).join(", ")}`,
      );
    const kinds = [KINDS[name as keyof EmulatorOptions]].flat();
    if (value !== undefined && !kinds.includes(kindOf(value) as Kind)) refuse(name, kinds.join(" or "), value);
  }
  const { seed, apps, company, privateTokens, checks } = options;
  if (seed !== undefined) demandText("seed", seed);
  if (options.refreshGraceMs !== undefined) demandNumber("refreshGraceMs", options.refreshGraceMs, { min: 0 });
  for (const name of LIFETIMES)
    if (options[name] !== undefined) demandNumber(name, options[name], { min: 0, exclusiveMin: true });
  if (checks !== undefined && checks !== "lenient" && checks !== "strict")
    refuse("checks", "lenient or strict", checks);
  for (const [index, app] of (apps ?? []).entries()) checkApp(`apps[${index}]`, app);
  if (company !== undefined) checkCompany(company);
  for (const [index, token] of (privateTokens ?? []).entries()) checkPrivateToken(`privateTokens[${index}]`, token);
}
