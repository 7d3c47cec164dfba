import { ConfigurationError, createWorkflowAuth } from "@ghl-edge/marketplace/workflows";
import type { WorkflowSettings } from "../../directory/tables/workflow-receivers.ts";
import { isRedactedUrl } from "../../domain/delivery/secret-url.ts";
import { inputProblem } from "../../domain/input-problem.ts";
import { type CallbackAddress, readCallbackAddress } from "../../domain/marketplace/backend-callback.ts";
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
    const expected = "an object with either url, an https URL of a public name, or service, the name of a binding";
    throw invalid(inputProblem("callback", expected, { value }).message);
  }
  if ("service" in address && destinations.service(address.service) === undefined)
    throw invalid(`binding DESTINATION_SERVICE_${address.service} not found in this deployment`);
  return address;
}

/**
 * Checks what the schema of the settings cannot: the address by kind and binding.
 *
 * @throws {GatewayError} `input_invalid`
 */
export function readSettings(
  { name, location, callback, state }: WorkflowSettings,
  context: WorkflowInputContext,
): WorkflowSettings {
  return { name, location, callback: readCallback(callback, context), state };
}

/** Refuses a secret that the package would refuse when a request comes. */
export function checkAuth(auth: WorkflowReceiver["auth"], secret: string): void {
  try {
    createWorkflowAuth(workflowAuth(auth, [{ secret, untilMs: null }], 0));
  } catch (error) {
    // The message names the fault and quotes nothing.
    throw error instanceof ConfigurationError ? invalid(`auth: ${error.message}`) : error;
  }
}

/** Every kind of authentication but `bearer` has a name: the user, the header or the parameter of the URL. */
export function readAuthName(kind: WorkflowAuthKind, name: string | undefined): string | null {
  if (kind === "bearer" && name !== undefined)
    throw invalid(inputProblem("auth.name", "left out for bearer", { value: name }).message);
  if (kind !== "bearer" && name === undefined)
    throw invalid(inputProblem("auth.name", `a text for ${kind}`, { value: name }).message);
  return name ?? null;
}
