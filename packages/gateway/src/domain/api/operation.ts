import { matchRoute, type RouteMatch } from "@ghl-edge/client/routes";
import type { Resource } from "@ghl-edge/core";
import type { AcceptedTokenTypes } from "../grants/token-reply.ts";

/** The operation, by the generation the caller's Version names; without one the newer generation is tried first. */
export function findOperation(method: string, path: string, version: string | undefined): RouteMatch | undefined {
  const order = version === undefined || version === "v3" ? (["v3", "v2"] as const) : (["v2", "v3"] as const);
  for (const api of order) {
    const route = matchRoute(method, path, api);
    if (route !== undefined) return route;
  }
  return undefined;
}

export const operationName = ({ api, module, name }: RouteMatch): string => `${api}.${module}.${name}`;

/** These answer with tokens, and no token leaves the gateway. */
export function answersWithTokens({ module, path }: RouteMatch): boolean {
  return module === "oauth" && /token$/i.test(path);
}

const NAMES: Readonly<Record<string, string>> = {
  l: "location token",
  L: "location private integration token",
  c: "company token",
  C: "company private integration token",
};

/** Returns which of a resource's tokens an operation takes. Where it takes none, returns the names of all that it takes. */
export function acceptedTokenTypesFor(
  { tokens }: RouteMatch,
  { kind }: Resource,
): AcceptedTokenTypes | readonly string[] {
  // An anonymous operation, or one whose document does not say.
  if (tokens === "" || tokens === "?") return "any";
  const letter = kind === "location" ? "l" : "c";
  const oauth = tokens.includes(letter);
  const pit = tokens.includes(letter.toUpperCase());
  if (oauth || pit) return oauth && pit ? "any" : oauth ? "oauth" : "private";
  return Array.from(tokens, (other) => NAMES[other] ?? other);
}
