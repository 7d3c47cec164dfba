import type { Resource } from "@ghl-edge/core";
import { fieldOf } from "../call/body.ts";
import type { Params } from "../call/url.ts";
import { type CallContext, makeError } from "../errors/errors.ts";
import type { AcceptedTokenTypes, OperationRow } from "../operation-table.ts";

type Fields = Record<string, unknown>;

/** Parts of an operation that decide about its tenant. */
export interface TenantOperation extends Pick<OperationRow, "t"> {
  readonly k: AcceptedTokenTypes;
  readonly context: CallContext;
}

/**
 * Fills in the fields that identify the tenant, and returns the tenant whose token and budget the call needs. The caller's
 * value wins over the handle's. A required field that neither names is an error before anything is sent.
 *
 * @returns Parameters with the tenant, fields to add to the body, and the tenant
 */
export function resolveTenant(
  params: Params,
  bound: Resource | undefined,
  { t: fields, k: acceptedTokenTypes, context }: TenantOperation,
): { readonly params: Params; readonly inBody: Fields | undefined; readonly resource: Resource | undefined } {
  const ids: Fields = bound ? { [bound.kind]: bound.id } : {};
  const filled: Fields = { ...params };
  let added: Fields | undefined;
  for (const field in fields) {
    const position = fields[field as keyof typeof fields]!;
    const required = /[a-z]/.test(position);
    const inBody = /b/i.test(position);
    const kind = field === "companyId" ? "company" : "location";
    const isType = field === "altType";
    const given = inBody ? fieldOf(params.body, field) : params[field];
    const value = given ?? (isType ? (required || ids[kind]) && kind : ids[kind]);
    if (value && value !== given) {
      if (inBody) added = { ...added, [field]: value };
      else filled[field] = value;
    }
    if (required && !value) {
      throw makeError("TENANT_REQUIRED", `${field} is missing: name it, or use client.${kind}(id)`, {
        ...context,
        field,
      });
    }
    if (!isType) ids[kind] = value || ids[kind];
  }
  const kind = ids.location && (/[lL?]/.test(acceptedTokenTypes) || !ids.company) ? "location" : "company";
  return { params: filled, inBody: added, resource: ids[kind] ? { kind, id: ids[kind] as string } : undefined };
}
