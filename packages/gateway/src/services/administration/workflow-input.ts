import { describeValue } from "@ghl-edge/core";
import { ConfigurationError, createWorkflowAuth } from "@ghl-edge/marketplace/workflows";
import type { WorkflowSettings } from "../../directory/workflow-receivers.ts";
import { type CallbackAddress, readCallbackAddress } from "../../domain/backend-callback.ts";
import { isResourceId } from "../../domain/resource.ts";
import { isRedactedUrl } from "../../domain/secret-url.ts";
import {
  WORKFLOW_AUTH_KINDS,
  WORKFLOW_KINDS,
  WORKFLOW_STATES,
  type WorkflowAuthKind,
  type WorkflowKind,
  type WorkflowReceiver,
  type WorkflowState,
  workflowAuth,
} from "../../domain/workflow-receiver.ts";
import type { Receivers } from "../../platform/env.ts";
import { MAX_NAME_LENGTH } from "./endpoint-input.ts";
import { invalid, readChoice, readMembers, readText } from "./input.ts";

/** A guess must not find it; as an app's secrets for HMAC. */
export const MIN_SECRET_LENGTH = 16;
export const MAX_SECRET_LENGTH = 256;

/** What an operator may change of a receiver; what is left out takes its default. */
export interface WorkflowReceiverInput {
  readonly name: string;
  /** All it takes must be of this location. Null: any, which has to be said, because its secret then opens every location. */
  readonly location: string | null;
  /** Of an action. Null: it answers with nothing. */
  readonly callback?: CallbackAddress | null;
  readonly state?: WorkflowState;
}

export interface WorkflowAuthInput {
  readonly kind: WorkflowAuthKind;
  /** Of all but `bearer`: the user, the header, the parameter of the URL. */
  readonly name?: string;
  /** One that is left out is made. */
  readonly secret?: string;
}

export interface NewWorkflowReceiver extends WorkflowReceiverInput {
  readonly app: string;
  readonly kind: WorkflowKind;
  readonly auth: WorkflowAuthInput;
}

export interface WorkflowInputContext {
  readonly kind: WorkflowKind;
  readonly receivers: Receivers;
  readonly allowLoopback: boolean;
  /** Undefined: it is a new one. */
  readonly before: WorkflowReceiver | undefined;
}

function readLocation(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value !== "string" || !isResourceId(value))
    throw invalid(`location must be the id of a location, or null for any, got ${describeValue(value)}`);
  return value;
}

function readCallback(value: unknown, context: WorkflowInputContext): CallbackAddress | null {
  const { kind, receivers, allowLoopback, before } = context;
  if (value === undefined || value === null) return null;
  if (kind !== "action") throw invalid("callback is for receivers of the kind action: nothing waits for other answers");
  const { url } = value as { readonly url?: unknown };
  const isShown = typeof url === "string" && isRedactedUrl(url);
  // What is shown of an address stands for it, so that a receiver may be sent back as it was read; of another address it is none.
  if (isShown && before?.callback != null && "url" in before.callback && before.callback.url === url)
    return before.callback;
  const address = isShown ? undefined : readCallbackAddress(value, { allowLoopback });
  if (address === undefined)
    throw invalid("callback has either url, an https URL of a public name, or service, the name of a binding");
  if ("service" in address && receivers.service(address.service) === undefined)
    throw invalid(`the gateway has no binding RECEIVER_SERVICE_${address.service}`);
  return address;
}

export const readKind = (value: unknown): WorkflowKind => {
  const kind = readChoice("kind", value, WORKFLOW_KINDS);
  if (kind === undefined) throw invalid(`kind is one of ${WORKFLOW_KINDS.join(", ")}`);
  return kind;
};

/** @throws GatewayError */
export function readSettings(value: unknown, context: WorkflowInputContext): WorkflowSettings {
  const fields = readMembers("a receiver's settings", value, ["name", "location", "callback", "state"]);
  return {
    name: readText("name", fields.name, MAX_NAME_LENGTH),
    location: readLocation(fields.location),
    callback: readCallback(fields.callback, context),
    state: readChoice("state", fields.state, WORKFLOW_STATES) ?? "active",
  };
}

/** @throws GatewayError that does not quote it */
export function readSecret(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value.length < MIN_SECRET_LENGTH || value.length > MAX_SECRET_LENGTH)
    throw invalid(`a secret is a text of ${MIN_SECRET_LENGTH} to ${MAX_SECRET_LENGTH} characters`);
  return value;
}

/** What the package will say to it when a request comes, now. */
export function checkAuth(auth: WorkflowReceiver["auth"], secret: string): void {
  try {
    createWorkflowAuth(workflowAuth(auth, [{ secret, untilMs: null }], 0));
  } catch (error) {
    // Its words name what is wrong, and quote nothing.
    throw error instanceof ConfigurationError ? invalid(`auth: ${error.message}`) : error;
  }
}

/** @throws GatewayError */
export function readAuth(value: unknown): WorkflowReceiver["auth"] & { readonly secret: string | undefined } {
  const { kind, name, secret } = readMembers("auth", value, ["kind", "name", "secret"]);
  const known = readChoice("auth.kind", kind, WORKFLOW_AUTH_KINDS);
  if (known === undefined) throw invalid(`auth.kind is one of ${WORKFLOW_AUTH_KINDS.join(", ")}`);
  if (known === "bearer" && name !== undefined) throw invalid("auth.name is for every kind but bearer");
  const named = known === "bearer" ? null : readText("auth.name", name, MAX_NAME_LENGTH);
  return { kind: known, name: named, secret: readSecret(secret) };
}
