import type { Context } from "hono";
import type { WorkflowReceiver } from "../../domain/marketplace/workflow-receiver.ts";
import { GatewayError } from "../../platform/errors.ts";
import type { GatewayHono } from "../context.ts";
import { readRequestBody } from "../request-body.ts";

/** HighLevel publishes no limit. */
export const MAX_BODY_BYTES = 1_048_576;

/** Names of the parameters of the URL that hold the secret: no event and no callback has them. */
export const secretParameters = ({ auth }: WorkflowReceiver): readonly string[] =>
  auth.kind === "query" && auth.name !== null ? [auth.name] : [];

export async function readText(c: Context<GatewayHono>): Promise<string> {
  const bytes = await readRequestBody(c.req.raw, { maxBytes: MAX_BODY_BYTES, budget: c.get("isolate").requestBytes });
  if (bytes === undefined) throw new GatewayError({ kind: "webhook_too_large", maxBytes: MAX_BODY_BYTES });
  return new TextDecoder().decode(bytes);
}
