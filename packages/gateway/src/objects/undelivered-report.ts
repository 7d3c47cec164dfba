import type { Resource } from "@ghl-edge/core";
import type { Directory } from "../directory/directory.ts";
import { type GatewayEvent, gatewayEventAddress, gatewayInboxEvent } from "../domain/events/gateway-event.ts";
import { type DropReason, eventId, type InboxEvent, type QuarantineReason } from "../domain/events/inbox-event.ts";
import type { Objects } from "../platform/env.ts";
import { logEvent } from "../platform/log.ts";
import type { Recent } from "../platform/recent.ts";
import { retryOnce } from "../platform/retry-once.ts";

const HOUR_MS = 3_600_000;

export interface ReportServices {
  readonly directory: Pick<Directory, "undeliveredEvents">;
  readonly objects: Pick<Objects, "inbox">;
  /** Reports of the last hour that an inbox has. */
  readonly undeliveredReports: Recent<true>;
}

interface UndeliveredEvent {
  readonly app: string;
  readonly event: Pick<InboxEvent, "dedupeKey" | "name" | "eventAtMs">;
  readonly nowMs: number;
}

export interface QuarantinedEvent extends UndeliveredEvent {
  readonly resource: Resource | undefined;
  readonly reason: QuarantineReason;
}

export interface DroppedEvent extends UndeliveredEvent {
  readonly resource: Resource;
  readonly reason: DropReason;
}

/**
 * Counts a quarantined event, and notifies the app's endpoints of it: at most once an hour for each reason, because an outage of days makes
 * many such events at once. Never throws: the event itself is stored, and its acknowledgement does not depend on the report.
 */
export async function reportQuarantined(services: ReportServices, quarantined: QuarantinedEvent): Promise<void> {
  const { reason, resource = null } = quarantined;
  await report(services, quarantined, (fields) => ({
    name: "event.quarantined",
    data: { reason, resource, ...fields },
  }));
}

/** Counts a dropped event, and notifies the app's endpoints of it: at most once an hour for each reason. Never throws. */
export async function reportDropped(services: ReportServices, dropped: DroppedEvent): Promise<void> {
  const { reason, resource } = dropped;
  await report(services, dropped, (fields) => ({ name: "event.dropped", data: { reason, resource, ...fields } }));
}

/** Fields that the data of both reports have. */
interface ReportFields {
  readonly count: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly signedAtMs: number | null;
}

type Report =
  | Pick<GatewayEvent<"event.quarantined">, "name" | "data">
  | Pick<GatewayEvent<"event.dropped">, "name" | "data">;

async function report(
  { directory, objects, undeliveredReports }: ReportServices,
  { app, event, reason, nowMs }: QuarantinedEvent | DroppedEvent,
  write: (fields: ReportFields) => Report,
): Promise<void> {
  try {
    const count = await directory.undeliveredEvents.add(app, reason, nowMs);
    const uniqueId = `${app}:${reason}:${Math.floor(nowMs / HOUR_MS)}`;
    if (undeliveredReports.get(uniqueId)) return;
    const fields = {
      count,
      eventId: eventId(event.dedupeKey),
      eventType: event.name,
      signedAtMs: event.eventAtMs ?? null,
    };
    const gatewayEvent = { app, resource: undefined, ...write(fields), atMs: nowMs, uniqueId };
    const tenant = { app, ...gatewayEventAddress(gatewayEvent) };
    const stored = await gatewayInboxEvent(gatewayEvent);
    await retryOnce(
      () => objects.inbox(app, tenant),
      (inbox) => inbox.store(tenant, stored),
    );
    undeliveredReports.set(uniqueId, true);
  } catch (error) {
    logEvent("undelivered", { app, event: event.name, outcome: "unreported", errorName: (error as Error).name });
  }
}
