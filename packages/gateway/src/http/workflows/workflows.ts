import type { Hono, MiddlewareHandler } from "hono";
import type { GatewayHono } from "../context.ts";
import { checkAppCaller } from "../middleware/app-caller.ts";
import { receiveWorkflow } from "./receive.ts";
import { send } from "./send.ts";

/** Everything under `/workflows`: from HighLevel's workflows, and to them. */
export function serveWorkflows(app: Hono<GatewayHono>, authenticate: MiddlewareHandler<GatewayHono>): void {
  app.all("/workflows/:app/:receiver", receiveWorkflow());
  app.post("/workflows/:app/send/:endpointId", authenticate, checkAppCaller("write"), send);
}
