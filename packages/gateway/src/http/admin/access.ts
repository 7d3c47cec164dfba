import { fetchBytes, toAsciiLowerCase } from "@ghl-edge/core";
import { errors, type JSONWebKeySet, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { AccessConfig } from "../../platform/config.ts";
import { GatewayError } from "../../platform/errors.ts";
import { createAccessKeys } from "./access-keys.ts";

const KEYS_TIMEOUT_MS = 5_000;
/** A team has a few keys of about 2 KB. */
const MAX_KEYS_BYTES = 65_536;
/** Returns the name in a token of Cloudflare Access. Undefined: the token is invalid or not for this gateway. */
export type AccessVerifier = (token: string) => Promise<string | undefined>;

/** The keys cannot be read, so no caller can be let in. The token is not at fault. */
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

/** One per isolate: it remembers the team's public keys. */
export function createAccessVerifier(config: AccessConfig): AccessVerifier {
  const fetchKeys = async (): Promise<JSONWebKeySet> => {
    const { bytes } = await fetchBytes(
      config.jwksUrl,
      {},
      {
        send: (url, init) => fetch(url, init),
        timeoutMs: KEYS_TIMEOUT_MS,
        maxBytes: MAX_KEYS_BYTES,
        needsBody: ({ ok }) => ok,
        timeoutError: () => new errors.JWKSTimeout(),
      },
    );
    if (bytes === undefined) throw new errors.JWKSInvalid("The keys cannot be fetched");
    return JSON.parse(new TextDecoder().decode(bytes)) as JSONWebKeySet;
  };
  const keys = createAccessKeys({ fetchKeys, timeoutMs: 2 * KEYS_TIMEOUT_MS });
  return (token) => verify(config, keys, token);
}
