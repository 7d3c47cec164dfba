import type { Resource } from "@ghl-edge/core";
import { AnswerError } from "../errors.ts";
import type { TokenSet } from "../oauth/token-set.ts";
import type { Installation } from "./options.ts";

/**
 * Returns the installation that tokens belong to, without the tokens.
 *
 * @throws {AnswerError} when the tokens name no resource (`ERR_GHL_CUT_ANSWER`).
 */
export function installationOf(tokens: TokenSet): Installation {
  const { companyId, locationId, userType = locationId === undefined ? "Company" : "Location" } = tokens;
  const id = userType === "Company" ? companyId : locationId;
  if (id === undefined)
    throw new AnswerError(
      { kind: "retryable", code: "ERR_GHL_CUT_ANSWER", ambiguous: false },
      { status: 200, endpoint: "POST /oauth/token" },
    );
  const resource: Resource = { kind: userType === "Company" ? "company" : "location", id };
  const { userId, scopes, isBulkInstallation, approvedLocations, installToFutureLocations } = tokens;
  const grantFields = {
    companyId,
    locationId,
    userId,
    isBulkInstallation,
    approvedLocations,
    installToFutureLocations,
  };
  const known = Object.fromEntries(Object.entries(grantFields).filter(([, value]) => value !== undefined));
  return { resource, userType, scopes, ...known };
}
