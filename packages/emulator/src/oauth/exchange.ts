import { announceInstallation, noteInstallation } from "../control/installations.ts";
import { type EmulatorContext, findApp } from "../core/context.ts";
import {
  codeNotFound,
  invalidClient,
  invalidGrant,
  invalidParameter,
  locationNotActive,
  missingParameter,
  type Refusal,
} from "../core/errors.ts";
import type { Installation } from "../core/state.ts";
import { issueRefreshToken } from "./access-token.ts";
import type { OAuthBody } from "./body.ts";
import { type TokenAnswer, tokenAnswer } from "./token-answer.ts";

/** `installation`: whose code or token it was, where it was known. */
export type Exchange = { readonly installation?: Installation } & (
  | { readonly answer: TokenAnswer }
  | { readonly refused: Refusal }
);

/**
 * The code is looked up before the client's credentials (recorded 2026-08): a bogus code reveals nothing about them.
 * It is spent by its first successful use.
 */
function exchangeCode(context: EmulatorContext, body: OAuthBody): Exchange {
  const code = body.get("code");
  if (code === undefined) return { refused: missingParameter("code") };
  const found = context.state.codes.get(code);
  if (found === undefined || context.options.now() >= found.expiresAtMs) return { refused: codeNotFound };
  const app = findApp(context, body.get("client_id"));
  if (app === undefined || app.clientSecret !== body.get("client_secret")) return { refused: invalidClient };
  if (app.clientId !== found.installation.clientId) return { refused: codeNotFound };
  const redirectUri = body.get("redirect_uri");
  if (redirectUri !== undefined && redirectUri !== found.redirectUri)
    return { refused: invalidParameter("redirectUri") };
  if (asksForMore(body, found.installation)) return { refused: invalidParameter("scope") };
  context.state.codes.delete(code);
  context.state.installedAtMs.set(found.installation.resource.id, context.options.now());
  const { installation } = found;
  noteInstallation(context, installation);
  announceInstallation(context, installation);
  for (const id of installation.approvedLocations ?? []) context.state.installedAtMs.set(id, context.options.now());
  const refreshToken = issueRefreshToken(context, installation);
  return { installation, answer: tokenAnswer(context, installation, refreshToken) };
}

/**
 * Refresh tokens rotate: the first use makes a successor and ends the token. An identical request within the grace window
 * gets the same successor again, so that a client whose answer was lost can recover.
 */
function exchangeRefreshToken(context: EmulatorContext, body: OAuthBody): Exchange {
  const token = body.get("refresh_token");
  if (token === undefined) return { refused: missingParameter("refreshToken") };
  const app = findApp(context, body.get("client_id"));
  if (app === undefined || app.clientSecret !== body.get("client_secret")) return { refused: invalidClient };
  const found = context.state.refreshTokens.get(token);
  if (found === undefined || found.installation.clientId !== app.clientId) return { refused: invalidGrant };
  const { installation, used } = found;
  if (context.state.inactive.has(installation.resource.id)) return { installation, refused: locationNotActive };
  if (asksForMore(body, installation)) return { installation, refused: invalidParameter("scope") };
  const nowMs = context.options.now();
  if (nowMs >= found.expiresAtMs) return { installation, refused: invalidGrant };
  if (used !== undefined) {
    if (nowMs - used.atMs >= context.options.refreshGraceMs) return { installation, refused: invalidGrant };
    return { installation, answer: tokenAnswer(context, installation, used.successor) };
  }
  const successor = issueRefreshToken(context, installation);
  found.used = { atMs: nowMs, successor };
  return { installation, answer: tokenAnswer(context, installation, successor) };
}

/** A request may name scopes again, but none that were not granted (RFC 6749 section 6). HighLevel's own text is not known. */
function asksForMore(body: OAuthBody, { scopes }: Installation): boolean {
  const requested = (body.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  return requested.some((scope) => !scopes.includes(scope));
}

/** `POST /oauth/token`. `client_credentials` stands in HighLevel's enum without any documentation, so it is refused. */
export function exchange(context: EmulatorContext, body: OAuthBody): Exchange {
  if (body.get("client_id") === undefined) return { refused: missingParameter("clientId") };
  switch (body.get("grant_type")) {
    case undefined:
      return { refused: missingParameter("grantType") };
    case "authorization_code":
      return exchangeCode(context, body);
    case "refresh_token":
      return exchangeRefreshToken(context, body);
    default:
      return { refused: invalidParameter("grantType") };
  }
}
