import { describeValue, isObject, parseUntrustedJson } from "@ghl-edge/core";
import type { Context } from "hono";
import { invalid } from "../services/administration/shared.ts";
import type { GatewayHono } from "./context.ts";
import { readRequestBody } from "./request-body.ts";

export type Fields = Readonly<Record<string, unknown>>;

const MAX_JSON_BYTES = 65_536;

/** Reads a JSON object of at most 64 KiB and 64 levels, and gives its bytes as well. */
export async function readJson(
  c: Context<GatewayHono>,
): Promise<{ readonly bytes: Uint8Array; readonly value: Fields }> {
  const bytes = await readRequestBody(c.req.raw, { maxBytes: MAX_JSON_BYTES, budget: c.get("isolate").requestBytes });
  if (bytes === undefined) throw invalid(`body must have at most ${MAX_JSON_BYTES} bytes, got more`);
  let value: unknown;
  try {
    value = parseUntrustedJson(bytes);
  } catch (error) {
    throw invalid((error as SyntaxError).message);
  }
  if (!isObject(value)) throw invalid(`body must be an object, got ${describeValue(value)}`);
  return { bytes, value };
}
