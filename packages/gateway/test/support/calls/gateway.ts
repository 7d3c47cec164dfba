import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import type { RequestLogEntry, SentEvent } from "@ghl-edge/emulator";
import { expect, vi } from "vitest";
import type { Outcome, Scene, Span } from "../highlevel/scenes.ts";
import type { Answer, Fault, Letter, Posted, TokenEndpointMode } from "../highlevel/upstream.ts";
import {
  API_KEY,
  APP,
  CLIENT_ID,
  COMPANY,
  CONTROL,
  GATEWAY,
  LOCATIONS,
  SCOPES,
  UPSTREAM,
  WIDE_API_KEY,
} from "../setup/settings.ts";

export const wideKeyed = { authorization: `Bearer ${WIDE_API_KEY}` };
export const keyed = { authorization: `Bearer ${API_KEY}` };

/** A request to the gateway, as from outside. */
export function call(path: string, init?: RequestInit): Promise<Response> {
  return exports.default.fetch(new Request(GATEWAY + path, { redirect: "manual", ...init }));
}

/** A POST of JSON. */
export const json = (value: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(value),
});

async function steer<Answer>(path: string, body?: unknown): Promise<Answer> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(CONTROL + path, init);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

/** The emulated HighLevel behind the gateway. */
export const upstream = {
  log: () => steer<RequestLogEntry[]>("/log"),
  secrets: () => steer<string[]>("/secrets"),
  publicKey: () => steer<string>("/public-key"),
  fault: (locationId: string, fault: Fault) => steer("/fault", { locationId, fault }),
  /** Location tokens that were minted, and mints that HighLevel's limit refused. */
  mints: () => steer<{ made: number; refused: number; refusedAfterMs: number[] }>("/mints"),
  /** Calls for the contact `strict`, which HighLevel counts in a sliding log. */
  strict: () => steer<{ made: number; refused: number }>("/strict"),
  openScene: (scene: Scene) => steer("/scene", scene),
  sceneOutcome: (token: string, span: Span) => steer<Outcome>("/scene-outcome", { token, span }),
  expire: (resource: { kind: "location" | "company"; id: string }) => steer("/expire", { resource }),
  answer: (contactId: string, answers: Answer[]) => steer("/answer", { contactId, answers }),
  tokenEndpoint: (mode: TokenEndpointMode) => steer("/token-endpoint", { mode }),
  clearFaults: () => steer("/clear-faults", {}),
  release: () => steer("/release", {}),
  setActive: (resourceId: string, active: boolean) => steer("/active", { resourceId, active }),
  /** Events signed as HighLevel would send them: samples, in any form of JSON, by either key. */
  letters: (letters: Letter[]) => steer<Posted[]>("/letters", { letters }),
  rsaPublicKey: () => steer<string>("/rsa-public-key"),
  sign: (type: string, payload: Record<string, unknown>) => steer<SentEvent>("/sign", { type, payload }),
};

/** Refreshes that HighLevel was asked for since a length of its log. */
export async function refreshes(since: number): Promise<RequestLogEntry[]> {
  return (await upstream.log()).slice(since).filter(({ grantType }) => grantType === "refresh_token");
}

/** Begins at the gateway's link, chooses at the emulated page, comes back with the code. */
export async function install(choice: Record<string, string>, app: string = APP): Promise<Response> {
  const begun = await call(`/oauth/install?app=${app}`);
  expect(begun.status).toBe(302);
  const page = new URL(begun.headers.get("location") ?? "");
  for (const [name, value] of Object.entries(choice)) page.searchParams.set(name, value);
  const chosen = await fetch(`${UPSTREAM}${page.pathname}${page.search}`, { redirect: "manual" });
  expect(chosen.status).toBe(302);
  const back = new URL(chosen.headers.get("location") ?? "");
  const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  return call(back.pathname + back.search, { headers: { cookie } });
}

export async function installLocation(locationId: string, app: string = APP): Promise<void> {
  const response = await install({ locationId }, app);
  expect(response.status).toBe(200);
}

/** Installs as HighLevel's marketplace does: with the redirect URI of the app and without a state. */
export async function installFromMarketplace(locationId: string): Promise<Response> {
  const page = new URL(`${UPSTREAM}/oauth/chooselocation`);
  const redirect_uri = `${GATEWAY}/oauth/callback/${APP}`;
  const query = { response_type: "code", client_id: CLIENT_ID, redirect_uri, scope: SCOPES.join(" ") };
  page.search = new URLSearchParams({ ...query, locationId }).toString();
  const chosen = new URL((await fetch(page, { redirect: "manual" })).headers.get("location") ?? "");
  return call(chosen.pathname + chosen.search);
}

/** Installs the company, and waits until the last of its locations has heard of it. */
export async function installCompany(locations: readonly string[] = LOCATIONS): Promise<Response> {
  const response = await install({ companyId: COMPANY });
  const last = env.TOKEN_GRANT.getByName(`${APP}:location:${locations.at(-1)}`);
  const timeout = 20_000 + locations.length * 200;
  await vi.waitFor(async () => expect((await last.status()).derived).toBeDefined(), { timeout, interval: 100 });
  return response;
}

export async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}

/** Whether an inbox has done what its events ask for. The alarm waits for a run that is under way, and stores what is done. */
export async function isSettled(name: string): Promise<boolean> {
  const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:${name}`);
  await runDurableObjectAlarm(inbox);
  return runInDurableObject(inbox, (_object, { storage }) => {
    const open = `SELECT (SELECT max(seq) FROM event) > routed_seq OR EXISTS (SELECT 1 FROM event_task) AS open FROM inbox`;
    return storage.sql.exec<{ open: number }>(open).one().open === 0;
  });
}

/** Waits for it. */
export async function settled(name: string, timeoutMs = 30_000): Promise<void> {
  await vi.waitFor(async () => expect(await isSettled(name)).toBe(true), { timeout: timeoutMs, interval: 10 });
}

/** HighLevel says that so many calls of the day's 200,000 are left. */
export async function leaveOfDay(location: string, dailyRemaining: number): Promise<void> {
  const tenant = { app: APP, resource: { kind: "location", id: location } } as const;
  const coordinator = env.RESOURCE_COORDINATOR.getByName(`${APP}:location:${location}`);
  const reply = await coordinator.permit({ ...tenant, key: "test", priority: "interactive", maxWaitMs: 0 });
  if (!reply.ok) throw new Error(reply.limit);
  await coordinator.report(tenant, reply.permit.number, { status: 200, dailyLimit: 200_000, dailyRemaining });
}

/** A signed event, delivered; its effects have happened. */
export async function deliver(type: string, payload: Record<string, unknown>): Promise<Response> {
  const { body, signature } = await upstream.sign(type, payload);
  const response = await call(`/webhooks/${APP}`, {
    method: "POST",
    headers: { "x-ghl-signature": signature },
    body,
  });
  const { locationId, companyId, timestamp = new Date().toISOString() } = payload;
  const inbox = locationId === undefined ? `company:${companyId}` : `location:${locationId}`;
  await settled(`${inbox}:${String(timestamp).slice(0, 10)}`);
  return response;
}

/** A call that needs nothing but a location's token. */
export function readContact(locationId: string): Promise<Response> {
  return call(`/api/location/${locationId}/contacts/c0ntact00000000001`, { headers: keyed });
}
