import { EVENT_TABLE } from "../generated/classifier.gen.ts";
import { isRecord, ownText } from "../json.ts";
import type { ClassifiedEvent } from "./event.ts";
import type { EventRow } from "./event-table.ts";

/** The location and the company a payload names; a member is absent where the payload names none. */
export interface Tenant {
  readonly locationId?: string;
  readonly companyId?: string;
}

const PLAIN: EventRow = {};

/**
 * Where an event happened. Invoices name the location by `altId`, LocationCreate by `id`; this knows which field it is.
 * Of an event without a name only `locationId` and `companyId` themselves are read.
 */
export function tenantOf(classified: ClassifiedEvent): Tenant {
  const row = classified.name === "unknown" ? PLAIN : EVENT_TABLE[classified.name];
  const payload: unknown = Array.isArray(classified.event) ? classified.event[0] : classified.event;
  if (!isRecord(payload)) return {};
  const { location = "locationId", company = "companyId", where } = row;
  const named = where === undefined || ownText(payload, where[0]) === where[1] ? ownText(payload, location) : undefined;
  const locationId = named ?? (location === "id" ? undefined : ownText(payload, "locationId"));
  const companyId = ownText(payload, company);
  return { ...(locationId === undefined ? {} : { locationId }), ...(companyId === undefined ? {} : { companyId }) };
}
