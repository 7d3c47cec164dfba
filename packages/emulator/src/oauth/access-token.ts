import { toBase64Url } from "@ghl-edge/core";
import type { EmulatorContext } from "../core/context.ts";
import type { AccessToken, Installation } from "../core/state.ts";

/** Encodes a part of a JWT (RFC 7519 section 3). */
const jwtPart = (value: unknown): string => toBase64Url(new TextEncoder().encode(JSON.stringify(value)));

/**
 * Makes and remembers an access token. It has the outer form and the claims of HighLevel's (a JWT, RS256), because
 * clients peek into them; its signature is random, and the emulator knows a token by looking it up.
 */
export function issueAccessToken(context: EmulatorContext, installation: Installation): string {
  const { options, state, random } = context;
  const nowMs = options.now();
  const { resource, clientId, scopes } = installation;
  const expiresAtMs = nowMs + options.accessTokenLifetimeMs;
  const authClass = resource.kind === "company" ? "Company" : "Location";
  const claims = {
    authClass,
    authClassId: resource.id,
    primaryAuthClassId: resource.id,
    source: "INTEGRATION",
    sourceId: clientId,
    channel: "OAUTH",
    oauthMeta: { scopes, client: clientId.split("-")[0] },
    iat: Math.floor(nowMs / 1000),
    exp: Math.floor(expiresAtMs / 1000),
    jti: random.hex(24),
  };
  const token = `${jwtPart({ alg: "RS256", typ: "JWT" })}.${jwtPart(claims)}.${random.text(86)}`;
  const record: AccessToken = { kind: "oauth", resource, scopes, clientId, expiresAtMs };
  state.accessTokens.set(token, record);
  return token;
}

/** A refresh token is opaque to clients. */
export function issueRefreshToken(context: EmulatorContext, installation: Installation): string {
  const token = `${jwtPart({ alg: "RS256", typ: "JWT" })}.${context.random.text(120)}.${context.random.text(86)}`;
  const { now, refreshTokenLifetimeMs } = context.options;
  context.state.refreshTokens.set(token, { installation, expiresAtMs: now() + refreshTokenLifetimeMs });
  return token;
}
