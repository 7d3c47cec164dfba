import type { WebhookVerifier } from "@ghl-edge/webhooks";
import type { AppConfig, GatewayConfig } from "./config.ts";
import type { Directory } from "./directory/directory.ts";
import type { Caller } from "./domain/caller.ts";
import type { ProxyTarget } from "./domain/upstream-path.ts";
import type { WebhookRoute } from "./domain/webhook-verifiers.ts";
import type { OverflowEvent } from "./durable-objects/overflow.ts";
import type { Objects, Receivers } from "./env.ts";
import type { LogFields } from "./log.ts";

/** What middleware hands to routes. Read with `c.get`: `c.var` copies all of it each time. */
export interface GatewayHono {
  Bindings: Env;
  Variables: {
    requestId: string;
    config: GatewayConfig;
    objects: Objects;
    receivers: Receivers;
    directory: Directory;
    overflow: Pick<Queue<OverflowEvent>, "send">;
    verifierOf: (app: AppConfig, route: WebhookRoute) => WebhookVerifier;
    /** Set on /api only. */
    apiKey: Caller;
    /** Set on /api only. */
    target: ProxyTarget;
    /** Added to the line that is logged when the request ends. */
    log: { -readonly [K in keyof LogFields]: LogFields[K] };
  };
}
