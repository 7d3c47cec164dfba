import { isObject } from "@ghl-edge/core";
import { EVENT_TABLE } from "../generated/classifier.gen.ts";
import { ownText } from "../json.ts";
import type { ClassifiedEvent } from "./event.ts";
import type { EventRow } from "./event-table.ts";

/** The location and the company that a payload names. A member is absent when the payload does not name it. */
export interface Tenant {
  readonly locationId?: string;
  readonly companyId?: string;
}

const PLAIN: EventRow = {};

/**
 * Reads the location and the company of an event from the right fields: invoices have the location in `altId`, LocationCreate has it in
 * `id`. For an event without a name it reads only `locationId` and `companyId`.
 *
 * @param classified - The event as `eventOf` or `parseWebhook` returned it
 * @returns The ids that the payload names
 * @example
 * ```ts
 * import { eventOf, tenantOf } from "@ghl-edge/webhooks";
 *
 * console.log(tenantOf(eventOf({ type: "ContactCreate", locationId: "L1" }))); // { locationId: "L1" }
 * ```
 */
export function tenantOf(classified: ClassifiedEvent): Tenant {
  const row = classified.name === "unknown" ? PLAIN : EVENT_TABLE[classified.name];
  const payload: unknown = Array.isArray(classified.event) ? classified.event[0] : classified.event;
  if (!isObject(payload)) return {};
  const { location = "locationId", company = "companyId", where } = row;
  const named = where === undefined || ownText(payload, where[0]) === where[1] ? ownText(payload, location) : undefined;
  const locationId = named ?? (location === "id" ? undefined : ownText(payload, "locationId"));
  const companyId = ownText(payload, company);
  return { ...(locationId === undefined ? {} : { locationId }), ...(companyId === undefined ? {} : { companyId }) };
}
