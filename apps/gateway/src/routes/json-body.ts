import type { Context } from "hono";
import type { GatewayHono } from "../context.ts";
import { readLimited } from "../domain/read-limited.ts";
import { GatewayError } from "../errors.ts";

export const MAX_JSON_BYTES = 65_536;

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON object of at most 64 KiB, and its bytes. */
export async function readJson(
  c: Context<GatewayHono>,
): Promise<{ readonly bytes: Uint8Array; readonly value: JsonObject }> {
  const refused = (problem: string) => new GatewayError({ kind: "input_invalid", problem });
  const bytes = await readLimited(c.req.raw.body, MAX_JSON_BYTES);
  if (bytes === undefined) throw refused(`the body has at most ${MAX_JSON_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw refused("the body is JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refused("the body is an object");
  return { bytes, value: value as JsonObject };
}
