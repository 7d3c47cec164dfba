import type { Resource } from "@ghl-edge/core";
import { type EventFilter, matchesFilter } from "../events/event-filter.ts";

/**
 * Kinds of endpoints: an HTTPS URL, a Cloudflare Queue or a Worker that is bound to the gateway, or the Inbound Webhook trigger of a
 * HighLevel workflow.
 */
export const ENDPOINT_KINDS = ["https", "queue", "service", "workflow"] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

/** `envelope`: named and signed as a whole. `raw`: HighLevel's bytes, with HighLevel's own signature beside ours. */
export const ENDPOINT_FORMATS = ["envelope", "raw"] as const;
export type EndpointFormat = (typeof ENDPOINT_FORMATS)[number];

/** `paused`: events are queued and not sent. `disabled`: events are not even queued. */
export const ENDPOINT_STATES = ["active", "paused", "disabled"] as const;
export type EndpointState = (typeof ENDPOINT_STATES)[number];

/**
 * Reason why an endpoint is disabled: it responded with 410, it failed for days, too many deliveries wait for it, or an operator disabled
 * it.
 */
export type DisabledReason = "gone" | "failing" | "backlog" | "operator";

/** A destination of events. */
export interface Endpoint {
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly kind: EndpointKind;
  /** The origin of the URL and a marker, or the name of the binding. The URL itself is one of the secrets. */
  readonly target: string;
  readonly format: EndpointFormat;
  /** Sends the events of one contact one after the other. */
  readonly ordered: boolean;
  /** Most events in one request. Above 1 every body is a batch. */
  readonly batchSize: number;
  /** Number of objects that share its deliveries. */
  readonly shards: number;
  /** Event names; with `*` at the end every name that begins so. Null means all. */
  readonly types: readonly string[] | null;
  /** Null means all of the app. A company does not include its locations. */
  readonly resources: readonly Resource[] | null;
  readonly filter: EventFilter | null;
  readonly state: EndpointState;
  readonly disabledBecause: DisabledReason | null;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly changedAtMs: number;
}

/** The sealed part of an endpoint. */
export interface EndpointSecrets {
  /** Signing secrets, newest first. A replaced one signs until `untilMs`. */
  readonly signing: readonly { readonly secret: string; readonly untilMs: number | null }[];
  /** URL of an `https` or `workflow` endpoint. It is secret because anybody who knows it can post to it. */
  readonly url?: string;
}

/** The part of an event that decides which endpoints receive it. */
export interface FilterSubject {
  readonly name: string;
  readonly resource: Resource | undefined;
  /** Parses the payload at its first call, because most endpoints have no filter. */
  readonly payload: () => unknown;
}

function matchesType(types: readonly string[] | null, name: string): boolean {
  if (types === null) return true;
  return types.some((type) => (type.endsWith("*") ? name.startsWith(type.slice(0, -1)) : type === name));
}

/** Returns whether an event matches an endpoint's settings, in whatever state the endpoint is. */
export function matchesEvent(
  { types, resources, filter }: Endpoint,
  { name, resource, payload }: FilterSubject,
): boolean {
  if (!matchesType(types, name)) return false;
  const matchesResource = resources?.some(({ kind, id }) => kind === resource?.kind && id === resource.id) ?? true;
  return matchesResource && (filter === null || matchesFilter(filter, payload()));
}

/** Returns the secrets that are valid now. */
export function signingSecrets({ signing }: EndpointSecrets, nowMs: number): readonly string[] {
  return signing.filter(({ untilMs }) => untilMs === null || nowMs < untilMs).map(({ secret }) => secret);
}
