import { describeSecret, toAsciiLowerCase } from "@ghl-edge/core";
import { idList, isNothing, type Parameters } from "../http/parameters.ts";
import { ExternalAuthRequestError } from "./errors.ts";
import type { LocationSelection } from "./request.ts";

/**
 * @see https://marketplace.gohighlevel.com/docs/oauth/ExternalAuthentication/index.html (read 2026-11-21): `locationId` is null
 * with `approveAllLocations`, `excludedLocations` null without it.
 */
export const CONTEXT_LISTS: readonly string[] = ["locationId", "excludedLocations"];
export const CONTEXT_KEYS: readonly string[] = ["companyId", "approveAllLocations", ...CONTEXT_LISTS];

/** Returns the value of a parameter; undefined when it is null, empty or absent. */
export function single(parameters: Parameters, name: string): unknown {
  const values = new Set((parameters.get(name) ?? []).filter((value) => !isNothing(value)));
  if (values.size > 1) throw new ExternalAuthRequestError(`${name} must have one value, got several`, name);
  return [...values][0];
}

function flag(parameters: Parameters, name: string): boolean | undefined {
  const value = single(parameters, name);
  switch (typeof value === "string" ? toAsciiLowerCase(value.trim()) : value) {
    case undefined:
      return undefined;
    case true:
    case "true":
    case "1":
    case 1:
      return true;
    case false:
    case "false":
    case "0":
    case 0:
      return false;
    default:
      throw new ExternalAuthRequestError(`${name} must be true or false, got ${describeSecret(value)}`, name);
  }
}

function list(parameters: Parameters, name: string): string[] {
  const ids = idList(parameters.get(name));
  if (ids === undefined)
    throw new ExternalAuthRequestError(
      `${name} must be a list of ids, got ${describeSecret(parameters.get(name))}`,
      name,
    );
  return ids;
}

export function companyIdOf(parameters: Parameters): string | undefined {
  const value = single(parameters, "companyId");
  if (value === undefined) return undefined;
  if (typeof value !== "string")
    throw new ExternalAuthRequestError(`companyId must be a string, got ${describeSecret(value)}`, "companyId");
  return value.trim();
}

/** Returns the selection. A contradictory request is refused, because either reading could grant too much. */
export function selectionOf(parameters: Parameters, companyId: string | undefined): LocationSelection {
  const all = flag(parameters, "approveAllLocations") ?? false;
  const locationIds = list(parameters, "locationId");
  const excludedLocationIds = list(parameters, "excludedLocations");
  if (all) {
    if (locationIds.length > 0) {
      throw new ExternalAuthRequestError(
        `locationId must be absent with approveAllLocations, got ${locationIds.length} ids`,
        "locationId",
      );
    }
    if (companyId === undefined) {
      throw new ExternalAuthRequestError("companyId is missing, which approveAllLocations needs", "companyId");
    }
    return excludedLocationIds.length > 0 ? { kind: "all-except", excludedLocationIds } : { kind: "all" };
  }
  if (excludedLocationIds.length > 0) {
    throw new ExternalAuthRequestError(
      `excludedLocations must be absent without approveAllLocations, got ${excludedLocationIds.length} ids`,
      "excludedLocations",
    );
  }
  if (locationIds.length > 0) return { kind: "locations", locationIds };
  if (companyId === undefined) throw new ExternalAuthRequestError("companyId or locationId is missing");
  return { kind: "none" };
}
