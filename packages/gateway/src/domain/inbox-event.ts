import type { ParsedWebhook } from "@ghl-edge/webhooks";
import { isResourceId, type Resource } from "./resource.ts";

/** Whose event it is. */
export type EventSource = "highlevel" | "gateway" | "workflow";

/** What is stored of a verified delivery. */
export interface InboxEvent {
  /** What makes two deliveries the same event. */
  readonly dedupeKey: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly webhookId: string | undefined;
  /** From the signed body; undefined when it has none. */
  readonly eventAtMs: number | undefined;
  /** Older than the app takes, ahead of its time, or undated: kept, without effects. */
  readonly quarantined: boolean;
  readonly source: EventSource;
  /** HighLevel's Ed25519 signature of the body, for receivers that check it themselves. */
  readonly signature: string | undefined;
  /** What it says of the app's lifecycle; acts once it is stored. */
  readonly lifecycle: LifecycleEvent | undefined;
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

/** Of the object that keeps an event, within its app. */
export function inboxName({ resource, day }: InboxAddress): string {
  return `${resourceKey(resource)}:${day}`;
}

/** `none` where an event names neither a location nor a company. */
export const resourceKey = (resource: Resource | undefined): string =>
  resource === undefined ? "none" : `${resource.kind}:${resource.id}`;

/** What `inboxName` has made; undefined for any other text. */
export function readInboxName(name: string): InboxAddress | undefined {
  const [, kind, id, day] = /^(?:(location|company):([^:]+)|none):(\d{4}-\d{2}-\d{2}|undated)$/.exec(name) ?? [];
  if (day === undefined || (id !== undefined && !isResourceId(id))) return undefined;
  const resource: Resource | undefined =
    id === undefined ? undefined : { kind: kind === "company" ? "company" : "location", id };
  return { resource, day };
}

/** Of an event, for receivers: the same on every redelivery and replay. */
export const eventId = (dedupeKey: string): string => `evt_${dedupeKey.slice(0, 32)}`;

/** Why an event has no effects. */
export type QuarantineReason = "stale" | "early" | "undated";
/** Why an event has no effects, or was dropped: nothing was installed at its resource. */
export type SetAsideReason = QuarantineReason | "not_installed";

/** Returns undefined for an event that may have effects. An undated event is taken where the app says so, but never one of the app's lifecycle. */
export function quarantineReason(
  { verified: { freshness, isLifecycle } }: ParsedWebhook,
  { undated }: { readonly undated: "quarantine" | "accept" },
): QuarantineReason | undefined {
  if (freshness === "fresh") return undefined;
  return freshness === "undated" && undated === "accept" && !isLifecycle ? undefined : freshness;
}

export async function inboxEvent(
  parsed: ParsedWebhook,
  { signature, quarantined }: Pick<InboxEvent, "signature" | "quarantined">,
): Promise<InboxEvent> {
  const { verified } = parsed;
  const { payload } = verified;
  const type = typeof payload === "object" && payload !== null && "type" in payload ? payload.type : undefined;
  return {
    dedupeKey: await parsed.dedupeKey(),
    name: parsed.name,
    type: typeof type === "string" ? type : undefined,
    webhookId: verified.webhookId,
    eventAtMs: verified.timestampMs,
    quarantined,
    source: "highlevel",
    signature: verified.scheme === "ed25519" ? signature : undefined,
    lifecycle: lifecycleEvent(parsed),
    body: verified.body,
  };
}

/** What an event says of the app's lifecycle somewhere. */
export interface LifecycleEvent {
  readonly what: "installed" | "uninstalled";
  readonly resource: Resource;
  readonly atMs: number;
  readonly companyId?: string;
}

/**
 * Returns undefined where there is nothing that may have effects. Only a signed `type` beside a signed app and a signed time has any: the URL is
 * not signed, and every app of a location holds bodies that HighLevel signed with the same key.
 */
export function lifecycleEvent(parsed: ParsedWebhook): LifecycleEvent | undefined {
  const { name, tenant, verified } = parsed;
  if ((name !== "AppInstall" && name !== "AppUninstall") || parsed.identifiedBy !== "type") return undefined;
  if (verified.appId === undefined || verified.freshness !== "fresh") return undefined;
  const resource = resourceOf(tenant);
  const { timestampMs: atMs } = verified;
  if (resource === undefined || atMs === undefined) return undefined;
  const { companyId } = tenant;
  const what = name === "AppInstall" ? "installed" : "uninstalled";
  // Whose UNINSTALL it is, is said by the resource alone: the company is named in a location's as well.
  const named = what === "installed" && resource.kind === "location" && companyId !== undefined;
  return { what, resource, atMs, ...(named ? { companyId } : {}) };
}
