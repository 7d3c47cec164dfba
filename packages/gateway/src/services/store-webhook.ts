import type { ParsedWebhook } from "@ghl-edge/webhooks";
import { eventId, type InboxEvent, inboxAddress, inboxEvent, quarantineReason } from "../domain/events/inbox-event.ts";
import { reportQuarantined } from "../objects/undelivered-report.ts";
import type { AppConfig } from "../platform/config.ts";
import { isKnownTenant } from "./known-tenant.ts";
import type { Services } from "./services.ts";
import { holdEvent, storeEvent } from "./store-event.ts";

/** The services that storing an event needs. */
export type EventServices = Pick<Services, "directory" | "objects" | "overflow" | "isolate">;

/** A webhook whose signature was verified. */
export interface VerifiedWebhook {
  readonly app: AppConfig;
  readonly parsed: ParsedWebhook;
  /** The signature as HighLevel sent it. */
  readonly signature: string | undefined;
}

/** Result of storing an event. `quarantined`: its inbox has it, without effects. */
export type WebhookOutcome = "stored" | "duplicate" | "queued" | "held" | "quarantined";

/** A webhook that was stored, with the id that endpoints receive. */
export interface StoredWebhook {
  readonly outcome: WebhookOutcome;
  readonly eventId: string;
}

/** Stores an event in its inbox, or in the buffer where nothing is installed at its resource. Lifecycle events make a tenant known. */
async function bufferOrStore(
  services: EventServices,
  { app, parsed }: VerifiedWebhook,
  event: InboxEvent,
): Promise<Exclude<WebhookOutcome, "quarantined">> {
  const tenant = { app: app.name, ...inboxAddress(parsed) };
  const { resource } = tenant;
  if (app.webhooks.unknownTenants === "hold" && resource !== undefined && !parsed.verified.isLifecycle) {
    const { companyId } = parsed.tenant;
    if (!(await isKnownTenant(services, { app: app.name, resource, companyId })))
      return holdEvent(services, { tenant, companyId, event });
  }
  return storeEvent(services, tenant, event);
}

/**
 * Stores a verified webhook. An event that is too old, too new or undated is quarantined: it is stored without effects, and reported.
 *
 * @throws {GatewayError} `webhook_not_stored`
 */
export async function storeWebhook(services: EventServices, webhook: VerifiedWebhook): Promise<StoredWebhook> {
  const { app, parsed, signature } = webhook;
  const reason = quarantineReason(parsed, app.webhooks);
  const event = await inboxEvent(parsed, { signature, quarantined: reason !== undefined });
  const outcome = await bufferOrStore(services, webhook, event);
  const id = eventId(event.dedupeKey);
  if (reason === undefined || outcome !== "stored") return { outcome, eventId: id };
  const { directory, objects, isolate } = services;
  const { resource } = inboxAddress(parsed);
  const report = { app: app.name, resource, event, reason, nowMs: Date.now() };
  await reportQuarantined({ directory, objects, undeliveredReports: isolate.undeliveredReports }, report);
  return { outcome: "quarantined", eventId: id };
}
