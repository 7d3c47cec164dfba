import { type Caller, mayUseResource } from "../domain/access/caller.ts";
import type { Endpoint } from "../domain/delivery/endpoint.ts";
import { sendId, workflowDelivery } from "../domain/marketplace/workflow-send.ts";
import { GatewayError } from "../platform/errors.ts";
import { checkEnabled, known, reach } from "./administration/shared.ts";
import type { Services } from "./services.ts";

/** Always the endpoint's first object, so that a repeated request reaches the same one, however many there are by then. */
const SHARD = 0;

/** An endpoint that is of no resource in particular is of the whole app, and so has to be the key. */
function checkResources(caller: Caller, { resources }: Endpoint): void {
  if (caller.resources === null || resources?.every((resource) => mayUseResource(caller, resource))) return;
  throw new GatewayError({ kind: "api_key_scope", problem: "It is not for all resources of this endpoint." });
}

/**
 * Returns the endpoint of a workflow to which a caller may send.
 *
 * @throws {GatewayError} `not_in_directory`, `api_key_scope`, `endpoint_disabled`
 */
export async function workflowEndpoint(
  { directory }: Pick<Services, "directory">,
  caller: Caller,
  id: string,
): Promise<Endpoint> {
  const endpoint = await directory.endpoints.find(id);
  const isOurs = endpoint?.app === caller.app && endpoint.kind === "workflow";
  const found = known("endpoint of a workflow", isOurs ? endpoint : undefined);
  checkResources(caller, found);
  checkEnabled(found);
  return found;
}

/**
 * Makes a delivery to the Inbound Webhook trigger of a workflow, on disk before it is acknowledged and tried as every delivery is.
 *
 * @returns the id of the delivery: the same for the same `idempotencyKey`
 * @throws {GatewayError} `endpoint_disabled`, `object_unreachable`
 */
export async function sendToWorkflow(
  { objects }: Pick<Services, "objects">,
  endpoint: Endpoint,
  { body, idempotencyKey }: { readonly body: Uint8Array; readonly idempotencyKey: string | undefined },
): Promise<string> {
  const id = await sendId(endpoint.id, idempotencyKey);
  const address = { app: endpoint.app, endpointId: endpoint.id, shard: SHARD };
  const isTaken = await reach(
    () => objects.dispatcher(endpoint.id, SHARD),
    (dispatcher) => dispatcher.enqueue(address, [workflowDelivery(id, endpoint, body)], false),
  );
  if (!isTaken) throw new GatewayError({ kind: "endpoint_disabled", because: "backlog" });
  return id;
}
