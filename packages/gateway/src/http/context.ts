import type { WebhookVerifier } from "@ghl-edge/webhooks";
import type { Context } from "hono";
import type { Directory } from "../directory/directory.ts";
import type { Caller } from "../domain/access/caller.ts";
import type { ProxyTarget } from "../domain/api/upstream-path.ts";
import type { OverflowEvent } from "../domain/contracts/overflow.ts";
import type { Isolate } from "../isolate.ts";
import type { AppConfig, GatewayConfig } from "../platform/config.ts";
import type { DestinationBindings, Objects } from "../platform/env.ts";
import type { LogFields } from "../platform/log.ts";
import type { WebhookRoute } from "../platform/webhook-verifiers.ts";
import type { TenantSources } from "../services/known-tenant.ts";
import type { EventStores } from "../services/store-event.ts";

/** Values that middleware hands to routes. Read them with `c.get`: `c.var` copies all of them each time. */
export interface GatewayHono {
  Bindings: Env;
  Variables: {
    requestId: string;
    config: GatewayConfig;
    objects: Objects;
    destinations: DestinationBindings;
    directory: Directory;
    isolate: Isolate;
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

/** The stores for the events of a request. */
export const eventStores = (c: Context<GatewayHono>): EventStores => ({
  objects: c.get("objects"),
  overflow: c.get("overflow"),
  isolate: c.get("isolate"),
});

/** Returns where a request looks up tenants. */
export const tenantSources = (c: Context<GatewayHono>): TenantSources => ({
  directory: c.get("directory"),
  knownTenants: c.get("isolate").knownTenants,
});
