import { type EventFilter, matchesFilter } from "./event-filter.ts";
import type { Resource } from "./resource.ts";

/**
 * Where events go: an HTTPS address, a Cloudflare Queue or a Worker that is bound to the gateway, or the Inbound Webhook
 * trigger of a HighLevel workflow.
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
 * Why an endpoint is disabled: it answered 410, nothing but failures for days, more waits for it than the gateway keeps, or an
 * operator has said so.
 */
export type DisabledReason = "gone" | "failing" | "backlog" | "operator";

/** A receiver of events. */
export interface Endpoint {
  readonly id: string;
  readonly app: string;
  readonly name: string;
  readonly kind: EndpointKind;
  /** The origin of the address and a marker, or the name of the binding. The address itself is among the secrets. */
  readonly target: string;
  readonly format: EndpointFormat;
  /** A contact's events one after the other. */
  readonly ordered: boolean;
  /** Objects that share its deliveries. */
  readonly shards: number;
  /** Names, `*` at their end for all that begin so. Null: all. */
  readonly types: readonly string[] | null;
  /** Null: all of the app. A company does not stand for its locations. */
  readonly resources: readonly Resource[] | null;
  readonly filter: EventFilter | null;
  readonly state: EndpointState;
  readonly disabledBecause: DisabledReason | null;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly changedAtMs: number;
}

/** What is sealed of an endpoint. */
export interface EndpointSecrets {
  /** Those that sign, the newest first; one that has been replaced signs until `untilMs`. */
  readonly signing: readonly { readonly secret: string; readonly untilMs: number | null }[];
  /** Address of an `https` or `workflow` endpoint: whoever knows it can post to it. */
  readonly url?: string;
}

/** What a filter looks at. */
export interface FilterSubject {
  readonly name: string;
  readonly resource: Resource | undefined;
  /** Parsed when it is asked for: most endpoints have no filter. */
  readonly payload: () => unknown;
}

function wantsType(types: readonly string[] | null, name: string): boolean {
  if (types === null) return true;
  return types.some((type) => (type.endsWith("*") ? name.startsWith(type.slice(0, -1)) : type === name));
}

/** Whether an event is for an endpoint, whatever the endpoint's state. */
export function wantsEvent(
  { types, resources, filter }: Endpoint,
  { name, resource, payload }: FilterSubject,
): boolean {
  if (!wantsType(types, name)) return false;
  const isThere = resources?.some(({ kind, id }) => kind === resource?.kind && id === resource.id) ?? true;
  return isThere && (filter === null || matchesFilter(filter, payload()));
}

/** Secrets that sign now. */
export function signingSecrets({ signing }: EndpointSecrets, nowMs: number): readonly string[] {
  return signing.filter(({ untilMs }) => untilMs === null || nowMs < untilMs).map(({ secret }) => secret);
}
