import { NotJsonError, type ParsedWebhook, parseWebhook, WebhookError } from "@ghl-edge/webhooks";
import type { Context } from "hono";
import type { AppConfig } from "../config.ts";
import type { GatewayHono } from "../context.ts";
import { recordState } from "../directory/record.ts";
import { inboxAddress, inboxEvent, lifeEvent } from "../domain/inbox-event.ts";
import { readLimited } from "../domain/read-limited.ts";
import { retryOnce } from "../durable-objects/retry-once.ts";
import { GatewayError } from "../errors.ts";

/** HighLevel publishes no limit; its largest published sample has a few kilobytes. */
const MAX_BODY_BYTES = 1_048_576;
/** HighLevel tries again by its own schedule; this is for those that read the header. */
const RETRY_AFTER_MS = 60_000;

async function parse(c: Context<GatewayHono>, app: AppConfig, body: Uint8Array): Promise<ParsedWebhook> {
  const verifier = c.var.verifierOf(app);
  try {
    return await parseWebhook({ body, headers: c.req.raw.headers, hint: c.req.query("event"), verifier });
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    c.var.log.outcome = error.code;
    throw new GatewayError({ kind: error instanceof NotJsonError ? "webhook_unreadable" : "webhook_refused" });
  }
}

async function store(c: Context<GatewayHono>, app: string, parsed: ParsedWebhook): Promise<{ stored: boolean }> {
  const { resource, day } = inboxAddress(parsed);
  try {
    return await retryOnce(
      () => c.var.objects.inbox(app, resource, day),
      (inbox) => inbox.store(inboxEvent(parsed)),
    );
  } catch {
    // Never 200 for what is not stored, never 5xx: under the older policy only 429 is delivered again.
    throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: RETRY_AFTER_MS });
  }
}

/**
 * INSTALL and UNINSTALL act on the grant: on every delivery, because the first may have been stored without reaching it.
 * Repeated, late or out of order they change nothing that their signed time does not allow.
 */
async function applyToGrant(c: Context<GatewayHono>, app: string, parsed: ParsedWebhook): Promise<void> {
  const event = lifeEvent(app, parsed);
  if (event === undefined) return;
  try {
    await retryOnce(
      () => c.var.objects.grant(app, event.resource),
      (grant) => (parsed.name === "AppInstall" ? grant.installed(event) : grant.uninstalled(event)),
    );
  } catch {
    throw new GatewayError({ kind: "webhook_not_stored", retryAfterMs: RETRY_AFTER_MS });
  }
  const change = { actor: "/webhooks", requestId: c.var.requestId, nowMs: Date.now() };
  // The event is stored and has acted; a directory that is away is brought up to date when an operator looks.
  await recordState(c.var, { app, resource: event.resource }, change).catch(() => {});
}

/** `POST /webhooks/:app`: verified, stored, then acknowledged. `?event=InvoicePaid` names events that do not. */
export async function receiveWebhook(c: Context<GatewayHono>): Promise<Response> {
  if (c.req.method !== "POST") throw new GatewayError({ kind: "method_not_allowed", allow: "POST" });
  const app = c.var.config.apps.get(c.req.param("app") ?? "");
  if (app === undefined) throw new GatewayError({ kind: "app_unknown" });
  c.var.log.app = app.name;
  const body = await readLimited(c.req.raw.body, MAX_BODY_BYTES);
  if (body === undefined) throw new GatewayError({ kind: "webhook_too_large", maxBytes: MAX_BODY_BYTES });
  const parsed = await parse(c, app, body);
  const { stored } = await store(c, app.name, parsed);
  await applyToGrant(c, app.name, parsed);
  const outcome = stored ? (inboxEvent(parsed).quarantined ? "quarantined" : "stored") : "duplicate";
  Object.assign(c.var.log, { event: parsed.name, outcome });
  if (parsed.verified.webhookId !== undefined) c.var.log.webhookId = parsed.verified.webhookId;
  return c.json({ outcome });
}
