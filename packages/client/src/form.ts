import { textOf } from "./call/url.ts";
import type { CallContext } from "./errors/errors.ts";
import type { FormEncoder } from "./operation-table.ts";

type Form = FormData | URLSearchParams;
type Fields = Readonly<Record<string, unknown>>;

/** Appends the fields to a form. An array is repeated. `undefined` and `null` are left out, but refused in an array. */
function fill(form: Form, fields: Fields | Form | undefined, context: CallContext): void {
  const append = (value: unknown, name: string): void => {
    (form as FormData).append(name, value instanceof Blob ? (value as never) : textOf(name, value, context));
  };
  if (typeof fields?.forEach === "function") fields.forEach(append);
  else for (const name in fields) for (const value of [(fields as Fields)[name] ?? []].flat()) append(value, name);
}

/**
 * Makes the encoder of a form. Generated modules with forms refer to it, so that an app without forms does not carry it.
 * Application code does not call it. A form has neither `null` nor `undefined`.
 *
 * @param kind - `m` for a multipart form, else a URL-encoded one
 * @returns The encoder, which makes an object of the platform whose content type `fetch` knows
 * @example
 * ```ts
 * import { encodeForm } from "@ghl-edge/client";
 *
 * const encode = encodeForm("f");
 * console.log(String(encode({ name: "Ada" }, undefined, {}))); // "name=Ada"
 * ```
 */
export const encodeForm: FormEncoder = (kind) => (body, tenant, context) => {
  const form = kind === "m" ? new FormData() : new URLSearchParams();
  fill(form, body as Fields, context);
  fill(form, tenant, context);
  return form;
};
