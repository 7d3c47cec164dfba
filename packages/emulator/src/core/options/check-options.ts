import { MAX_SEEDED_CONTACTS } from "../../seed/seeded-contacts.ts";
import { policyOf } from "../../webhooks/retry-policy.ts";
import { checkApp } from "./check-app.ts";
import { DEFAULT_COMPANY } from "./defaults.ts";
import {
  demandNames,
  demandNumber,
  demandSecret,
  demandText,
  demandTexts,
  type Kind,
  kindOf,
  refuse,
} from "./demand.ts";
import type { EmulatedCompany, EmulatedPrivateToken, EmulatorOptions } from "./emulator-options.ts";

/** Every option with what it is, so that a misspelt one is refused instead of being ignored. */
const KINDS: Readonly<Record<keyof EmulatorOptions, Kind | readonly Kind[]>> = {
  seed: "string",
  seedRecords: ["string", "number"],
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
  webhooks: ["object", "boolean"],
};

export const OPTION_NAMES: readonly string[] = Object.keys(KINDS);

/** Lifetimes, in ms; a grace of 0 is single use. */
const LIFETIMES = ["accessTokenLifetimeMs", "codeLifetimeMs", "refreshTokenLifetimeMs"] as const;

function checkCompany(company: EmulatedCompany): void {
  demandNames("company", company, ["id", "name", "locations"]);
  demandText("company.id", company.id);
  demandText("company.name", company.name);
  if (!Array.isArray(company.locations)) refuse("company.locations", "a list", company.locations);
  for (const [index, location] of company.locations.entries()) {
    demandNames(`company.locations[${index}]`, location, ["id", "name"]);
    demandText(`company.locations[${index}].id`, location?.id);
    demandText(`company.locations[${index}].name`, location.name);
  }
}

function checkWebhooks(webhooks: NonNullable<EmulatorOptions["webhooks"]>): void {
  if (webhooks === false) return;
  demandNames("webhooks", webhooks, ["retry", "speed"]);
  policyOf(webhooks.retry);
  if (webhooks.speed !== undefined) demandNumber("webhooks.speed", webhooks.speed, { min: 0, exclusiveMin: true });
}

function checkSeedRecords(seedRecords: EmulatorOptions["seedRecords"]): void {
  if (typeof seedRecords === "number")
    demandNumber("seedRecords", seedRecords, { min: 0, max: MAX_SEEDED_CONTACTS, integer: true });
  else if (seedRecords !== undefined && seedRecords !== "off" && seedRecords !== "small")
    refuse("seedRecords", "off, small or a number of contacts", seedRecords);
}

function checkPrivateToken(path: string, given: EmulatedPrivateToken): void {
  demandNames(path, given, ["token", "resource", "scopes"]);
  demandSecret(`${path}.token`, given.token);
  demandTexts(`${path}.scopes`, given.scopes);
  const { kind, id } = Object(given.resource);
  if (kind !== "location" && kind !== "company") refuse(`${path}.resource.kind`, "location or company", kind);
  demandText(`${path}.resource.id`, id);
}

/** Checks the options of `createEmulator`; faults and rate limits have checks of their own. @throws EmulatorConfigurationError */
export function checkOptions(options: EmulatorOptions): void {
  demandNames("", options, OPTION_NAMES);
  for (const [name, value] of Object.entries(options)) {
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
  if (company !== undefined) checkCompany(company);
  for (const [index, app] of (apps ?? []).entries()) checkApp(`apps[${index}]`, app, company ?? DEFAULT_COMPANY);
  checkSeedRecords(options.seedRecords);
  if (options.webhooks !== undefined) checkWebhooks(options.webhooks);
  for (const [index, token] of (privateTokens ?? []).entries()) checkPrivateToken(`privateTokens[${index}]`, token);
}
