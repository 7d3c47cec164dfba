import { toAsciiLowerCase } from "@ghl-edge/core";
import { ExternalAuthRequestError } from "../errors.ts";
import { idList, isNothing, type Parameters } from "../http/parameters.ts";
import type { LocationSelection } from "./request.ts";

/**
 * @see https://marketplace.gohighlevel.com/docs/oauth/ExternalAuthentication/index.html (read 2026-11-21): `locationId` is null
 * with `approveAllLocations`, `excludedLocations` null without it.
 */
export const CONTEXT_LISTS: readonly string[] = ["locationId", "excludedLocations"];
export const CONTEXT_KEYS: readonly string[] = ["companyId", "approveAllLocations", ...CONTEXT_LISTS];

/** The one value of a parameter; undefined where it is null, empty or absent. */
export function single(parameters: Parameters, name: string): unknown {
  const values = new Set((parameters.get(name) ?? []).filter((value) => !isNothing(value)));
  if (values.size > 1) throw new ExternalAuthRequestError(`${name} is there twice, with different values`, name);
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
      throw new ExternalAuthRequestError(`${name} is neither true nor false`, name);
  }
}

function list(parameters: Parameters, name: string): string[] {
  const ids = idList(parameters.get(name));
  if (ids === undefined) throw new ExternalAuthRequestError(`${name} is no list of ids`, name);
  return ids;
}

export function companyIdOf(parameters: Parameters): string | undefined {
  const value = single(parameters, "companyId");
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw new ExternalAuthRequestError("companyId is no text", "companyId");
  return value.trim();
}

/** Which of the scenarios it is. A request that contradicts itself is refused: read either way, it could grant too much. */
export function selectionOf(parameters: Parameters, companyId: string | undefined): LocationSelection {
  const all = flag(parameters, "approveAllLocations") ?? false;
  const locationIds = list(parameters, "locationId");
  const excludedLocationIds = list(parameters, "excludedLocations");
  if (all) {
    if (locationIds.length > 0) {
      throw new ExternalAuthRequestError("locationId is there beside approveAllLocations", "locationId");
    }
    if (companyId === undefined) {
      throw new ExternalAuthRequestError("approveAllLocations is true without a companyId", "companyId");
    }
    return excludedLocationIds.length > 0 ? { kind: "all-except", excludedLocationIds } : { kind: "all" };
  }
  if (excludedLocationIds.length > 0) {
    throw new ExternalAuthRequestError("excludedLocations is there without approveAllLocations", "excludedLocations");
  }
  if (locationIds.length > 0) return { kind: "locations", locationIds };
  if (companyId === undefined) throw new ExternalAuthRequestError("neither companyId nor locationId is there");
  return { kind: "none" };
}
