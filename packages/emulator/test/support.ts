import { createEmulator, DEFAULT_APP, DEFAULT_COMPANY, type Emulator, type EmulatorOptions } from "../src/index.ts";

export const ORIGIN = "https://services.example";
export const LOCATION = DEFAULT_COMPANY.locations[0]!.id;
export const REDIRECT_URI = "https://app.example/oauth/callback";
export const SCOPES = "contacts.readonly contacts.write oauth.readonly oauth.write";

/** An emulator with a clock that stands still until it is moved. */
export function clockedEmulator(options: EmulatorOptions = {}): { emulator: Emulator; clock: { nowMs: number } } {
  const clock = { nowMs: 1_780_000_000_000 };
  return { emulator: createEmulator({ now: () => clock.nowMs, ...options }), clock };
}

export function ask(emulator: Emulator, path: string, init?: RequestInit): Promise<Response> {
  return emulator.fetch(new Request(ORIGIN + path, init));
}

export async function json(response: Response | Promise<Response>): Promise<Record<string, unknown>> {
  return (await (await response).json()) as Record<string, unknown>;
}

export function authorizePath(choice: Record<string, string>, base = "/oauth/chooselocation"): string {
  const query = { response_type: "code", client_id: DEFAULT_APP.clientId, redirect_uri: REDIRECT_URI, scope: SCOPES };
  return `${base}?${new URLSearchParams({ ...query, ...choice })}`;
}

export function tokenRequest(emulator: Emulator, fields: Record<string, string>): Promise<Response> {
  const { clientId, clientSecret } = DEFAULT_APP;
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
  return ask(emulator, "/oauth/token", { method: "POST", body });
}

export async function codeFor(emulator: Emulator, choice: Record<string, string>): Promise<string> {
  const response = await ask(emulator, authorizePath(choice));
  return new URL(response.headers.get("location") ?? "").searchParams.get("code") ?? "";
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly [name: string]: unknown;
}

/** Goes through authorize page and code exchange. */
export async function installApp(
  emulator: Emulator,
  choice: Record<string, string> = { locationId: LOCATION },
): Promise<Tokens> {
  const code = await codeFor(emulator, choice);
  return (await json(tokenRequest(emulator, { grant_type: "authorization_code", code }))) as unknown as Tokens;
}

export function refresh(emulator: Emulator, refreshToken: string): Promise<Response> {
  return tokenRequest(emulator, { grant_type: "refresh_token", refresh_token: refreshToken });
}

export function bearer(token: string, version = "v3"): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}`, version } };
}
