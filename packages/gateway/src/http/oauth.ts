import type { Resource } from "@ghl-edge/core";
import { createOAuthClient, GhlOAuthError, type TokenSet } from "@ghl-edge/oauth";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import {
  INSTALL_LIFETIME_MS,
  type InstallState,
  newInstallState,
  readInstallCookie,
  writeInstallCookie,
} from "../domain/grants/install-state.ts";
import { createDataKey } from "../domain/grants/seal.ts";
import { isResourceId } from "../domain/resource.ts";
import type { AppConfig } from "../platform/config.ts";
import { GatewayError } from "../platform/errors.ts";
import {
  type NewInstallation,
  type RecordedInstallation,
  recordInstallation,
  recordMarketplaceInstallation,
  spendInstallState,
} from "../services/record-installation.ts";
import type { GatewayHono } from "./context.ts";
import { checkRateLimit } from "./middleware/rate-limit.ts";

/** `__Host-`: only this host can set it, over TLS, for all its paths (RFC 6265bis, section 4.1.3.2). */
const COOKIE = "__Host-ghl-install";
const EXCHANGE_TIMEOUT_MS = 15_000;

/** The active key first: it signs. The others are of installs that began before a deployment changed the active one. */
function stateSecrets(c: Context<GatewayHono>): readonly [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]] {
  const { activeId, keys } = c.get("config").tokenKeys;
  return [keys.get(activeId)!, ...[...keys].flatMap(([id, key]) => (id === activeId ? [] : [key]))];
}

/**
 * Before a code is spent: HighLevel takes it once, so what it buys must find a key that seals. Whose object will store it is known only
 * from HighLevel's answer.
 */
async function checkSealing(c: Context<GatewayHono>): Promise<void> {
  await createDataKey(c.get("config").tokenKeys, "oauth:callback");
}

function chosenApp(c: Context<GatewayHono>, name: string | undefined): AppConfig {
  const { apps } = c.get("config");
  const app = name === undefined && apps.size === 1 ? [...apps.values()][0] : apps.get(name ?? "");
  if (app === undefined) throw new GatewayError({ kind: "app_unknown" });
  return app;
}

/** Both requests of one install have the same redirect URI, because HighLevel compares it exactly. */
const redirectUri = (c: Context<GatewayHono>): string => new URL("/oauth/callback", c.req.url).href;

/** `GET /oauth/install?app=…`: to HighLevel's page where a user chooses. `app` may be left out when there is one. */
export async function install(c: Context<GatewayHono>): Promise<Response> {
  const app = chosenApp(c, c.req.query("app"));
  const state = newInstallState(app.name, Date.now());
  const target = new URL(c.get("config").authorizeUrl);
  const query = {
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: redirectUri(c),
    scope: app.scopes.join(" "),
    state: state.state,
    ...(app.versionId === undefined ? {} : { version_id: app.versionId }),
  };
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  // Scopes are separated by spaces; %20 is one to everybody, + only to readers of forms.
  target.search = target.search.replaceAll("+", "%20");
  setCookie(c, COOKIE, await writeInstallCookie(stateSecrets(c)[0], state), {
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
    path: "/",
    maxAge: INSTALL_LIFETIME_MS / 1000,
  });
  c.header("cache-control", "no-store");
  return c.redirect(target.href, 302);
}

type Exchanged = Pick<NewInstallation, "ref" | "tokens">;

