import type { Resource } from "@ghl-edge/core";
import type { Directory } from "../directory/directory.ts";
import { gatewayEventAddress, gatewayInboxEvent } from "../domain/events/gateway-event.ts";
import { eventId, type InboxEvent, type QuarantineReportReason } from "../domain/events/inbox-event.ts";
import type { Objects } from "../platform/env.ts";
import { logEvent } from "../platform/log.ts";
import type { Recent } from "../platform/recent.ts";
import { retryOnce } from "../platform/retry-once.ts";

const HOUR_MS = 3_600_000;

export interface QuarantineServices {
  readonly directory: Pick<Directory, "quarantine">;
  readonly objects: Pick<Objects, "inbox">;
  /** Reports of the last hour that an inbox has. */
  readonly quarantineReports: Recent<true>;
}

export interface QuarantineReport {
  readonly app: string;
  readonly resource: Resource | undefined;
  readonly event: Pick<InboxEvent, "dedupeKey" | "name" | "eventAtMs">;
  readonly reason: QuarantineReportReason;
  readonly nowMs: number;
}

/**
 * Counts an event that has no effects, and notifies the app's endpoints of it: at most once an hour for each reason, because an outage of
 * days makes many such events at once. Never throws: the event itself is stored, and its acknowledgement does not depend on the report.
 */
export async function reportQuarantined(
  { directory, objects, quarantineReports }: QuarantineServices,
  { app, resource, event, reason, nowMs }: QuarantineReport,
): Promise<void> {
  try {
    const count = await directory.quarantine.add(app, reason, nowMs);
    const uniqueId = `${app}:${reason}:${Math.floor(nowMs / HOUR_MS)}`;
    if (quarantineReports.get(uniqueId)) return;
    const report = {
      app,
      resource: undefined,
      name: "event.quarantined",
      data: {
        reason,
        count,
        eventId: eventId(event.dedupeKey),
        eventType: event.name,
        resource: resource ?? null,
        signedAtMs: event.eventAtMs ?? null,
      },
      atMs: nowMs,
      uniqueId,
    } as const;
    const tenant = { app, ...gatewayEventAddress(report) };
    const stored = await gatewayInboxEvent(report);
    await retryOnce(
      () => objects.inbox(app, tenant),
      (inbox) => inbox.store(tenant, stored),
    );
    quarantineReports.set(uniqueId, true);
  } catch (error) {
    logEvent("quarantine", { app, event: event.name, outcome: "unreported", errorName: (error as Error).name });
  }
}
