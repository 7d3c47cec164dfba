import { exceedsJsonDepth } from "@ghl-edge/core";
import { NotJsonError, type ParsedWebhook, parseWebhook, WebhookError } from "@ghl-edge/webhooks";
import type { Context, Handler } from "hono";
import type { AppConfig } from "../config.ts";
import type { GatewayHono } from "../context.ts";
import { inboxAddress, inboxEvent } from "../domain/inbox-event.ts";
import { readLimitedBody } from "../domain/read-limited.ts";
import type { WebhookRoute } from "../domain/webhook-verifiers.ts";
import { GatewayError } from "../errors.ts";
import { storeEvent } from "./store-event.ts";

/** HighLevel publishes no limit; its largest published sample has a few kilobytes. */
const MAX_BODY_BYTES = 1_048_576;
const SIGNATURE_HEADER = "x-ghl-signature";

async function parse(
  c: Context<GatewayHono>,
  app: AppConfig,
  route: WebhookRoute,
  body: Uint8Array,
): Promise<ParsedWebhook> {
  const verifier = c.get("verifierOf")(app, route);
  // What a provider is sent has the channel for its type.
  const hint = route === "provider" ? "ProviderOutboundMessage" : c.req.query("event");
  try {
    const parsed = await parseWebhook({ body, headers: c.req.raw.headers, hint, verifier });
    // A genuine signature says who wrote the event, not that its data, which contacts may fill in, does no harm.
    if (exceedsJsonDepth(new TextDecoder().decode(body))) throw new GatewayError({ kind: "webhook_unreadable" });
    return parsed;
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    c.get("log").outcome = error.code;
    throw new GatewayError({ kind: error instanceof NotJsonError ? "webhook_unreadable" : "webhook_refused" });
  }
}

/**
 * `POST /webhooks/:app` and `/webhooks/:app/provider`: verified, stored, then acknowledged; what the event asks for is done by
 * its inbox afterwards. `?event=InvoicePaid` names events that do not name themselves, and no other.
 */
export const receiveWebhook =
  (route: WebhookRoute): Handler<GatewayHono> =>
  async (c) => {
    if (c.req.method !== "POST") throw new GatewayError({ kind: "method_not_allowed", allow: "POST" });
    const app = c.get("config").apps.get(c.req.param("app") ?? "");
    if (app === undefined) throw new GatewayError({ kind: "app_unknown" });
    c.get("log").app = app.name;
    const body = await readLimitedBody(c.req.raw, MAX_BODY_BYTES);
    if (body === undefined) throw new GatewayError({ kind: "webhook_too_large", maxBytes: MAX_BODY_BYTES });
    const parsed = await parse(c, app, route, body);
    const event = await inboxEvent(parsed, c.req.header(SIGNATURE_HEADER));
    const stored = await storeEvent(c, { app: app.name, ...inboxAddress(parsed) }, event);
    const outcome = stored === "stored" && event.quarantined ? "quarantined" : stored;
    Object.assign(c.get("log"), { event: parsed.name, outcome });
    if (parsed.verified.webhookId !== undefined) c.get("log").webhookId = parsed.verified.webhookId;
    return c.json({ outcome });
  };
