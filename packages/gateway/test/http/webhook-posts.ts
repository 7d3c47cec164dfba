import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { call } from "../support/calls/gateway.ts";
import type { Posted } from "../support/highlevel/upstream.ts";
import { APP, LOCATIONS } from "../support/setup/settings.ts";

const locations = [...LOCATIONS];
export const next = (): string => locations.shift()!;
export const appIdOf = (clientId: string): string => clientId.slice(0, 24);
export const today = (): string => new Date().toISOString().slice(0, 10);
export const HOUR_MS = 3_600_000;

export function post({ headers, body }: Posted, app: string = APP, path = ""): Promise<Response> {
  return call(`/webhooks/${app}${path}`, { method: "POST", headers, body });
}

export const inboxes = async (): Promise<number> => (await listDurableObjectIds(env.WEBHOOK_INBOX)).length;
export const inbox = (location: string, app: string = APP) =>
  env.WEBHOOK_INBOX.getByName(`${app}:location:${location}:${today()}`);
/** Keys in every inbox of a location. */
export const keysOf = (location: string): Promise<unknown[]> =>
  runInDurableObject(inbox(location), (_object, { storage }) =>
    storage.sql.exec("SELECT dedupe_key FROM event").toArray(),
  );
