import { fieldOf } from "./body.ts";
import { type CallContext, TenantRequiredError } from "./errors.ts";
import type { OperationRow, TokenKinds } from "./operation-table.ts";
import type { Resource } from "./resource.ts";
import type { Params } from "./url.ts";

/** What a call knows of its tenant. */
export interface ResolvedTenant {
  /** Fields to add to path and query, and to the body. */
  readonly params?: Record<string, string>;
  readonly body?: Record<string, string>;
  /** Whose token and budget the call uses. */
  readonly resource: Resource | undefined;
}

/**
 * Fills in the fields that identify the tenant, and says whose token is needed. What the caller names wins over what
 * the handle is bound to; a field that neither names is an error before anything is sent, if it is a required one.
 */
export function resolveTenant(
  row: OperationRow,
  kinds: TokenKinds,
  params: Params,
  bound: Resource | undefined,
  context: CallContext,
): ResolvedTenant {
  const ids: Partial<Record<string, string>> = bound ? { [bound.kind]: bound.id } : {};
  const named: typeof ids = {};
  const added: { params?: Record<string, string>; body?: Record<string, string> } = {};
  const fields = row.t as Readonly<Record<string, string>> | undefined;
  for (const field in fields) {
    const required = fields[field]! > "Z";
    const target = /b/i.test(fields[field]!) ? "body" : "params";
    const kind = field === "companyId" ? "company" : "location";
    let value = target === "body" ? fieldOf(params.body, field) : params[field];
    if (value == null) {
      value = field === "altType" ? (required || ids[kind]) && kind : ids[kind];
      if (value) added[target] = { ...added[target], [field]: value as string };
    }
    if (!value && required) {
      throw new TenantRequiredError(`${field} is missing: name it, or use client.${kind}(id)`, { ...context, field });
    }
    if (value && field !== "altType") named[kind] = value as string;
  }
  const idOf = (kind: Resource["kind"]): Resource | undefined => {
    const id = named[kind] ?? ids[kind];
    return id ? { kind, id } : undefined;
  };
  const resource = /[lL?]/.test(kinds) ? (idOf("location") ?? idOf("company")) : (idOf("company") ?? idOf("location"));
  return { ...added, resource };
}
