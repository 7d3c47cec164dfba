import { type WebhookEventName, wireType } from "@ghl-edge/webhooks";
import type { RecordChange } from "../api/records/store.ts";
import type { CoreContext } from "../core/core-context.ts";
import type { EmulatedApp } from "../core/options/emulator-options.ts";
import { deliverWebhookRequest } from "./deliver-request.ts";
import { payloadOf } from "./event-payload.ts";
import { eventsOf } from "./event-rules.ts";
import { policyOf } from "./retry-policy.ts";
import { isInstalled, urlFor } from "./subscriptions.ts";
import { createWebhookRequest, envelope, type WebhookKeys } from "./webhook-request.ts";

/** Deliveries that may be under way or waiting for a retry. Above it an event is dropped, and its attempt logged with status 0. */
export const MAX_PENDING_DELIVERIES = 10_000;

type Fields = Readonly<Record<string, unknown>>;

/** Sends the webhooks of what happens in the emulator to the apps that listen. */
export interface Outbox {
  /** Sends the events of what a request has changed. Returns before they are sent, as HighLevel answers before. */
  publish(changes: readonly RecordChange[]): void;
  /** Sends a lifecycle event of the app. */
  announce(event: "AppInstall" | "AppUninstall", app: EmulatedApp, fields: Fields): void;
  /** Resolves when nothing is under way or waiting for a retry. */
  settled(): Promise<void>;
  pending(): number;
  /** Gives up what is queued or waits for a retry. */
  cancelPending(): void;
}

export function createOutbox(context: CoreContext, keys: WebhookKeys): Outbox {
  const { options, state } = context;
  const { webhooks } = options;
  const policy = webhooks === false ? undefined : policyOf(webhooks.retry ?? "any-failure");
  const speed = webhooks === false ? 1 : (webhooks.speed ?? 1);
  /** The last first attempt to each URL: the next one follows it. */
  const lines = new Map<string, Promise<void>>();
  const underway = new Set<Promise<unknown>>();
  let cancelling = new AbortController();

  function enqueue(event: WebhookEventName, url: string, payload: Fields): void {
    if (underway.size >= MAX_PENDING_DELIVERIES) {
      const webhookId = String(payload.webhookId);
      state.webhooks.push({ atMs: options.now(), event, url, webhookId, attempt: 1, status: 0 });
      return;
    }
    let resolve = (): void => undefined;
    const attempted = new Promise<void>((done) => {
      resolve = done;
    });
    const before = lines.get(url) ?? Promise.resolve();
    const { signal } = cancelling;
    const delivery = before
      .then(async () => {
        if (signal.aborted) return;
        const webhookRequest = await createWebhookRequest(keys, payload);
        await deliverWebhookRequest(context, webhookRequest, {
          event,
          url,
          policy,
          speed,
          attempted: resolve,
          signal,
        });
      })
      .finally(() => {
        resolve();
        underway.delete(delivery);
        if (lines.get(url) === attempted) lines.delete(url);
      });
    lines.set(url, attempted);
    underway.add(delivery);
  }

  function send(event: WebhookEventName, app: EmulatedApp, fields: Fields): void {
    const url = webhooks === false ? undefined : urlFor(app, event);
    if (url !== undefined) enqueue(event, url, { ...fields, ...envelope(context, app.clientId) });
  }

  return {
    publish: (changes) => {
      for (const change of changes)
        for (const event of eventsOf(change)) {
          const { owner } = change.record;
          const listeners = options.apps.filter(({ clientId }) => isInstalled(state, clientId, owner));
          for (const app of listeners) send(event, app, payloadOf(event, change, options.company.id));
        }
    },
    announce: (event, app, fields) => send(event, app, { type: wireType(event), ...fields }),
    settled: async () => {
      while (underway.size > 0) await Promise.allSettled(underway);
    },
    pending: () => underway.size,
    cancelPending: () => {
      cancelling.abort();
      cancelling = new AbortController();
    },
  };
}
