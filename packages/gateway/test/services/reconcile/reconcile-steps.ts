import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { EventSummary } from "../../../src/services/administration/events.ts";
import type { Reconcile, Reconciled } from "../../../src/services/reconcile/reconcile.ts";
import { isolate } from "../../../src/worker.ts";
import { administer, all } from "../../support/calls/admin.ts";
import { install } from "../../support/calls/gateway.ts";
import { dayOf } from "../../support/endpoints/events.ts";
import { APP, LOCATIONS, SCOPES, UPSTREAM } from "../../support/setup/settings.ts";

export const locations = LOCATIONS.slice(200, 230);
export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
export const SCOPE = [...SCOPES, "conversations.readonly", "conversations/message.write"].join(" ");
export const INVALID = [400, "ERR_GHL_GATEWAY_INPUT_INVALID"];
/** The location of the current test, which the app is installed at. */
export let location: string;
/** Time from which the steps reconcile. */
export let startedAtMs: number;
export const startAt = (ms: number): void => {
  startedAtMs = ms;
};

export const path = (id = location) => `/admin/installations/${APP}/location/${id}/reconcile`;
/** Later, when webhooks of what the test has done would have come. */
export const later = () =>
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 5 * MINUTE_MS, shouldAdvanceTime: true });
export const step = (query: Partial<Reconcile> = {}, id?: string) =>
  administer<Reconciled>("POST", path(id), { sinceMs: startedAtMs, modules: ["contacts"], ...query });

export async function tokenOf(id: string): Promise<string> {
  const tenant = { app: APP, resource: { kind: "location", id } } as const;
  const reply = await env.TOKEN_GRANT.getByName(`${APP}:location:${id}`).accessToken({
    ...tenant,
    acceptedTokenTypes: "oauth",
  });
  if (!reply.ok) throw new Error(reply.reason);
  return reply.accessToken;
}

/** A call past the gateway: what others do at HighLevel. */
export async function postAtHighLevel<Answer>(path: string, body: object, id = location): Promise<Answer> {
  const headers = { authorization: `Bearer ${await tokenOf(id)}`, version: "v3", "content-type": "application/json" };
  const response = await fetch(UPSTREAM + path, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await response.text();
  expect(response.status, text).toBeLessThan(300);
  return JSON.parse(text) as Answer;
}

export async function createContact(firstName: string, id = location): Promise<string> {
  const body = { locationId: id, firstName };
  return (await postAtHighLevel<{ contact: { id: string } }>("/contacts/", body, id)).contact.id;
}

/** Reads the events that the location's endpoints got. Alarms are set in the time of the test, so the test runs them itself. */
export async function reported(id = location): Promise<{ recordId: string }[]> {
  const today = dayOf(startedAtMs + 1_000);
  await runDurableObjectAlarm(env.WEBHOOK_INBOX.getByName(`${APP}:location:${id}:${today}`));
  const query = `app=${APP}&kind=location&resourceId=${id}&type=record.reconciled&`;
  const { items } = await all<EventSummary>(`/admin/events?${query}`, 200);
  return Promise.all(
    items.map(async ({ inbox, id: eventId }) => {
      const whole = await administer<{ payload: never }>("GET", `/admin/events/${APP}/${inbox}/${eventId}`);
      return whole.payload;
    }),
  );
}

/** Waits until the directory lists so many inboxes of the location. */
export const listed = (count: number): Promise<void> =>
  vi.waitFor(async () => {
    const resource = { kind: "location", id: location } as const;
    const page = await isolate.readDirectory(env).inboxes.list({ app: APP, resource, limit: 50, cursor: undefined });
    expect(page.items).toHaveLength(count);
  });

beforeEach(async () => {
  location = locations.shift()!;
  expect((await install({ locationId: location, scope: SCOPE })).status).toBe(200);
  startedAtMs = Date.now() - 1_000;
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});
