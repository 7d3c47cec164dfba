import type { OperationRow } from "./operation-table.ts";
import { textOf } from "./url.ts";

/** What `fetch` can send more than once. */
export type BodyContent = string | FormData | Blob | ArrayBuffer;

type Fields = Readonly<Record<string, unknown>>;
type Form = FormData | URLSearchParams;

/** The value of one field of a body, be it a plain object or a form of the platform. */
export function fieldOf(body: unknown, name: string): unknown {
  const { get } = Object(body) as Partial<Form>;
  return typeof get === "function" ? (body as Form).get(name) : Object(body)[name];
}

/** Appends the fields to a form: `undefined` and `null` are left out, an array is repeated. */
function fill(form: Form, fields: Fields | Form | undefined): void {
  const append = (value: unknown, name: string): void => {
    if (value != null) (form as FormData).append(name, value instanceof Blob ? (value as never) : textOf(value));
  };
  if (typeof fields?.forEach === "function") fields.forEach(append);
  else for (const name in fields) for (const value of [(fields as Fields)[name]].flat()) append(value, name);
}

/**
 * Encodes a body; `tenant` are fields to add to it. JSON keeps `null` and leaves `undefined` out; a form has neither.
 * Nothing to send → `undefined`. Throws for what JSON cannot hold: a cycle, a bigint.
 *
 * @returns content type, which is left to `fetch` for multipart, and content
 */
export function encodeBody(
  kind: OperationRow["b"],
  body: unknown,
  tenant: Fields | undefined,
): readonly [string | undefined, BodyContent] | undefined {
  if (!kind || !(body ?? tenant)) return undefined;
  if (kind === "j") return ["application/json", JSON.stringify(tenant ? { ...Object(body), ...tenant } : body)];
  const form = kind === "m" ? new FormData() : new URLSearchParams();
  fill(form, body as Fields);
  fill(form, tenant);
  return form instanceof FormData ? [undefined, form] : ["application/x-www-form-urlencoded", `${form}`];
}
