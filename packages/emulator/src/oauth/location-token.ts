import { noteInstallation } from "../control/installations.ts";
import { type EmulatorContext, knowsLocation } from "../core/context.ts";
import { locationRefused, type Refusal, scopeRefused, tokenTypeRefused, unprocessable } from "../core/errors.ts";
import type { AccessToken, Installation } from "../core/state.ts";
import { issueRefreshToken } from "./access-token.ts";
import type { OAuthBody } from "./body.ts";
import { type TokenAnswer, tokenAnswer } from "./token-answer.ts";

/** The scopes HighLevel adds to a minted token (recorded 2026-08). */
const MINTED_SCOPES = ["oauth.readonly", "oauth.write"];

/**
 * `POST /oauth/locationToken` (2021-07-28) and `/oauth/location-token` (v3): a location's token made from its
 * company's. Refuses private integration tokens with the scope error, as recorded.
 */
export function mintLocationToken(
  context: EmulatorContext,
  bearer: AccessToken,
  body: OAuthBody,
): { readonly answer: TokenAnswer } | { readonly refused: Refusal } {
  if (bearer.kind === "private" || !bearer.scopes.includes("oauth.write")) return { refused: scopeRefused };
  if (bearer.resource.kind !== "company" || bearer.clientId === undefined) return { refused: tokenTypeRefused };
  const companyId = body.get("company_id");
  const locationId = body.get("location_id");
  const missing = Object.entries({ companyId, locationId }).filter(([, value]) => value === undefined);
  if (missing.length > 0 || locationId === undefined)
    return { refused: unprocessable(missing.map(([name]) => `${name} must be a string`)) };
  if (companyId !== bearer.resource.id || !knowsLocation(context, locationId)) return { refused: locationRefused };
  // A location where the app is not installed is none of the app's.
  if (!context.state.installedAtMs.has(locationId)) return { refused: locationRefused };
  const installation: Installation = {
    clientId: bearer.clientId,
    resource: { kind: "location", id: locationId },
    companyId,
    userId: context.random.text(20),
    scopes: [...new Set([...bearer.scopes, ...MINTED_SCOPES])],
    bulk: false,
  };
  noteInstallation(context, installation);
  return { answer: tokenAnswer(context, installation, issueRefreshToken(context, installation)) };
}
