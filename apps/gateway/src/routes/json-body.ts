import type { Context } from "hono";
import type { GatewayHono } from "../context.ts";
import { readLimitedBody } from "../domain/read-limited.ts";
import { type Fields, invalid } from "../operations/input.ts";

const MAX_JSON_BYTES = 65_536;

/** A JSON object of at most 64 KiB, and its bytes. */
export async function readJson(
  c: Context<GatewayHono>,
): Promise<{ readonly bytes: Uint8Array; readonly value: Fields }> {
  const bytes = await readLimitedBody(c.req.raw, MAX_JSON_BYTES);
  if (bytes === undefined) throw invalid(`the body has at most ${MAX_JSON_BYTES} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw invalid("the body is JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("the body is an object");
  return { bytes, value: value as Fields };
}