/** `begun`: the install that began at our link; undefined: it began in HighLevel's marketplace. */
async function exchangeCode(
  c: Context<GatewayHono>,
  { app, code, begun }: { readonly app: AppConfig; readonly code: string; readonly begun?: InstallState },
): Promise<Exchanged> {
  await checkRateLimit(c, "LIMIT_INSTALLS", app.name);
  await checkSealing(c);
  if (begun !== undefined) await spendInstallState({ objects: c.get("objects") }, begun);
  const client = createOAuthClient({ ...app, baseUrl: c.get("config").apiUrl, timeoutMs: EXCHANGE_TIMEOUT_MS });
  try {
    const tokens = await client.exchangeCode(code, { redirectUri: new URL(c.req.path, c.req.url).href });
    const resource = resourceOf(tokens);
    if (resource === undefined) throw new GatewayError({ kind: "install_refused", outcome: "ERR_GHL_CUT_ANSWER" });
    return { ref: { app: app.name, resource }, tokens };
  } catch (error) {
    if (!(error instanceof GhlOAuthError)) throw error;
    throw new GatewayError({ kind: "install_refused", outcome: error.code });
  }
}

/** `userType` decides; without it, a `locationId` does (HighLevel's v2 document of /oauth/token, read 2026-06-19). */
function resourceOf({ userType, locationId, companyId }: TokenSet): Resource | undefined {
  const kind = (userType ?? (locationId === undefined ? "Company" : "Location")) === "Company" ? "company" : "location";
  const id = kind === "company" ? companyId : locationId;
  return id !== undefined && isResourceId(id) ? { kind, id } : undefined;
}

type Record = typeof recordInstallation;

/** Stores and records an installation, and logs its outcome. */
async function recordAndLog(
  c: Context<GatewayHono>,
  record: Record,
  exchanged: Exchanged,
): Promise<RecordedInstallation> {
  const services = { directory: c.get("directory"), objects: c.get("objects") };
  const change = { actor: "/oauth/callback", requestId: c.get("requestId"), nowMs: Date.now() };
  const recorded = await record(services, { ...exchanged, change });
  const outcome = recorded.isRecorded ? recorded.outcome : "not_in_directory";
  Object.assign(c.get("log"), { ...exchanged.ref, outcome });
  return recorded;
}

/**
 * Handles an installation that began in HighLevel's marketplace and carries no state of ours. Its tokens wait until the
 * signed INSTALL of the same resource, or an operator, approves them. The redirect URI names the app.
 */
async function callbackFromMarketplace(c: Context<GatewayHono>): Promise<Response> {
  const app = chosenApp(c, c.req.param("app"));
  const code = c.req.query("code");
  if (code === undefined || code === "") throw new GatewayError({ kind: "install_code" });
  const exchanged = await exchangeCode(c, { app, code });
  const { outcome } = await recordAndLog(c, recordMarketplaceInstallation, exchanged);
  const installed = outcome === "installed";
  c.header("cache-control", "no-store");
  return c.json({ installed, ...exchanged.ref, scopes: exchanged.tokens.scopes }, installed ? 200 : 202);
}

/** `GET /oauth/callback`: exchanges the code and stores the grant. */
export async function callback(c: Context<GatewayHono>): Promise<Response> {
  const expected = { state: c.req.query("state") ?? "", nowMs: Date.now() };
  const cookie = getCookie(c, COOKIE);
  if (c.req.query("state") === undefined) {
    // A cookie is left over where an install that began here was not finished. It says nothing about this one.
    if (cookie !== undefined) deleteCookie(c, COOKIE, { path: "/", secure: true });
    return callbackFromMarketplace(c);
  }
  const begun = await readInstallCookie(stateSecrets(c), cookie ?? "", expected);
  if (begun === undefined) throw new GatewayError({ kind: "install_state" });
  const code = c.req.query("code");
  if (code === undefined || code === "") throw new GatewayError({ kind: "install_code" });
  const app = chosenApp(c, begun.app);
  const exchanged = await exchangeCode(c, { app, code, begun });
  // The cookie is deleted only now: where the state could not be spent, the same callback may come again.
  deleteCookie(c, COOKIE, { path: "/", secure: true });
  await recordAndLog(c, recordInstallation, exchanged);
  c.header("cache-control", "no-store");
  return c.json({ installed: true, ...exchanged.ref, scopes: exchanged.tokens.scopes });
}
