import { eventName, type WebhookEventName } from "@ghl-edge/webhooks";
import type { EmulatedApp } from "../core/options/emulator-options.ts";
import type { EmulatorState } from "../core/state.ts";

/** These go to the app's own URL and cannot be switched off (README of HighLevel's SDK 3.1). */
const ALWAYS_ON: ReadonlySet<WebhookEventName> = new Set(["AppInstall", "AppUninstall"]);

/** Address that an app subscribed for an event, or `undefined`. */
export function urlFor({ webhookUrl, events }: EmulatedApp, event: WebhookEventName): string | undefined {
  if (webhookUrl === undefined || events === undefined || ALWAYS_ON.has(event)) return webhookUrl;
  const subscription = events.find((one) => eventName(typeof one === "string" ? one : one.name) === event);
  if (subscription === undefined) return undefined;
  return typeof subscription === "string" ? webhookUrl : (subscription.url ?? webhookUrl);
}

/** Whether an app is installed in the location, on its own or by its agency; without a location: in the company. */
export function isInstalled(
  { installations }: EmulatorState,
  clientId: string,
  locationId: string | undefined,
): boolean {
  return [...installations.values()].some(({ clientId: of, resource, approvedLocations, future }) => {
    if (of !== clientId) return false;
    if (resource.kind === "location") return resource.id === locationId;
    return locationId === undefined || future === true || (approvedLocations?.includes(locationId) ?? false);
  });
}
