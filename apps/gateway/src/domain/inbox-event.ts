import type { ParsedWebhook } from "@ghl-edge/webhooks";
import { isResourceId, type Resource } from "./resource.ts";

/** What is stored of a verified delivery. */
export interface InboxEvent {
  /** What makes two deliveries the same event. */
  readonly dedupeKey: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly webhookId: string | undefined;
  /** From the signed body; undefined when it has none. */
  readonly eventAtMs: number | undefined;
  /** Outside the replay window: kept, without effects. */
  readonly quarantined: boolean;
  /** The signed bytes. */
  readonly body: Uint8Array;
}

/** Where an event is kept. */
export interface InboxAddress {
  /** Undefined: the event names neither a location nor a company. */
  readonly resource: Resource | undefined;
  /** `YYYY-MM-DD` (UTC) of the signed timestamp, or `undated`. */
  readonly day: string;
}

function resourceOf({ locationId, companyId }: ParsedWebhook["tenant"]): Resource | undefined {
  if (locationId !== undefined && isResourceId(locationId)) return { kind: "location", id: locationId };
  if (companyId !== undefined && isResourceId(companyId)) return { kind: "company", id: companyId };
  return undefined;
}

/** A year that a four-digit ISO date can hold; a signed time outside of it sorts with the undated. */
const MAX_DATE_MS = Date.UTC(10_000, 0);

export function inboxAddress({ tenant, verified }: ParsedWebhook): InboxAddress {
  const { timestampMs } = verified;
  const dated = timestampMs !== undefined && timestampMs >= 0 && timestampMs < MAX_DATE_MS;
  return {
    resource: resourceOf(tenant),
    day: dated ? new Date(timestampMs).toISOString().slice(0, 10) : "undated",
  };
}

export function inboxEvent(parsed: ParsedWebhook): InboxEvent {
  const { verified } = parsed;
  const { payload } = verified;
  const type = typeof payload === "object" && payload !== null && "type" in payload ? payload.type : undefined;
  return {
    dedupeKey: parsed.dedupeKey,
    name: parsed.name,
    type: typeof type === "string" ? type : undefined,
    webhookId: verified.webhookId,
    eventAtMs: verified.timestampMs,
    quarantined: verified.freshness === "stale" || verified.freshness === "early",
    body: verified.body,
  };
}

/** What an event says of the app's life somewhere; undefined: nothing, or nothing that may still have effects. */
export function lifeEvent(
  app: string,
  { name, tenant, verified }: ParsedWebhook,
): { app: string; resource: Resource; atMs: number; companyId?: string } | undefined {
  if ((name !== "AppInstall" && name !== "AppUninstall") || verified.freshness !== "fresh") return undefined;
  const resource = resourceOf(tenant);
  const { timestampMs: atMs } = verified;
  if (resource === undefined || atMs === undefined) return undefined;
  const { companyId } = tenant;
  // Whose UNINSTALL it is, is said by the resource alone: the company is named in a location's as well.
  const named = name === "AppInstall" && resource.kind === "location" && companyId !== undefined;
  return { app, resource, atMs, ...(named ? { companyId } : {}) };
}
