import type { CallContext } from "./errors.ts";
import type { OperationRow } from "./operation-table.ts";
import { demandWritable } from "./url.ts";

/** What `fetch` can send more than once. */
export type BodyContent = string | FormData | URLSearchParams | Blob | ArrayBuffer;

/** Encodes a body; `tenant` are fields to add to it. Throws for what it cannot hold. */
export type EncodeBody = (
  body: unknown,
  tenant: Readonly<Record<string, unknown>> | undefined,
  context: CallContext,
  kind: OperationRow["b"],
) => BodyContent;

/** The value of one field of a body, be it a plain object or a form of the platform. */
export function fieldOf(body: unknown, name: string): unknown {
  const { get } = Object(body) as Partial<FormData>;
  return typeof get === "function" ? (body as FormData).get(name) : Object(body)[name];
}

/** JSON keeps `null` and leaves `undefined` out. Throws for what it cannot hold: a cycle, a bigint, a Map. */
export const encodeJson: EncodeBody = (body, tenant, context) => {
  demandWritable("body", body, context);
  return JSON.stringify(tenant ? { ...Object(body), ...tenant } : body);
};
