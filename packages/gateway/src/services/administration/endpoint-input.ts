import { readInboundWebhookUrl } from "@ghl-edge/marketplace/workflows";
import type { EndpointSettings } from "../../directory/endpoints.ts";
import {
  ENDPOINT_FORMATS,
  ENDPOINT_KINDS,
  ENDPOINT_STATES,
  type Endpoint,
  type EndpointFormat,
  type EndpointKind,
  type EndpointState,
} from "../../domain/endpoint.ts";
import { type EventFilter, EventFilterError, readEventFilter } from "../../domain/event-filter.ts";
import { namesOf, nearestName } from "../../domain/event-names.ts";
import { readReceiverUrl } from "../../domain/receiver-url.ts";
import type { Resource } from "../../domain/resource.ts";
import { isRedactedUrl, redactedUrl } from "../../domain/secret-url.ts";
import type { Receivers } from "../../platform/env.ts";
import {
  invalid,
  readBoolean,
  readChoice,
  readList,
  readMembers,
  readResources,
  readText,
  readWhole,
} from "./input.ts";

export const MAX_NAME_LENGTH = 100;
/** As the table allows. */
export const MAX_SHARDS = 16;
export const MAX_TYPES = 100;

/** What an operator says of an endpoint; what is left out takes its default. */
export interface EndpointInput {
  readonly name: string;
  readonly kind: EndpointKind;
  /** A URL, or the name of a binding after its prefix. A URL may be left out once it is known, or be sent as it is shown. */
  readonly target?: string;
  readonly format?: EndpointFormat;
  readonly ordered?: boolean;
  readonly shards?: number;
  readonly types?: readonly string[] | null;
  readonly resources?: readonly Resource[] | null;
  readonly filter?: EventFilter | null;
  readonly state?: EndpointState;
}

const MEMBERS: readonly (keyof EndpointInput)[] = [
  "name",
  "kind",
  "target",
  "format",
  "ordered",
  "shards",
  "types",
  "resources",
  "filter",
  "state",
];

export interface EndpointInputContext {
  readonly receivers: Receivers;
  readonly allowLoopback: boolean;
  /** Undefined: it is a new one. */
  readonly before: Endpoint | undefined;
}

export interface ReadEndpoint {
  readonly settings: EndpointSettings;
  /** The address, which is sealed. Undefined: as it was, or none. */
  readonly url: string | undefined;
}

type Target = Pick<EndpointSettings, "target"> & Pick<ReadEndpoint, "url">;

function readBinding(kind: "queue" | "service", value: unknown, receivers: Receivers): Target {
  if (typeof value !== "string" || !/^[A-Z0-9_]{1,64}$/.test(value))
    throw invalid("target is the name of a binding after its prefix: capitals, digits and underscores");
  if (receivers[kind](value) === undefined)
    throw invalid(`the gateway has no binding RECEIVER_${kind.toUpperCase()}_${value}`);
  return { target: value, url: undefined };
}

/** What is shown of an address stands for it, so that an endpoint may be sent back as it was read. */
function known(kind: EndpointKind, value: unknown, before: Endpoint | undefined): Target | undefined {
  const isKnown = before?.kind === kind && (value === undefined || value === before.target);
  return isKnown ? { target: before.target, url: undefined } : undefined;
}

function readWorkflow(value: unknown): Target {
  try {
    const url = readInboundWebhookUrl(value as string);
    return { target: url.redacted, url: url.href };
  } catch {
    throw invalid("target is the URL of an Inbound Webhook trigger: https, HighLevel's host, a path below /hooks/");
  }
}

function readTarget(kind: EndpointKind, value: unknown, context: EndpointInputContext): Target {
  switch (kind) {
    case "queue":
    case "service":
      return readBinding(kind, value, context.receivers);
    case "workflow":
      return known(kind, value, context.before) ?? readWorkflow(value);
    case "https": {
      const same = known(kind, value, context.before);
      if (same !== undefined) return same;
      // What is shown of another address is none.
      const url = typeof value === "string" && !isRedactedUrl(value) ? readReceiverUrl(value, context) : undefined;
      if (url === undefined)
        throw invalid("target is an https URL of a public name, without credentials, port and fragment");
      return { target: redactedUrl(url.href), url: url.href };
    }
  }
}

/** One entry of `types`. */
export function readType(value: unknown): string {
  const type = readText("a type", value, MAX_NAME_LENGTH);
  if (namesOf(type).length > 0) return type;
  const near = nearestName(type);
  throw invalid(`types has a name that no event has${near === undefined ? "" : `; perhaps ${near} is meant`}`);
}

function readFilter(value: unknown): EventFilter | null {
  if (value === undefined || value === null) return null;
  try {
    return readEventFilter(value);
  } catch (error) {
    throw error instanceof EventFilterError ? invalid(error.problem) : error;
  }
}

/** @throws GatewayError */
export function readEndpoint(value: unknown, context: EndpointInputContext): ReadEndpoint {
  const fields = readMembers("an endpoint", value, MEMBERS);
  const kind = readChoice("kind", fields.kind, ENDPOINT_KINDS);
  if (kind === undefined) throw invalid(`kind is one of ${ENDPOINT_KINDS.join(", ")}`);
  const { target, url } = readTarget(kind, fields.target, context);
  const { format, ordered = false, shards = 1, types, resources, filter, state } = fields;
  const listed = types === null ? null : readList("types", types, { min: 0, max: MAX_TYPES, read: readType });
  // Every event of an app would start a workflow; what is meant for it has to be said.
  const defaultTypes = kind === "workflow" ? [] : null;
  const settings: EndpointSettings = {
    name: readText("name", fields.name, MAX_NAME_LENGTH),
    kind,
    target,
    format: readChoice("format", format, ENDPOINT_FORMATS) ?? "envelope",
    ordered: readBoolean("ordered", ordered),
    shards: readWhole("shards", shards, { min: 1, max: MAX_SHARDS }),
    types: listed === undefined ? defaultTypes : listed,
    resources: readResources(resources),
    filter: readFilter(filter),
    state: readChoice("state", state, ENDPOINT_STATES) ?? "active",
  };
  return { settings, url };
}
