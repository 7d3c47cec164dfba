import { ConfigurationError, createWorkflowAuth } from "@ghl-edge/marketplace/workflows";
import type { WorkflowSettings } from "../../directory/tables/workflow-receivers.ts";
import { isRedactedUrl } from "../../domain/delivery/secret-url.ts";
import { inputProblem } from "../../domain/input-problem.ts";
import { type CallbackAddress, PUBLIC_URL, readCallbackAddress } from "../../domain/marketplace/backend-callback.ts";
import {
  type WorkflowAuthKind,
  type WorkflowKind,
  type WorkflowReceiver,
  workflowAuth,
} from "../../domain/marketplace/workflow-receiver.ts";
import type { DestinationBindings } from "../../platform/env.ts";
import { invalid } from "./shared.ts";

export interface WorkflowInputContext {
  readonly kind: WorkflowKind;
  readonly destinations: DestinationBindings;
  readonly allowLoopback: boolean;
  /** The receiver as it is. Undefined: it is a new one. */
  readonly before: WorkflowReceiver | undefined;
}

function readCallback(value: CallbackAddress | null, context: WorkflowInputContext): CallbackAddress | null {
  const { kind, destinations, allowLoopback, before } = context;
  if (value === null) return null;
  if (kind !== "action") throw invalid("callback must be null, because only a receiver of the kind action answers");
  const isShown = "url" in value && isRedactedUrl(value.url);
  // A receiver may be sent back as it was read: its shown address stands for the stored one.
  if (isShown && before?.callback != null && "url" in before.callback && before.callback.url === value.url)
    return before.callback;
  const address = isShown ? undefined : readCallbackAddress(value, { allowLoopback });
  if (address === undefined) {
    const { url } = value as { readonly url: string };
    throw invalid(inputProblem("callback.url", PUBLIC_URL, { value: url, isSecret: true }).message);
  }
  if ("service" in address && destinations.service(address.service) === undefined)
    throw invalid(`binding DESTINATION_SERVICE_${address.service} not found in this deployment`);
  return address;
}

/**
 * Checks what depends on the deployment and on the receiver: whether it may have a callback, and where that may be sent.
 *
 * @throws {GatewayError} `input_invalid`
 */
export function readSettings(
  { name, location, callback, state }: WorkflowSettings,
  context: WorkflowInputContext,
): WorkflowSettings {
  return { name, location, callback: readCallback(callback, context), state };
}

/** An `auth` as its schema lets it through. */
export type AuthInput =
  | { readonly kind: "bearer"; readonly secret?: string | undefined }
  | { readonly kind: Exclude<WorkflowAuthKind, "bearer">; readonly name: string; readonly secret?: string | undefined };

export const authOf = (input: AuthInput): WorkflowReceiver["auth"] => ({
  kind: input.kind,
  name: input.kind === "bearer" ? null : input.name,
});

/** Stands for a secret that the gateway will create, of characters that every kind takes. */
const CREATED = "created-by-the-gateway";

/** Returns what the package would refuse when a request comes; undefined where it would not. The text quotes no secret. */
export function secretProblem(auth: WorkflowReceiver["auth"], secret: string): string | undefined {
  try {
    createWorkflowAuth(workflowAuth(auth, [{ secret, untilMs: null }], 0));
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return `auth: ${error.message}`;
  }
}

export const authProblem = (input: AuthInput): string | undefined =>
  secretProblem(authOf(input), input.secret ?? CREATED);
