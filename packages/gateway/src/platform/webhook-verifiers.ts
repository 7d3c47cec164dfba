import { createWebhookVerifier, type WebhookVerifier } from "@ghl-edge/webhooks";
import type { AppConfig, GatewayConfig } from "./config.ts";

const HOUR_MS = 3_600_000;

/** `provider`: a conversation provider's delivery URL, which was never signed otherwise than with Ed25519. */
export type WebhookRoute = "app" | "provider";

/** One verifier per app and route, made with its first webhook and kept: it holds the imported keys. */
export function createVerifiers({
  webhookKeys,
}: GatewayConfig): (app: AppConfig, route: WebhookRoute) => WebhookVerifier {
  const made = new Map<string, WebhookVerifier>();
  return (app, route) => {
    const name = `${app.name}:${route}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    const { legacyRsa, hmacSecrets, requireAppId, maxAgeHours } = app.webhooks;
    const verifier = createWebhookVerifier({
      ...(webhookKeys === undefined ? {} : { keys: webhookKeys }),
      ...(route === "app" && hmacSecrets.length > 0 ? { hmac: { secrets: hmacSecrets } } : {}),
      legacyRsa: route === "app" && (typeof legacyRsa === "boolean" ? legacyRsa : { keys: legacyRsa }),
      appId: app.clientId,
      requireAppId,
      toleranceMs: maxAgeHours * HOUR_MS,
      outsideWindow: "report",
    });
    made.set(name, verifier);
    return verifier;
  };
}
