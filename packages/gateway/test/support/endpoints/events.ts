import { env } from "cloudflare:workers";
import { sha256, toHex } from "@ghl-edge/core";
import { expect, vi } from "vitest";
import { eventId, type InboxEvent } from "../../../src/domain/events/inbox-event.ts";
import { isolate } from "../../../src/worker.ts";
import { APP } from "../setup/settings.ts";

export interface Arrival extends Partial<Pick<InboxEvent, "name" | "quarantined">> {
  readonly location: string;
  /** Both of its signature and of its arrival. */
  readonly atMs: number;
  /** Day of the signature when it differs. */
  readonly day?: string;
}

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Stores events as if they had arrived at their times, one after the other; says their ids. */
export async function storeEvents(arrivals: readonly Arrival[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { location, atMs, day = dayOf(atMs), name = "ContactCreate", quarantined = false } of arrivals) {
    const dedupeKey = toHex(await sha256(crypto.randomUUID()));
    const body = new TextEncoder().encode(JSON.stringify({ type: name, locationId: location, at: atMs }));
    const event: InboxEvent = {
      dedupeKey,
      name,
      type: name,
      webhookId: undefined,
      eventAtMs: atMs,
      quarantined,
      source: "highlevel",
      signature: undefined,
      lifecycle: undefined,
      body,
    };
    const tenant = { app: APP, resource: { kind: "location", id: location }, day } as const;
    vi.useFakeTimers({ toFake: ["Date"], now: atMs });
    await env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${day}`).store(tenant, event);
    ids.push(eventId(dedupeKey));
  }
  vi.useRealTimers();
  return ids;
}

/** Waits until the directory lists so many inboxes of the app. */
export async function inboxesListed(count: number): Promise<void> {
  const { inboxes } = isolate.readDirectory(env);
  await vi.waitFor(
    async () => expect((await inboxes.list({ app: APP, limit: 500, cursor: undefined })).items).toHaveLength(count),
    { timeout: 10_000, interval: 20 },
  );
}
