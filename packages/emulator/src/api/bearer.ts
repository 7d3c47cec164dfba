import type { EmulatorContext } from "../core/context.ts";
import { type Refusal, tokenInvalid } from "../core/errors.ts";
import type { AccessToken } from "../core/state.ts";

/** The text after `Bearer`, or undefined. */
export function bearerOf(headers: Headers): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
}

/** Looks the bearer token up. An unknown and an expired one get the same answer, as at HighLevel. */
export function readBearer(
  context: EmulatorContext,
  headers: Headers,
): { readonly token: AccessToken } | { readonly refused: Refusal } {
  const text = bearerOf(headers);
  const token = text === undefined ? undefined : context.state.accessTokens.get(text);
  if (token === undefined) return { refused: tokenInvalid };
  if (token.expiresAtMs !== undefined && context.options.now() >= token.expiresAtMs) return { refused: tokenInvalid };
  return { token };
}
