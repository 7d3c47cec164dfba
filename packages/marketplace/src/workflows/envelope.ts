/** What HighLevel's calls for an app's actions and triggers have in common. Every part of it may be missing. */
import type { MarketplaceError } from "../errors.ts";
import { parseForeignJson } from "../http/foreign-json.ts";
import { present } from "../present.ts";
import { type Fields, firstId, firstText, isObject, membersOf } from "./fields.ts";

/** Whose workflow it is. */
export interface Tenant {
  readonly locationId?: string;
  /** Absent in a workflow without a contact, and of a trigger. */
  readonly contactId?: string;
  readonly workflowId?: string;
  readonly companyId?: string;
}

/** JSON of an object, or one. @throws what `refuse` gives. */
export function bodyOf(input: string | Fields, refuse: (message: string) => MarketplaceError): Fields {
  let body: unknown = input;
  if (typeof input === "string") {
    try {
      body = parseForeignJson(input);
    } catch {
      throw refuse("the body is no JSON");
    }
  }
  if (!isObject(body)) throw refuse("the body is no object");
  return body;
}

/** `meta`: which of the app's, and in which version. */
export function metaOf(body: Fields): { readonly key?: string; readonly version?: string } {
  const { key, version } = membersOf(body, "meta");
  return present({
    key: firstText([key]),
    version: firstText([typeof version === "number" ? String(version) : version]),
  });
}

/** `extras`: whose. */
export function tenantOf({ locationId, contactId, workflowId, companyId }: Fields): Tenant {
  return present({
    locationId: firstId([locationId]),
    contactId: firstId([contactId]),
    workflowId: firstId([workflowId]),
    companyId: firstId([companyId]),
  });
}
