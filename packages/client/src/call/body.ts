import type { EncodeBody } from "../operation-table.ts";
import { demandWritable } from "./url.ts";

/** The value of one field of a body, be it a plain object or a form of the platform. */
export function fieldOf(body: unknown, name: string): unknown {
  const { get } = Object(body) as Partial<FormData>;
  return typeof get === "function" ? (body as FormData).get(name) : Object(body)[name];
}

/** JSON keeps `null` and leaves `undefined` out. Throws for what it cannot hold: a cycle, a bigint, a Map. */
export const encodeJson: EncodeBody = (body, tenant, context) => {
  demandWritable("body", body, context);
  return JSON.stringify(tenant ? { ...(body as object), ...tenant } : body);
};
