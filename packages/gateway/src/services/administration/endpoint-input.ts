import { readInboundWebhookUrl } from "@ghl-edge/marketplace/workflows";
import type { EndpointSettings } from "../../directory/tables/endpoints.ts";
import { readDestinationUrl } from "../../domain/delivery/destination-url.ts";
import type { Endpoint, EndpointKind } from "../../domain/delivery/endpoint.ts";
import { isRedactedUrl, redactedUrl } from "../../domain/delivery/secret-url.ts";
import { type EventFilter, EventFilterError, readEventFilter } from "../../domain/events/event-filter.ts";
import { meantEventName, namesOf } from "../../domain/events/event-names.ts";
import { inputProblem } from "../../domain/input-problem.ts";
import type { DestinationBindings } from "../../platform/env.ts";
import { invalid } from "./shared.ts";

/** Settings of an endpoint as their schema lets them through. `types` left out takes a default that depends on the kind. */
export type EndpointInput = Omit<EndpointSettings, "target" | "types"> & {
  readonly target?: string | undefined;
  readonly types?: EndpointSettings["types"] | undefined;
};

export interface EndpointInputContext {
  readonly destinations: DestinationBindings;
  readonly allowLoopback: boolean;
  /** The endpoint as it is. Undefined: it is a new one. */
  readonly before: Endpoint | undefined;
}

export interface ReadEndpoint {
  readonly settings: EndpointSettings;
  /** The address, which is sealed. Undefined: it does not change, or there is none. */
  readonly url: string | undefined;
}

type Target = Pick<EndpointSettings, "target"> & Pick<ReadEndpoint, "url">;

/** No target is quoted, because most of them are secrets. */
function refusedTarget(expected: string, value: string | undefined) {
  return invalid(inputProblem("target", expected, { value, isSecret: true }).message);
}

function readBinding(kind: "queue" | "service", value: string | undefined, destinations: DestinationBindings): Target {
  if (value === undefined || !/^[A-Z0-9_]{1,64}$/.test(value))
    throw refusedTarget("the name of a binding after its prefix: capitals, digits and underscores", value);
  if (destinations[kind](value) === undefined)
    throw invalid(`binding DESTINATION_${kind.toUpperCase()}_${value} not found in this deployment`);
  return { target: value, url: undefined };
}

/** An endpoint may be sent back as it was read: the shown address stands for the stored one. */
function unchanged(kind: EndpointKind, value: string | undefined, before: Endpoint | undefined): Target | undefined {
  const isUnchanged = before?.kind === kind && (value === undefined || value === before.target);
  return isUnchanged ? { target: before.target, url: undefined } : undefined;
}

function readWorkflowUrl(value: string | undefined): Target {
  try {
    const url = readInboundWebhookUrl(value ?? "");
    return { target: url.redacted, url: url.href };
  } catch {
    const expected = "the URL of an Inbound Webhook trigger: https, HighLevel's host, a path below /hooks/";
    throw refusedTarget(expected, value);
  }
}

function readHttpsUrl(value: string | undefined, context: EndpointInputContext): Target {
  // The shown form of another address is no address.
  const url = value === undefined || isRedactedUrl(value) ? undefined : readDestinationUrl(value, context);
  if (url === undefined)
    throw refusedTarget("an https URL of a public name, without credentials, port and fragment", value);
  return { target: redactedUrl(url.href), url: url.href };
}

function readTarget(kind: EndpointKind, value: string | undefined, context: EndpointInputContext): Target {
  switch (kind) {
    case "queue":
    case "service":
      return readBinding(kind, value, context.destinations);
    case "workflow":
      return unchanged(kind, value, context.before) ?? readWorkflowUrl(value);
    case "https":
      return unchanged(kind, value, context.before) ?? readHttpsUrl(value, context);
  }
}

/** Checks that events have these names. A name that ends in `*` stands for all that begin so. */
export function checkEventNames(path: string, types: readonly string[]): void {
  for (const [index, value] of types.entries()) {
    if (namesOf(value).length > 0) continue;
    const meant = meantEventName(value);
    const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
    throw invalid(inputProblem(`${path}[${index}]`, "the name of an event", { value }).message + hint);
  }
}

function checkFilter(filter: EventFilter | null): void {
  try {
    if (filter !== null) readEventFilter(filter);
  } catch (error) {
    throw error instanceof EventFilterError ? invalid(error.problem) : error;
  }
}

/**
 * Checks what the schema of the settings cannot: targets by kind and binding, names of events, the filter.
 *
 * @throws {GatewayError} `input_invalid`
 */
export function readEndpoint(input: EndpointInput, context: EndpointInputContext): ReadEndpoint {
  const { target: given, types, ...rest } = input;
  const { target, url } = readTarget(input.kind, given, context);
  checkEventNames("types", types ?? []);
  checkFilter(input.filter);
  // A workflow must not be started by every event of an app, so its types have to be given.
  const defaultTypes = input.kind === "workflow" ? [] : null;
  return { settings: { ...rest, target, types: types === undefined ? defaultTypes : types }, url };
}
