import type { Context } from "hono";
import { isIdempotencyKey } from "../../domain/marketplace/workflow-send.ts";
import { GatewayError } from "../../platform/errors.ts";
import { sendToWorkflow, workflowEndpoint } from "../../services/send-to-workflow.ts";
import type { GatewayHono } from "../context.ts";
import { readJson } from "../json-body.ts";

const HEADER = "Idempotency-Key";

function readKey(c: Context<GatewayHono>): string | undefined {
  const key = c.req.header(HEADER);
  if (key !== undefined && !isIdempotencyKey(key))
    throw new GatewayError({ kind: "header_invalid", header: HEADER, takes: "1 to 255 visible characters of ASCII" });
  return key;
}

/** Handles `POST /workflows/:app/send/:endpointId`: the body goes to a workflow as it is. */
export async function send(c: Context<GatewayHono>): Promise<Response> {
  const services = { directory: c.get("directory"), objects: c.get("objects") };
  const endpoint = await workflowEndpoint(services, c.get("apiKey"), c.req.param("endpointId") ?? "");
  const idempotencyKey = readKey(c);
  const { bytes: body } = await readJson(c);
  const id = await sendToWorkflow(services, endpoint, { body, idempotencyKey });
  Object.assign(c.get("log"), { endpointId: endpoint.id, eventId: id });
  return c.json({ id }, 202, { "cache-control": "no-store" });
}
