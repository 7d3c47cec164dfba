/** Reads the common parts of HighLevel's calls for an app's actions and triggers. Every part may be missing. */
import { isObject, parseUntrustedJson } from "@ghl-edge/core";
import type { MarketplaceError } from "../errors.ts";
import { present } from "../present.ts";
import { type Fields, firstId, firstText, membersOf } from "./fields.ts";

/** Location, contact, workflow and company of a call. */
export interface Tenant {
  readonly locationId?: string;
  /** Id of the contact; absent in a workflow without a contact and for a trigger. */
  readonly contactId?: string;
  readonly workflowId?: string;
  readonly companyId?: string;
}

/** Reads an object, or JSON text of one. @throws the result of `refuse` for anything else */
export function bodyOf(input: string | Fields, refuse: (message: string) => MarketplaceError): Fields {
  let body: unknown = input;
  if (typeof input === "string") {
    try {
      body = parseUntrustedJson(input);
    } catch {
      throw refuse("body must be valid JSON");
    }
  }
  if (!isObject(body)) throw refuse("body must be an object");
  return body;
}

/** Reads key and version of the action or trigger from `meta`. */
export function metaOf(body: Fields): { readonly key?: string; readonly version?: string } {
  const { key, version } = membersOf(body, "meta");
  return present({
    key: firstText([key]),
    version: firstText([typeof version === "number" ? String(version) : version]),
  });
}

/** Reads the ids in `extras`. */
export function tenantOf({ locationId, contactId, workflowId, companyId }: Fields): Tenant {
  return present({
    locationId: firstId([locationId]),
    contactId: firstId([contactId]),
    workflowId: firstId([workflowId]),
    companyId: firstId([companyId]),
  });
}
