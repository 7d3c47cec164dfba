import { toAsciiLowerCase } from "@ghl-edge/core";
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { AccessConfig } from "../../config.ts";
import { answerBytes } from "../../domain/answer-bytes.ts";
import { GatewayError } from "../../errors.ts";

/** The keys rotate every six weeks, with the older ones valid for a week more; Cloudflare's page, 2026-11. */
const KEYS_MAX_AGE_MS = 600_000;
const KEYS_TIMEOUT_MS = 5_000;
/** A team has a few keys of about 2 KB. */
const MAX_KEYS_BYTES = 65_536;
/** Between two fetches for key ids nobody knows, so that forged ones do not make a storm of fetches. */
const KEYS_COOLDOWN_MS = 30_000;

/** Who is behind a token of Cloudflare Access; undefined when it is none, or not for us. */
export type AccessVerifier = (token: string) => Promise<string | undefined>;

/** Not the token's fault: nobody can be let in now. */
const KEY_FAILURES: readonly string[] = ["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"];

async function verify(config: AccessConfig, keys: JWTVerifyGetKey, token: string): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ["RS256"],
      issuer: config.issuer,
      audience: config.audience,
      requiredClaims: ["exp", "iat"],
      clockTolerance: 5,
    });
    // People have an e-mail address, service tokens a common name.
    const name = [payload.email, payload.common_name].find((value) => typeof value === "string" && value !== "");
    return typeof name === "string" ? toAsciiLowerCase(name) : undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError && !KEY_FAILURES.includes(error.code)) return undefined;
    throw new GatewayError({ kind: "access_unreachable" });
  }
}

/** `jose` bounds the time of the whole answer, but not its size. */
async function fetchKeys(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const bytes = await answerBytes(response, { maxBytes: MAX_KEYS_BYTES, timeoutMs: KEYS_TIMEOUT_MS });
  return new Response(bytes, { status: bytes === undefined ? 502 : response.status });
}

/** One per isolate: it remembers the team's public keys. */
export function createAccessVerifier(config: AccessConfig): AccessVerifier {
  const keys = createRemoteJWKSet(new URL(config.jwksUrl), {
    cacheMaxAge: KEYS_MAX_AGE_MS,
    cooldownDuration: KEYS_COOLDOWN_MS,
    timeoutDuration: KEYS_TIMEOUT_MS,
    [customFetch]: fetchKeys,
  });
  return (token) => verify(config, keys, token);
}
