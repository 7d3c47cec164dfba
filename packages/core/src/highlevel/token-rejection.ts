/** A 401 as far as its meaning depends on it. */
export interface UnauthorizedAnswer {
  readonly status: number;
  /** The body as text, whatever its media type; it may be cut. */
  readonly text: string;
  /** The `WWW-Authenticate` header. */
  readonly wwwAuthenticate?: string | null | undefined;
}

/**
 * Texts of a 401 that another access token of the same grant would meet as well: a missing scope, another type of token, a
 * location the token does not cover, a bad `Version` header. HighLevel sends no code that distinguishes them (observed
 * 2026-08).
 */
const OTHER_CAUSE =
  /(this|insufficient)[ _]scope|(user|authclass) type|access to this location|version header|api version/i;

/** Returns whether the text of a 401, its challenge or both, names a cause that another access token does not change. */
export const namesOtherCause = (text: string): boolean => OTHER_CAUSE.test(text);

/**
 * Returns whether a 401 is about the access token itself, so that another one may help. The kind of the answer decides: a 401
 * counts as a rejected token unless its text or its challenge names a cause that a new token does not change. Words nobody
 * knows, an empty body and an HTML page therefore all lead to one renewal; the code that renews limits how often.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1 `invalid_token` against `insufficient_scope`
 */
export function isTokenRejection({ status, text, wwwAuthenticate }: UnauthorizedAnswer): boolean {
  return status === 401 && !namesOtherCause(`${wwwAuthenticate} ${text}`);
}
