import { isObject, type Resource } from "@ghl-edge/core";
import type { ParsedWebhook } from "@ghl-edge/webhooks";
import { partOf } from "../hash.ts";
import { isResourceId } from "../resource.ts";

/** The sender of an event. */
export const EVENT_SOURCES = ["highlevel", "gateway", "workflow"] as const;
export type EventSource = (typeof EVENT_SOURCES)[number];

/** A verified event as it is stored. */
export interface InboxEvent {
  /** Two deliveries with the same key are the same event. */
  readonly dedupeKey: string;
  readonly name: string;
  readonly type: string | undefined;
  readonly webhookId: string | undefined;
  /** Time in the signed body; undefined when it has none. */
  readonly eventAtMs: number | undefined;
  /** Whether the event is stored without effects: older than the app accepts, dated in the future, or undated. */
  readonly quarantined: boolean;
  readonly source: EventSource;
  /** HighLevel's Ed25519 signature of the body, for endpoints that verify it themselves. */
  readonly signature: string | undefined;
  /** The install or uninstall that the event reports. It takes effect after the event is stored. */
  readonly lifecycle: LifecycleEvent | undefined;
  /** The signed bytes. */
  readonly body: Uint8Array;
}

/** Identifies the inbox of an event within its app. */
export interface InboxAddress {
  /** Undefined when the event names neither a location nor a company. */
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

/** Returns the name of the inbox within its app. */
export function inboxName({ resource, day }: InboxAddress): string {
  return `${resourceKey(resource)}:${day}`;
}

/** Returns `<kind>:<id>`, or `none` for an event that names neither a location nor a company. */
export const resourceKey = (resource: Resource | undefined): string =>
  resource === undefined ? "none" : `${resource.kind}:${resource.id}`;

/** Objects per app that list inboxes. One takes about 1,000 calls a second (Durable Objects limits, read 2026-11-30). */
const LISTING_SHARDS = 16;

/** Returns the number of the object that lists the inboxes of a resource. A hash, so that all objects share the first events of a day. */
export const listingShard = (resource: Resource | undefined): number => partOf(resourceKey(resource), LISTING_SHARDS);

/** Parses a name that `inboxName` has made; undefined for any other text. */
export function readInboxName(name: string): InboxAddress | undefined {
  const [, kind, id, day] = /^(?:(location|company):([^:]+)|none):(\d{4}-\d{2}-\d{2}|undated)$/.exec(name) ?? [];
  if (day === undefined || (id !== undefined && !isResourceId(id))) return undefined;
  const resource: Resource | undefined =
    id === undefined ? undefined : { kind: kind === "company" ? "company" : "location", id };
  return { resource, day };
}

/** Returns the id that endpoints receive: the same on every redelivery and replay. */
export const eventId = (dedupeKey: string): string => `evt_${dedupeKey.slice(0, 32)}`;

/** Reason why an event is stored without effects. */
export type QuarantineReason = "stale" | "early" | "undated";
/** Reason why a held event is deleted. `not_installed`: nothing was installed at its resource for an hour. */
export type DropReason = "not_installed";

/**
 * Returns the reason to quarantine an event; undefined when it may have effects. An app may accept undated events, but never an undated
 * install or uninstall.
 */
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
  const type = isObject(payload) ? payload.type : undefined;
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

/** The install or uninstall of an app at a resource, as an event reports it. */
export interface LifecycleEvent {
  readonly what: "installed" | "uninstalled";
  readonly resource: Resource;
  readonly atMs: number;
  readonly companyId?: string;
}

/**
 * Returns the install or uninstall that an event reports; undefined when it may have no effects. Type, app and time must all be signed: the
 * URL is not signed, and every app of a location has bodies that HighLevel signed with the same key.
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
  // An UNINSTALL is about its resource alone, because that of a location names the company as well.
  const named = what === "installed" && resource.kind === "location" && companyId !== undefined;
  return { what, resource, atMs, ...(named ? { companyId } : {}) };
}
