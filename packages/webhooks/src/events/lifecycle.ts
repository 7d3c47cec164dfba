import { toAsciiLowerCase } from "@ghl-edge/core";
import type { WebhookEventName } from "../generated/events.gen.ts";

/**
 * Lifecycle events of the app in a company or location, with the `type` that HighLevel writes. They install, remove and bill. So they
 * count only with that signed `type`, a signed `appId` and a signed time.
 */
const LIFECYCLE_TYPES = {
  AppInstall: "INSTALL",
  AppUninstall: "UNINSTALL",
  AppUpdate: "UPDATE",
  PlanChange: "PLAN_CHANGE",
  AppPaymentStatus: "APP_PAYMENT_STATUS",
  ExternalAuthConnected: "EXTERNAL_AUTH_CONNECTED",
} as const satisfies Partial<Record<WebhookEventName, string>>;

/**
 * Other events whose documents or captured deliveries show an `appId` (docs/design/webhooks.md, "Which events name their app").
 * The published samples of all other events are older than the field.
 */
const APP_NAMING_TYPES = [
  "SaasPlanCreate",
  "SupportTicketUpdate",
  "ContactCreate",
  "ContactDelete",
  "ContactDndUpdate",
  "InboundMessage",
  "OutboundMessage",
  "OpportunityCreate",
  "OrderStatusUpdate",
] as const;

const LIFECYCLE: ReadonlySet<string> = /* @__PURE__ */ new Set(
  Object.entries(LIFECYCLE_TYPES)
    .flat()
    .map((name) => toAsciiLowerCase(name)),
);
const APP_NAMING: ReadonlySet<string> = /* @__PURE__ */ new Set(APP_NAMING_TYPES.map((name) => toAsciiLowerCase(name)));

/** Returns whether a signed `type`, or a name, is that of a lifecycle event. */
export function isLifecycleType(type: string): boolean {
  return LIFECYCLE.has(toAsciiLowerCase(type));
}

/** Returns whether HighLevel is known to write an `appId` into events of this `type`. */
export function namesItsApp(type: string): boolean {
  return isLifecycleType(type) || APP_NAMING.has(toAsciiLowerCase(type));
}
