import { eventName, eventNames } from "@ghl-edge/webhooks";
import { gatewayEventNames } from "@ghl-edge/webhooks/gateway";

/** All event names: HighLevel's, the gateway's own, and `unknown` for events without a name. */
const NAMES: readonly string[] = [...eventNames, ...gatewayEventNames, "unknown"];

/** Returns the event names that an entry of an endpoint's `types` matches: one name, or with `*` at its end every name that begins so. */
export function namesOf(type: string): readonly string[] {
  return NAMES.filter((name) => (type.endsWith("*") ? name.startsWith(type.slice(0, -1)) : name === type));
}

const letters = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** Returns the name that may be meant: by HighLevel's `type` on the wire, or by another spelling. */
export function meantEventName(type: string): string | undefined {
  return eventName(type) ?? NAMES.find((name) => letters(name) === letters(type));
}
