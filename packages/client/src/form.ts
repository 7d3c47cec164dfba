import type { CallContext } from "./errors.ts";
import type { FormEncoder } from "./operation-table.ts";
import { textOf } from "./url.ts";

type Form = FormData | URLSearchParams;
type Fields = Readonly<Record<string, unknown>>;

/** Appends the fields to a form: `undefined` and `null` are left out, but refused in an array, which is repeated. */
function fill(form: Form, fields: Fields | Form | undefined, context: CallContext): void {
  const append = (value: unknown, name: string): void => {
    (form as FormData).append(name, value instanceof Blob ? (value as never) : textOf(name, value, context));
  };
  if (typeof fields?.forEach === "function") fields.forEach(append);
  else for (const name in fields) for (const value of [(fields as Fields)[name] ?? []].flat()) append(value, name);
}

/**
 * Makes the encoder of a form, which has neither `null` nor `undefined`. Generated modules with forms refer to it, so that an
 * app without forms does not carry it. Do not call it.
 *
 * The encoder returns an object of the platform whose content type `fetch` knows.
 */
export const encodeForm: FormEncoder = (kind) => (body, tenant, context) => {
  const form = kind === "m" ? new FormData() : new URLSearchParams();
  fill(form, body as Fields, context);
  fill(form, tenant, context);
  return form;
};
