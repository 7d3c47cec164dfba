import type { Resource } from "@ghl-edge/core";
import type { AcceptedTokenTypes } from "../operation-table.ts";

/** Type of an access token. `-pit` is a private integration token of that level. */
export type AccessTokenType = "location" | "location-pit" | "company" | "company-pit";

/** Request of the client to an `AccessTokenProvider`. */
export interface AccessTokenRequest {
  /** Location or company that the token must be for. It is absent if neither the call nor the handle names one. */
  readonly resource: Resource | undefined;
  /** Types that the operation accepts. It is absent if the document of the operation does not list them. */
  readonly acceptedTokenTypes: readonly AccessTokenType[] | undefined;
  /** Aborted when the call is, or when its deadline passes. */
  readonly signal: AbortSignal | undefined;
  /**
   * Token that HighLevel has just refused as invalid or expired. Return another token, refreshed if this one is still
   * the current one. If the same token comes back, the call fails with its 401. One call sets this at most once.
   */
  readonly rejectedToken?: string | undefined;
}

/** Source of access tokens. The client requests one token per attempt. */
export interface AccessTokenProvider {
  /**
   * Returns a token. If it rejects, the call rejects with the same reason.
   *
   * @param request - The location or company, the accepted token types, and a token that was refused
   * @returns The access token
   */
  getAccessToken(request: AccessTokenRequest): Promise<string> | string;
}

const TYPES_BY_LETTER = {
  l: "location",
  L: "location-pit",
  c: "company",
  C: "company-pit",
} as const;

/** Translates the letters of an operation table; `undefined` for `?`. */
export function accessTokenTypesOf(letters: AcceptedTokenTypes): readonly AccessTokenType[] | undefined {
  return letters === "?"
    ? undefined
    : Array.from(letters, (letter) => TYPES_BY_LETTER[letter as keyof typeof TYPES_BY_LETTER]);
}
