import type { CallContext } from "./errors.ts";
import type { OperationRow } from "./operation-table.ts";
import { demandWritable, textOf } from "./url.ts";

/** What `fetch` can send more than once. */
export type BodyContent = string | FormData | URLSearchParams | Blob | ArrayBuffer;

type Fields = Readonly<Record<string, unknown>>;
type Form = FormData | URLSearchParams;

/** The value of one field of a body, be it a plain object or a form of the platform. */
export function fieldOf(body: unknown, name: string): unknown {
  const { get } = Object(body) as Partial<Form>;
  return typeof get === "function" ? (body as Form).get(name) : Object(body)[name];
}

/** Appends the fields to a form: `undefined` and `null` are left out, but refused in an array, which is repeated. */
function fill(form: Form, fields: Fields | Form | undefined, context: CallContext): void {
  const append = (value: unknown, name: string): void => {
    (form as FormData).append(name, value instanceof Blob ? (value as never) : textOf(name, value, context));
  };
  if (typeof fields?.forEach === "function") fields.forEach(append);
  else for (const name in fields) for (const value of [(fields as Fields)[name] ?? []].flat()) append(value, name);
}

/**
 * Encodes a body; `tenant` are fields to add to it. JSON keeps `null` and leaves `undefined` out; a form has neither.
 * No body given (`undefined`) → `undefined`. Throws for what JSON cannot hold: a cycle, a bigint, a Map.
 *
 * @returns JSON as text; a form as the platform's object, whose content type `fetch` knows
 */
export function encodeBody(
  kind: OperationRow["b"],
  body: unknown,
  tenant: Fields | undefined,
  context: CallContext,
): BodyContent | undefined {
  if (!kind || (body === undefined && !tenant)) return undefined;
  if (kind === "j") {
    demandWritable("body", body, context);
    return JSON.stringify(tenant ? { ...Object(body), ...tenant } : body);
  }
  const form = kind === "m" ? new FormData() : new URLSearchParams();
  fill(form, body as Fields, context);
  fill(form, tenant, context);
  return form;
}
