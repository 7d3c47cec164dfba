import { fromBase64Url, toBase64Url } from "@ghl-edge/core";

/**
 * The `state` of an install that began at our link: 256 random bits, which the browser brings back twice, in the
 * redirect and in a cookie that only our host can set. The cookie is signed and holds its end and the app.
 * Why not hono's signed cookies: they verify with one secret, so an install could not outlast a change of the active key.
 *
 * @see RFC 6749 section 10.12
 */
export interface InstallState {
  readonly state: string;
  readonly app: string;
  readonly expiresAtMs: number;
}

export const INSTALL_LIFETIME_MS = 600_000;

async function macKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("ghl-edge install state");
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return crypto.subtle.deriveKey(derivation, base, { name: "HMAC", hash: "SHA-256", length: 256 }, false, [
    "sign",
    "verify",
  ]);
}

const signed = ({ state, app, expiresAtMs }: InstallState): string => `${state}.${app}.${expiresAtMs}`;

export function newInstallState(app: string, nowMs: number): InstallState {
  const state = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  return { state, app, expiresAtMs: nowMs + INSTALL_LIFETIME_MS };
}

/** Value of the cookie: no character that a cookie would have to escape. */
export async function writeInstallCookie(secret: Uint8Array<ArrayBuffer>, install: InstallState): Promise<string> {
  const text = signed(install);
  const mac = await crypto.subtle.sign("HMAC", await macKey(secret), new TextEncoder().encode(text));
  return `${text}.${toBase64Url(new Uint8Array(mac))}`;
}

/** Undefined when the cookie is not ours, is too old, or belongs to another install than `state`. Any of the secrets may have signed it. */
export async function readInstallCookie(
  secrets: readonly Uint8Array<ArrayBuffer>[],
  cookie: string,
  expected: { readonly state: string; readonly nowMs: number },
): Promise<InstallState | undefined> {
  const [state, app, expires, mac, ...rest] = cookie.split(".");
  if (state === undefined || app === undefined || expires === undefined || mac === undefined || rest.length > 0)
    return undefined;
  const install: InstallState = { state, app, expiresAtMs: Number(expires) };
  if (!/^[A-Za-z0-9_-]{43}$/.test(mac)) return undefined;
  const bytes = fromBase64Url(mac);
  const text = new TextEncoder().encode(signed(install));
  let genuine = false;
  for (const secret of secrets) genuine ||= await crypto.subtle.verify("HMAC", await macKey(secret), bytes, text);
  return genuine && state === expected.state && expected.nowMs < install.expiresAtMs ? install : undefined;
}
