import type { GatewayEventName, GatewayEvents } from "@ghl-edge/webhooks/gateway";
import type { Tenant } from "../../domain/grants/token-record.ts";

/** Makes an event pending for the endpoints of the app, in the synchronous block of what happened. */
export type Notify = <Name extends GatewayEventName>(tenant: Tenant, name: Name, data: GatewayEvents[Name]) => void;
