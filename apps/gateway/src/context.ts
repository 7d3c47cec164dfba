import type { WebhookVerifier } from "@ghl-edge/webhooks";
import type { ApiKeyConfig, AppConfig, GatewayConfig } from "./config.ts";
import type { Objects } from "./env.ts";
import type { LogFields } from "./log.ts";

/** What middleware hands to routes. */
export interface GatewayHono {
  Bindings: Env;
  Variables: {
    requestId: string;
    config: GatewayConfig;
    objects: Objects;
    verifierOf: (app: AppConfig) => WebhookVerifier;
    /** Set on /api only. */
    apiKey: ApiKeyConfig;
    /** Added to the line that is logged when the request ends. */
    log: { -readonly [K in keyof LogFields]: LogFields[K] };
  };
}
