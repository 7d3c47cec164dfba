/**
 * Whether a 401 means that the token itself is no longer good, so that another one may help. HighLevel answers 401
 * for a missing scope, a wrong token kind and a bad `Version` header too; a new token changes nothing there, and
 * asking for one would spend a refresh token on every such call. No code tells these apart, only the text does:
 * "Invalid token: access token is invalid", "Invalid JWT" and the like against "The token is not authorized for
 * this scope.", "Token's user type mismatch!", "version header is invalid" (observed 2026-08). Also RFC 6750 section
 * 3.1, `error="invalid_token"`. What matches nothing is taken as permanent.
 */
export async function meansTokenRejected(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const text = await response.clone().text();
  const said = (response.headers.get("www-authenticate") ?? "") + text;
  return /token|jwt/i.test(said) && /invalid|expired/i.test(said) && !/scope|type|version/i.test(said);
}
