import { arrayAt, byCodeUnit, isObject, type Json, type JsonObject, sortMembers } from "../../json/json.ts";

/** Types of access token, in the order `x-token` lists them. */
export const ACCESS_TOKEN_TYPES = ["location", "location-pit", "company", "company-pit"] as const;
export type AccessTokenType = (typeof ACCESS_TOKEN_TYPES)[number];

/** HighLevel's five security schemes. The `-Only` ones refuse private integration tokens. */
const TOKEN_TYPES_OF_SCHEME: Readonly<Record<string, readonly AccessTokenType[]>> = {
  bearer: ["location", "location-pit"],
  "Location-Access": ["location", "location-pit"],
  "Location-Access-Only": ["location"],
  "Agency-Access": ["company", "company-pit"],
  "Agency-Access-Only": ["company"],
};

/**
 * Token types that any alternative accepts; `[]` for an anonymous operation; undefined when the document does not say,
 * or says it with schemes that are not HighLevel's.
 */
export function acceptedTokenTypes(security: Json | undefined): AccessTokenType[] | undefined {
  if (!Array.isArray(security)) return undefined;
  const schemes = security.flatMap((requirement) => (isObject(requirement) ? Object.keys(requirement) : []));
  if (!schemes.every((scheme) => Object.hasOwn(TOKEN_TYPES_OF_SCHEME, scheme))) return undefined;
  const accepted = new Set(schemes.flatMap((scheme) => TOKEN_TYPES_OF_SCHEME[scheme] ?? []));
  return ACCESS_TOKEN_TYPES.filter((type) => accepted.has(type));
}

/** Alternatives in canonical order, scopes sorted. */
export function distilSecurity(security: Json | undefined): JsonObject[] | undefined {
  if (!Array.isArray(security)) return undefined;
  return security
    .filter(isObject)
    .map((requirement) => {
      const result: JsonObject = {};
      for (const scheme of Object.keys(requirement).sort())
        result[scheme] = [...new Set(arrayAt(requirement[scheme]))].sort();
      return result;
    })
    .sort((a, b) => byCodeUnit(JSON.stringify(a), JSON.stringify(b)));
}

/** Returns the security schemes that are in use, without their prose. */
export function distilSecuritySchemes(schemes: JsonObject, used: ReadonlySet<string>): JsonObject {
  const result: JsonObject = {};
  for (const name of Object.keys(schemes).sort()) {
    const scheme = schemes[name];
    if (!used.has(name) || !isObject(scheme)) continue;
    const kept: JsonObject = {};
    for (const key of ["type", "scheme", "bearerFormat", "name", "in", "openIdConnectUrl"]) {
      const value = scheme[key];
      if (value !== undefined) kept[key] = value;
    }
    if (isObject(scheme.flows)) kept.flows = withoutScopeTexts(scheme.flows);
    result[name] = kept;
  }
  return result;
}

/** Scope names of OAuth flows stay, what is said about them goes. */
function withoutScopeTexts(flows: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const name of Object.keys(flows).sort()) {
    const flow = flows[name];
    if (!isObject(flow)) continue;
    const scopes = isObject(flow.scopes) ? Object.keys(flow.scopes).sort() : [];
    result[name] = sortMembers({ ...flow, scopes: Object.fromEntries(scopes.map((scope) => [scope, ""])) });
  }
  return result;
}
