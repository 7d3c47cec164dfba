import type { Context } from "hono";
import { type Caller, mayUseResource } from "../../domain/access/caller.ts";
import type { Endpoint } from "../../domain/delivery/endpoint.ts";
import { isIdempotencyKey, sendId, workflowDelivery } from "../../domain/marketplace/workflow-send.ts";
import { GatewayError } from "../../platform/errors.ts";
import { checkEnabled, known, reach } from "../../services/administration/shared.ts";
import type { GatewayHono } from "../context.ts";
import { readJson } from "../json-body.ts";

const HEADER = "Idempotency-Key";
/** Always the endpoint's first object, so that a repeated request reaches the same one, however many there are by then. */
const SHARD = 0;

async function findEndpoint(c: Context<GatewayHono>): Promise<Endpoint> {
  const { app } = c.get("apiKey");
  const endpoint = await c.get("directory").endpoints.find(c.req.param("endpointId") ?? "");
  return known("endpoint of a workflow", endpoint?.app === app && endpoint.kind === "workflow" ? endpoint : undefined);
}

/** An endpoint that is of no resource in particular is of the whole app, and so has to be the key. */
function checkResources(caller: Caller, { resources }: Endpoint): void {
  if (caller.resources === null || resources?.every((resource) => mayUseResource(caller, resource))) return;
  throw new GatewayError({ kind: "api_key_scope", problem: "It is not for all resources of this endpoint." });
}

function readKey(c: Context<GatewayHono>): string | undefined {
  const key = c.req.header(HEADER);
  if (key !== undefined && !isIdempotencyKey(key))
    throw new GatewayError({ kind: "header_invalid", header: HEADER, takes: "1 to 255 visible characters of ASCII" });
  return key;
}

/**
 * `POST /workflows/:app/send/:endpointId`: a delivery to the Inbound Webhook trigger of a workflow, on disk before it is acknowledged
 * and tried as every delivery is.
 */
export async function sendToWorkflow(c: Context<GatewayHono>): Promise<Response> {
  const endpoint = await findEndpoint(c);
  checkResources(c.get("apiKey"), endpoint);
  checkEnabled(endpoint);
  const key = readKey(c);
  const { bytes } = await readJson(c);
  const id = await sendId(endpoint.id, key);
  const address = { app: endpoint.app, endpointId: endpoint.id, shard: SHARD };
  const isTaken = await reach(
    () => c.get("objects").dispatcher(endpoint.id, SHARD),
    (dispatcher) => dispatcher.enqueue(address, [workflowDelivery(id, endpoint, bytes)], false),
  );
  if (!isTaken) throw new GatewayError({ kind: "endpoint_disabled", because: "backlog" });
  Object.assign(c.get("log"), { endpointId: endpoint.id, eventId: id });
  return c.json({ id }, 202, { "cache-control": "no-store" });
}
