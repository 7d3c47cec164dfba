import { didYouMean } from "@ghl-edge/core";
import type { Context } from "hono";
import type * as v from "valibot";
import type { AdminAction } from "../../services/administration/action.ts";
import { invalid } from "../../services/administration/shared.ts";
import type { GatewayHono } from "../context.ts";
import { readJson } from "../json-body.ts";

/** Names of the parameters in a path as OpenAPI writes it, `/admin/endpoints/{id}`. */
export function pathParameters(path: string): readonly string[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name!);
}

/** Splits an action's input by where an HTTP request carries it. */
export function partsOf({ http: { method, path }, input }: AdminAction): {
  readonly path: readonly string[];
  readonly query: readonly string[];
  readonly body: readonly string[];
} {
  const inPath = pathParameters(path);
  const others = Object.keys(input.entries).filter((name) => !inPath.includes(name));
  const takesBody = method === "post" || method === "put";
  return { path: inPath, query: takesBody ? [] : others, body: takesBody ? others : [] };
}

/** Whether a caller may name it: names in the place of a name by mistake may be secrets. */
const isShown = (name: string): boolean => /^[\w-]{1,32}$/.test(name);

function refuseUnknown(noun: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const shown = isShown(unknown) ? ` "${unknown}"` : "";
  const hint = isShown(unknown) ? didYouMean(unknown, known) : "";
  const fields = known.length === 0 ? "; there are none" : `; the ${noun}s are ${known.join(", ")}`;
  throw invalid(`unknown ${noun}${shown}${hint === "" ? fields : hint}`);
}

/** Returns the type of the value inside of optional and described schemas. */
function typeOf(schema: v.GenericSchema): string {
  const { wrapped, type } = schema as v.GenericSchema & { readonly wrapped?: v.GenericSchema };
  return wrapped === undefined ? type : typeOf(wrapped);
}

/** Reads the text of a query parameter as its schema expects it. A text of another form stays, so that the refusal shows it. */
function fromText(schema: v.GenericSchema, text: string): unknown {
  switch (typeOf(schema)) {
    case "number":
      return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    default:
      return text;
  }
}

/**
 * Reads a JSON object of at most 64 KiB. Only `application/json` is taken, which no form of another site can send: Access lets a
 * browser in by a cookie.
 */
async function readBody(c: Context<GatewayHono>): Promise<Readonly<Record<string, unknown>>> {
  const type = c.req.header("content-type");
  if (!/^application\/json *(;|$)/i.test(type ?? ""))
    throw invalid(`content-type must be application/json, got ${type === undefined ? "nothing" : "another type"}`);
  return (await readJson(c)).value;
}

/** Reads the input of an action from the path, the query and the body. The schema of the action checks the values. */
export async function readInput(c: Context<GatewayHono>, action: AdminAction): Promise<unknown> {
  const { entries } = action.input;
  const parts = partsOf(action);
  const query = c.req.query();
  refuseUnknown("query parameter", Object.keys(query), parts.query);
  const body = parts.body.length === 0 ? {} : await readBody(c);
  refuseUnknown("field", Object.keys(body), parts.body);
  const params = c.req.param() as Readonly<Record<string, string>>;
  return {
    ...body,
    ...Object.fromEntries(Object.entries(query).map(([name, text]) => [name, fromText(entries[name]!, text)])),
    ...Object.fromEntries(parts.path.map((name) => [name, params[name]])),
  };
}
