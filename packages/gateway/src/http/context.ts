import type { Context } from "hono";
import type { Caller } from "../domain/access/caller.ts";
import type { ProxyTarget } from "../domain/api/upstream-path.ts";
import type { LogFields } from "../platform/log.ts";
import type { Services } from "../services/services.ts";
import type { EventServices } from "../services/store-webhook.ts";

/** Values that middleware hands to routes. Read them with `c.get`: `c.var` copies all of them each time. */
export interface GatewayHono {
  Bindings: Env;
  Variables: { -readonly [Name in keyof Services]: Services[Name] } & {
    requestId: string;
    /** Set on /api only. */
    apiKey: Caller;
    /** Set on /api only. */
    target: ProxyTarget;
    /** Added to the line that is logged when the request ends. */
    log: { -readonly [K in keyof LogFields]: LogFields[K] };
  };
}

/** Returns the services that storing an event needs. */
export const eventServices = (c: Context<GatewayHono>): EventServices => ({
  directory: c.get("directory"),
  objects: c.get("objects"),
  overflow: c.get("overflow"),
  isolate: c.get("isolate"),
});
