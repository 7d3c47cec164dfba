import { allRoutes } from "@ghl-edge/client/routes";
import { nearestName } from "@ghl-edge/core";
import type { EmulatedApp } from "./options/emulator-options.ts";

/** Scopes of HighLevel's list (oauth/Scopes.md, 2026-06) that no documented operation asks for. */
const WITHOUT_OPERATION: readonly string[] = ["saas/location.read", "saas/location.write", "courses.write"];

function knownScopes(): readonly string[] {
  return [...new Set([...allRoutes().flatMap(({ scopes }) => scopes), ...WITHOUT_OPERATION])];
}

/** The scope that was probably meant, of those the app may ask for. */
export function nearestScope(app: EmulatedApp, scope: string): string | undefined {
  return nearestName(scope, app.scopes ?? knownScopes());
}

/**
 * Reason why the app may not request these scopes, or `undefined`. Scopes that the options register are allowed, also where this list
 * does not know it; without such a list every scope of HighLevel is.
 */
export function scopeProblem(app: EmulatedApp, scopes: readonly string[]): string | undefined {
  if (app.scopes !== undefined) {
    const refused = scopes.find((scope) => !app.scopes?.includes(scope));
    return refused === undefined ? undefined : `scope is not allowed: ${refused}`;
  }
  const known = knownScopes();
  const unknown = scopes.find((scope) => !known.includes(scope));
  if (unknown === undefined) return undefined;
  const meant = nearestScope(app, unknown);
  return `scope is unknown: ${unknown}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}
