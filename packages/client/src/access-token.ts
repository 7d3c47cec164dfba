import type { AcceptedTokenTypes } from "./operation-table.ts";
import type { Resource } from "./resource.ts";

/** A kind of access token. `-pit` is a private integration token of that level. */
export type AccessTokenType = "location" | "location-pit" | "company" | "company-pit";

/** What the client asks an `AccessTokenProvider` for. */
export interface AccessTokenRequest {
  /** Whose token; absent when neither the call nor the handle names a tenant. */
  readonly resource: Resource | undefined;
  /** Kinds the operation accepts; absent when its document does not say. */
  readonly acceptedTokenTypes: readonly AccessTokenType[] | undefined;
  /** Aborted when the call is, or when its deadline passes. */
  readonly signal: AbortSignal | undefined;
  /**
   * HighLevel has just refused this token as invalid or expired. Answer with another one, refreshed if this is still
   * the current one. With the same again, the call fails with the 401 it got. Asked once per call at most.
   */
  readonly rejectedToken?: string | undefined;
}

/** Keeps access tokens: the interface through which the client gets one for each attempt. */
export interface AccessTokenProvider {
  /** What this rejects with is what the call rejects with. */
  getAccessToken(request: AccessTokenRequest): Promise<string> | string;
}

const TYPES_BY_LETTER: Readonly<Record<string, AccessTokenType>> = {
  l: "location",
  L: "location-pit",
  c: "company",
  C: "company-pit",
};

/** Spells out the letters of an operation table; `undefined` for `?`. */
export function accessTokenTypesOf(letters: AcceptedTokenTypes): readonly AccessTokenType[] | undefined {
  return letters === "?" ? undefined : Array.from(letters, (letter) => TYPES_BY_LETTER[letter]!);
}
