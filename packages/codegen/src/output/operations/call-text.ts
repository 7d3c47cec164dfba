import type { Module, Operation, TenancyMember } from "../ir/model.ts";
import { MEMBER_FIELDS } from "../ir/operation/tenant.ts";
import { exampleText, memberName } from "./example-value.ts";

/** The members of the tenancy that a location's handle fills in. */
const OF_LOCATION: readonly TenancyMember[] = ["location", "locationSnake", "alt", "altId"];

/**
 * A call of the operation with what it requires and nothing else, as it compiles: `ghl` is the client, a text that the
 * caller must know is `"…"`.
 */
export function callText(module: Module, operation: Operation): string {
  const handle = handleOf(operation);
  const filled = handle === "location" ? OF_LOCATION : handle === "company" ? ["company"] : [];
  const isFilled = (member: TenancyMember): boolean => filled.includes(member);
  const args = argumentsOf(module, operation, isFilled);
  const client = handle === undefined ? "ghl" : `ghl.${handle}("…")`;
  return `${client}.use(${module.typeName}).${operation.name}(${args})`;
}

/** A handle of the tenant whose id the operation needs; where it needs none, of a tenant whose token it takes. */
function handleOf({ tenant, tokens }: Operation): "location" | "company" | undefined {
  const members = [...tenant.params, ...tenant.body];
  if (members.some((member) => member !== "company")) return "location";
  if (members.length > 0) return "company";
  if (/l/i.test(tokens)) return "location";
  return /c/i.test(tokens) ? "company" : undefined;
}

function argumentsOf(module: Module, operation: Operation, isFilled: (member: TenancyMember) => boolean): string {
  const { tenant, parameters, body } = operation;
  const own = tenant.params.filter((member) => !isFilled(member)).flatMap((member) => MEMBER_FIELDS[member]);
  const filled = tenant.params.filter(isFilled).flatMap((member): readonly string[] => MEMBER_FIELDS[member]);
  const members = new Map<string, string>(own.map((name) => [name, '"…"']));
  for (const { name, member, required, schema, in: position } of parameters) {
    if (!required || filled.includes(name) || (position !== "path" && position !== "query")) continue;
    if (!members.has(member)) members.set(member, exampleText(schema, module));
  }
  if (body?.required) members.set("body", bodyText(module, operation, isFilled));
  const fields = [...members].map(([name, value]) => `${memberName(name)}: ${value}`);
  return fields.length === 0 ? "" : `{ ${fields.join(", ")} }`;
}

function bodyText(module: Module, { tenant, body }: Operation, isFilled: (member: TenancyMember) => boolean): string {
  if (body === undefined || body.encoding === "r") return "new Blob([])";
  const without = tenant.body.filter(isFilled).flatMap((member): readonly string[] => MEMBER_FIELDS[member]);
  return exampleText(body.chosen.schema, module, without);
}
