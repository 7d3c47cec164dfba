import { readInboundWebhookUrl } from "@ghl-edge/marketplace/workflows";
import type { EndpointSettings } from "../../directory/tables/endpoints.ts";
import { readDestinationUrl } from "../../domain/delivery/destination-url.ts";
import type { Endpoint, EndpointKind } from "../../domain/delivery/endpoint.ts";
import { isRedactedUrl, redactedUrl } from "../../domain/delivery/secret-url.ts";
import { inputProblem } from "../../domain/input-problem.ts";
import type { DestinationBindings } from "../../platform/env.ts";
import { invalid } from "./shared.ts";

/** Settings of an endpoint as their schema lets them through. `types` left out takes a default that depends on the kind. */
export type EndpointInput = Omit<EndpointSettings, "target" | "types" | "shards"> & {
  readonly target?: string | undefined;
  readonly shards?: number | undefined;
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

/** The schema has checked the form of the name. */
function readBinding(kind: "queue" | "service", value: string, destinations: DestinationBindings): Target {
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
      return readBinding(kind, value ?? "", context.destinations);
    case "workflow":
      return unchanged(kind, value, context.before) ?? readWorkflowUrl(value);
    case "https":
      return unchanged(kind, value, context.before) ?? readHttpsUrl(value, context);
  }
}

/** A batch contains envelopes, and a workflow takes one event at a time. */
function checkBatchSize({ batchSize, format, kind }: EndpointInput): void {
  const reason = format === "raw" ? 'the format "raw"' : kind === "workflow" ? 'the kind "workflow"' : undefined;
  if (batchSize > 1 && reason !== undefined) throw invalid(`batchSize must be 1 with ${reason}, got ${batchSize}`);
}

/**
 * Checks what depends on the deployment and on the endpoint as it is: whether a binding exists, and whether a URL may be sent to or stays.
 *
 * @throws {GatewayError} `input_invalid`
 */
export function readEndpoint(input: EndpointInput, context: EndpointInputContext): ReadEndpoint {
  const { target: given, types, shards = context.before?.shards ?? 1, ...rest } = input;
  checkBatchSize(input);
  const { target, url } = readTarget(input.kind, given, context);
  // A workflow must not be started by every event of an app, so its types have to be given.
  const defaultTypes = input.kind === "workflow" ? [] : null;
  return { settings: { ...rest, shards, target, types: types === undefined ? defaultTypes : types }, url };
}
