import { createWorkflowAuth } from "@ghl-edge/marketplace/workflows";
import type { Context } from "hono";
import { gatewayEventAddress, gatewayInboxEvent } from "../../domain/events/gateway-event.ts";
import {
  isIssuedWorkflowReceiverId,
  isWorkflowReceiverId,
  type OpenedWorkflowReceiver,
  workflowAuth,
} from "../../domain/marketplace/workflow-receiver.ts";
import { GatewayError } from "../../platform/errors.ts";
import { createRecent } from "../../platform/recent.ts";
import { RETRY_AFTER_MS, storeEvent } from "../../services/store-event.ts";
import { eventServices, type GatewayHono } from "../context.ts";
import { checkRateLimit } from "../middleware/rate-limit.ts";

const UNREADABLE_RETRY_MS = 600_000;

const serves = (app: string, { receiver }: OpenedWorkflowReceiver): boolean =>
  receiver.app === app && receiver.state === "active";

async function admits(app: string, opened: OpenedWorkflowReceiver, request: Request): Promise<boolean> {
  const { receiver, secrets } = opened;
  if (!serves(app, opened)) return false;
  return createWorkflowAuth(workflowAuth(receiver.auth, secrets.auth, Date.now()))(request);
}

/** Answers a failed look-up so that HighLevel sends the request again. */
async function lookUp<Found>(found: Promise<Found>): Promise<Found> {
  try {
    return await found;
  } catch {
    throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: RETRY_AFTER_MS });
  }
}

/**
 * The secret cannot be read, so no request is accepted and none is refused for good: HighLevel sends again, and the key may be back by
 * then. Endpoints are notified once a day, because the event's id is made of the day.
 */
async function refuseUnreadable(c: Context<GatewayHono>, { receiver }: OpenedWorkflowReceiver): Promise<never> {
  const { app, id } = receiver;
  const atMs = Date.now();
  const uniqueId = `${id}:${new Date(atMs).toISOString().slice(0, 10)}`;
  const event = {
    app,
    resource: undefined,
    name: "secrets.unreadable",
    data: { of: "workflow_receiver", id },
    atMs,
    uniqueId,
  } as const;
  await storeEvent(eventServices(c), { app, ...gatewayEventAddress(event) }, await gatewayInboxEvent(event));
  Object.assign(c.get("log"), { app, workflowReceiverId: id, outcome: "unreadable" });
  throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: UNREADABLE_RETRY_MS });
}

/**
 * Finds the receiver in the path, if the request has its secret. Every other request gets the same refusal, which does not reveal which
 * receivers exist. A receiver that admits is cached for a while, so that many runs do not cause many reads. One that refuses is
 * looked up again, because the secret may be a new one.
 */
export function createWorkflowReceiverLookup(): (c: Context<GatewayHono>) => Promise<OpenedWorkflowReceiver> {
  const recent = createRecent<OpenedWorkflowReceiver>();
  return async (c) => {
    const { app = "", receiver: id = "" } = c.req.param() as Record<string, string>;
    const refused = new GatewayError({ kind: "workflow_refused" });
    if (!c.get("config").apps.has(app) || !isWorkflowReceiverId(id)) throw refused;
    const known = recent.get(id);
    if (known !== undefined && (await admits(app, known, c.req.raw))) return known;
    const { checkKey, workflowReceivers } = c.get("directory");
    if (!(await isIssuedWorkflowReceiverId(await lookUp(checkKey.read()), app, id))) throw refused;
    await checkRateLimit(c, "LIMIT_LOOKUPS", id);
    const opened = await lookUp(workflowReceivers.open(id));
    if (opened !== undefined && serves(app, opened) && !opened.readable) return refuseUnreadable(c, opened);
    if (opened === undefined || !(await admits(app, opened, c.req.raw))) throw refused;
    recent.set(id, opened);
    return opened;
  };
}
