import { eventName, eventNames } from "@ghl-edge/webhooks";
import { gatewayEventNames } from "@ghl-edge/webhooks/gateway";

/** Every name that an event has here: HighLevel's, the gateway's own, and that of all which have none. */
const NAMES: readonly string[] = [...eventNames, ...gatewayEventNames, "unknown"];

/** What an entry of an endpoint's `types` stands for: a name, or with `*` at its end all that begin so. None: nobody knows it. */
export function namesOf(type: string): readonly string[] {
  return NAMES.filter((name) => (type.endsWith("*") ? name.startsWith(type.slice(0, -1)) : name === type));
}

const letters = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The name that may be meant: HighLevel's `type` on the wire, or another way to write a name. */
export function nearestName(type: string): string | undefined {
  return eventName(type) ?? NAMES.find((name) => letters(name) === letters(type));
}
