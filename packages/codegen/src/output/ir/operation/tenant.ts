import type { Body, Parameter, Schema, TenancyMember, Tenant, TenantField, TenantPosition } from "../model.ts";

const FIELDS: readonly TenantField[] = ["locationId", "location_id", "companyId", "altId", "altType"];

/** An object whose fields are all there to see: no composition, no index signature that `Omit` would swallow. */
export function isPlainObject(schema: Schema | undefined): boolean {
  return (
    typeof schema === "object" &&
    (schema.type === "object" || schema.type === undefined) &&
    typeof schema.properties === "object" &&
    ["allOf", "oneOf", "anyOf", "patternProperties", "$ref", "enum"].every((key) => schema[key] === undefined) &&
    (schema.additionalProperties === undefined || schema.additionalProperties === false)
  );
}

/**
 * Finds the tenant fields of an operation. A field that is in a parameter and in the body is filled in the
 * parameter. `altId` is a tenant only beside `altType`, or as a required query parameter: message bodies use the same
 * name for the sender's own id.
 */
export function tenantOf(
  parameters: readonly Parameter[],
  body: Body | undefined,
  bodySchema: Schema | undefined,
): Tenant {
  const fields: Partial<Record<TenantField, TenantPosition>> = {};
  const required = { params: new Set<TenantField>(), body: new Set<TenantField>() };
  const named = tenantParameters(parameters);
  for (const [field, parameter] of named) {
    fields[field] = parameter.in === "path" ? "p" : parameter.required ? "q" : "Q";
    if (parameter.required) required.params.add(field);
  }
  const properties = bodyProperties(body, bodySchema);
  for (const field of FIELDS) {
    const property = properties?.fields[field];
    if (property === undefined || fields[field] !== undefined || !isTenantValue(field, property)) continue;
    fields[field] = properties?.required.has(field) ? "b" : "B";
    if (properties?.required.has(field)) required.body.add(field);
  }
  dropLoneAltFields(fields, required.params);
  return {
    fields,
    params: membersOf(required.params, fields),
    body: membersOf(required.body, fields),
  };
}

function tenantParameters(parameters: readonly Parameter[]): Map<TenantField, Parameter> {
  const found = new Map<TenantField, Parameter>();
  for (const parameter of parameters) {
    const field = FIELDS.find((name) => name === parameter.name);
    if (
      field === undefined ||
      (parameter.in !== "path" && parameter.in !== "query") ||
      !isTenantValue(field, parameter.schema)
    )
      continue;
    // the path comes first in `parameters` where both have the name
    if (!found.has(field)) found.set(field, parameter);
  }
  return found;
}

/** `altType` says what `altId` is; only the location is ours to fill in. */
function isTenantValue(field: TenantField, schema: Schema): boolean {
  if (typeof schema === "boolean") return false;
  if (field !== "altType") return schema.type === undefined || schema.type === "string" || schema.$ref !== undefined;
  if (schema.$ref !== undefined || schema.enum === undefined) return true;
  // examples also write it in capitals
  return Array.isArray(schema.enum) && schema.enum.every((member) => String(member).toLowerCase() === "location");
}

function bodyProperties(
  body: Body | undefined,
  schema: Schema | undefined,
): { fields: Record<string, Schema>; required: ReadonlySet<string> } | undefined {
  if (body === undefined || typeof schema !== "object" || !isPlainObject(schema)) return undefined;
  const names = Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === "string") : [];
  // an optional body may be left out whole, so nothing in it is asked for
  return { fields: schema.properties as Record<string, Schema>, required: new Set(body.required ? names : []) };
}

function dropLoneAltFields(
  fields: Partial<Record<TenantField, TenantPosition>>,
  requiredParams: Set<TenantField>,
): void {
  if (fields.altType !== undefined && fields.altId === undefined) delete fields.altType;
  if (fields.altId === undefined || fields.altType !== undefined) return;
  if (!requiredParams.has("altId")) delete fields.altId;
}

function membersOf(
  required: ReadonlySet<TenantField>,
  fields: Partial<Record<TenantField, TenantPosition>>,
): TenancyMember[] {
  const has = (field: TenantField) => required.has(field) && fields[field] !== undefined;
  const members: TenancyMember[] = [];
  if (has("locationId")) members.push("location");
  if (has("location_id")) members.push("locationSnake");
  if (has("altId")) members.push(has("altType") ? "alt" : "altId");
  if (has("companyId")) members.push("company");
  return members;
}

/** Field names that a member of `Tenancy` stands for. */
export const MEMBER_FIELDS: Readonly<Record<TenancyMember, readonly TenantField[]>> = {
  location: ["locationId"],
  locationSnake: ["location_id"],
  alt: ["altId", "altType"],
  altId: ["altId"],
  company: ["companyId"],
};
