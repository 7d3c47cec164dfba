import { createWebhookVerifier, type WebhookVerifier } from "@ghl-edge/webhooks";
import type { AppConfig, GatewayConfig } from "../config.ts";

/** Redeliveries of a refused event come for about 70 minutes under the older policy; 20 more for clocks. */
const REPLAY_WINDOW_MS = 5_400_000;

/** One verifier per app, made with its first webhook and kept: it holds the imported keys. */
export function createVerifiers({ webhookKeys }: GatewayConfig): (app: AppConfig) => WebhookVerifier {
  const made = new Map<string, WebhookVerifier>();
  return (app) => {
    const known = made.get(app.name);
    if (known !== undefined) return known;
    const verifier = createWebhookVerifier({
      ...(webhookKeys === undefined ? {} : { keys: webhookKeys }),
      appId: app.clientId,
      toleranceMs: REPLAY_WINDOW_MS,
      outsideWindow: "report",
    });
    made.set(app.name, verifier);
    return verifier;
  };
}
