import { arrayAt, type Json, objectAt } from "../../json/json.ts";
import type { Kind } from "../kinds.ts";
import type { Finding } from "../model.ts";

/** Few enough to name; beyond it the rest is counted. */
const MAX_VALUES = 8;

const WORDS: Readonly<Record<Kind, string>> = {
  "operation-added": "new operation",
  "operation-removed": "operation removed",
  "operation-moved": "moved from {before} to {after}",
  "module-changed": "moved from module {before} to {after}",
  "operation-id-changed": "operationId {before} → {after}",
  "method-name-changed": "method name {before} → {after}",
  "path-parameter-renamed": "path parameter {before} is now called {after}",
  "security-changed": "security {before} → {after}",
  "scopes-changed": "scopes {before} → {after}",
  "tokens-changed": "token types {before} → {after}",
  "version-changed": "Version {before} → {after}",
  "pagination-changed": "pagination {before} → {after}",
  "server-changed": "servers {before} → {after}",
  "security-scheme-changed": "security scheme {before} → {after}",
  "event-changed": "{before} → {after}",
  deprecated: "deprecated",
  "no-longer-deprecated": "no longer deprecated",
  "discriminator-changed": "discriminator {before} → {after}",
  "parameter-added": "new optional parameter",
  "parameter-added-required": "new required parameter",
  "parameter-removed": "parameter removed",
  "parameter-moved": "moved from {before} to {after}",
  "parameter-now-required": "now required",
  "parameter-now-optional": "now optional",
  "parameter-encoding-changed": "written otherwise: {before} → {after}",
  "body-added": "takes a body, which may be left out",
  "body-added-required": "takes a body, which is required",
  "body-removed": "no longer takes a body",
  "body-now-required": "now required",
  "body-now-optional": "now optional",
  "media-type-added": "media type {after} added",
  "media-type-removed": "media type {before} removed",
  "media-encoding-changed": "encoding of parts {before} → {after}",
  "response-added": "new response",
  "response-removed": "response removed",
  "error-response-removed": "error response removed",
  "response-status-changed": "answers {after} instead of {before}",
  "response-header-added": "new header",
  "response-header-removed": "header removed",
  "response-header-now-required": "header always there",
  "response-header-now-optional": "header may be missing",
  "property-added": "new optional field",
  "property-added-required": "new required field",
  "property-removed": "field removed",
  "property-now-required": "now required",
  "property-now-optional": "now optional",
  "type-changed": "type {before} → {after}",
  "type-widened": "type widened: {before} → {after}",
  "type-narrowed": "type narrowed: {before} → {after}",
  "now-nullable": "may now be null",
  "no-longer-nullable": "no longer null",
  "enum-values-added": "new values {after}",
  "enum-values-removed": "values removed: {before}",
  "enum-introduced": "now only {after}",
  "enum-dropped": "no longer only {before}",
  "variant-added": "new variant {after}",
  "variant-removed": "variant removed: {before}",
  "constraint-tightened": "limit {before} → {after}",
  "constraint-loosened": "limit {before} → {after}",
  "constraint-changed": "{before} → {after}",
  "other-properties-forbidden": "other fields are now refused",
  "other-properties-allowed": "other fields are now allowed",
  "now-read-only": "now read-only",
  "no-longer-read-only": "no longer read-only",
  "now-write-only": "now write-only",
  "no-longer-write-only": "no longer write-only",
  "default-added": "default {after}",
  "default-changed": "default {before} → {after}",
  "default-removed": "default {before} gone",
  "schema-changed": "{after} changed",
  "docs-changed": "documentation changed",
};

/** Describes the change without its path: `new values "sms", "whatsapp"`. */
export function changeWords({ kind, before, after }: Finding): string {
  const valueWords = kind === "security-changed" ? securityWords : plainWords;
  return WORDS[kind].replaceAll(/\{(before|after)\}/g, (_, side: string) =>
    valueWords(side === "before" ? before : after),
  );
}

export function plainWords(value: Json | undefined): string {
  if (value === undefined || value === null) return "none";
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 0) return "none";
  const named = value
    .slice(0, MAX_VALUES)
    .map((item) => (typeof item === "string" ? `"${item}"` : JSON.stringify(item)));
  const rest = value.length - named.length;
  return named.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** `Location-Access (contacts.write)`, the alternatives of `security` one after the other. */
function securityWords(value: Json | undefined): string {
  const schemes = arrayAt(value).flatMap((one) =>
    Object.entries(objectAt(one)).map(([name, scopes]) => {
      return name + (arrayAt(scopes).length === 0 ? "" : ` (${arrayAt(scopes).join(", ")})`);
    }),
  );
  if (schemes.length > 0) return schemes.join(" or ");
  return value === undefined ? "unknown" : "none";
}

/** `ContactDto.email`, `GET /contacts/ query limit`: where it changed. */
export function pathWords({ schema, path, reaches }: Finding): string {
  if (schema !== undefined) return schema + path;
  return [reaches[0]?.operation, path].filter((part) => part !== undefined && part !== "").join(" ");
}

/** `request breaking, response additive`, where that is not the same on both. */
export function sideWords({ request, response }: Finding): string {
  if (request === undefined && response === undefined) return "";
  if (request === undefined) return "response";
  if (response === undefined) return "request";
  return request === response ? "request and response" : `request ${request}, response ${response}`;
}

/** The operations a finding reaches, each once. */
export function operationsOf(finding: Finding): string[] {
  const several = new Set(finding.reaches.map(({ document }) => document)).size > 1;
  return [
    ...new Set(finding.reaches.map(({ document, operation }) => (several ? `${operation} (${document})` : operation))),
  ];
}

/** `3 breaking, 1 additive`. */
export function countWords(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.length === 0 ? "no change" : parts.map(([name, count]) => `${count} ${name}`).join(", ");
}
