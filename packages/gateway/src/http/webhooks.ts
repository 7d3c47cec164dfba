import { exceedsJsonDepth, timingSafeEqual } from "@ghl-edge/core";
import {
  NotJsonError,
  type ParsedWebhook,
  parseWebhook,
  WebhookConfigurationError,
  WebhookError,
} from "@ghl-edge/webhooks";
import type { Context, Handler } from "hono";
import type { AppConfig } from "../platform/config.ts";
import { GatewayError } from "../platform/errors.ts";
import type { WebhookRoute } from "../platform/webhook-verifiers.ts";
import { storeWebhook } from "../services/store-webhook.ts";
import { eventServices, type GatewayHono } from "./context.ts";
import { readRequestBody } from "./request-body.ts";

/** Upper bound of ours: HighLevel publishes none, and its largest published sample has a few kilobytes. */
const MAX_BODY_BYTES = 1_048_576;
const SIGNATURE_HEADER = "x-ghl-signature";

/** Reads the URL's hint about an event that does not name itself, and whether the hint is trusted. */
function hintOf(c: Context<GatewayHono>, { webhooks: { hintKey } }: AppConfig, route: WebhookRoute) {
  const key = c.req.query("key");
  const hintIsTrusted = hintKey !== undefined && key !== undefined && timingSafeEqual(key, hintKey);
  // The `type` of a provider's event is its channel.
  const hint = route === "provider" ? "ProviderOutboundMessage" : c.req.query("event");
  return { hint, hintIsTrusted, hintMustBeTrusted: hintKey !== undefined };
}

async function parse(
  c: Context<GatewayHono>,
  { app, route, body }: { readonly app: AppConfig; readonly route: WebhookRoute; readonly body: Uint8Array },
): Promise<ParsedWebhook> {
  const verifier = c.get("verifierOf")(app, route);
  try {
    const parsed = await parseWebhook({ body, headers: c.req.raw.headers, verifier, ...hintOf(c, app, route) });
    // A genuine signature says who sent the event. Its data, which contacts may fill in, can still do harm.
    if (exceedsJsonDepth(new TextDecoder().decode(body))) throw new GatewayError({ kind: "webhook_unreadable" });
    return parsed;
  } catch (error) {
    // A configured key is malformed. The event may be genuine, so HighLevel sends it again until the key is right.
    if (!(error instanceof WebhookError) || error instanceof WebhookConfigurationError) throw error;
    c.get("log").outcome = error.code;
    throw new GatewayError({ kind: error instanceof NotJsonError ? "webhook_unreadable" : "webhook_refused" });
  }
}

const APP_NAME = /^[a-z0-9-]{1,32}$/;
const UNKNOWN_APP_RETRY_MS = 60_000;

/**
 * The app of the URL. One that `APPS` does not have may be back with the next deployment, so its events are to be sent again:
 * HighLevel's older policy repeats nothing but a 429.
 */
function appOf(c: Context<GatewayHono>): AppConfig {
  const name = c.req.param("app") ?? "";
  const app = c.get("config").apps.get(name);
  if (app !== undefined) return app;
  if (!APP_NAME.test(name)) throw new GatewayError({ kind: "app_unknown" });
  Object.assign(c.get("log"), { setting: `APPS.${name}`, expected: "set" });
  throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: UNKNOWN_APP_RETRY_MS });
}

/**
 * `POST /webhooks/:app` and `/webhooks/:app/provider`: verified, stored, then acknowledged; what the event asks for is done by
 * its inbox afterwards. `?event=InvoicePaid` names events that do not name themselves, and no other.
 */
export const receiveWebhook =
  (route: WebhookRoute): Handler<GatewayHono> =>
  async (c) => {
    if (c.req.method !== "POST") throw new GatewayError({ kind: "method_not_allowed", allow: "POST" });
    const app = appOf(c);
    c.get("log").app = app.name;
    const body = await readRequestBody(c.req.raw, { maxBytes: MAX_BODY_BYTES, budget: c.get("isolate").requestBytes });
    if (body === undefined) throw new GatewayError({ kind: "webhook_too_large", maxBytes: MAX_BODY_BYTES });
    const parsed = await parse(c, { app, route, body });
    const webhook = { app, parsed, signature: c.req.header(SIGNATURE_HEADER) };
    const { outcome, eventId } = await storeWebhook(eventServices(c), webhook);
    Object.assign(c.get("log"), { event: parsed.name, eventId, outcome });
    if (parsed.verified.webhookId !== undefined) c.get("log").webhookId = parsed.verified.webhookId;
    if (parsed.verified.isTruncated) c.get("log").isTruncated = true;
    return c.json({ outcome });
  };
