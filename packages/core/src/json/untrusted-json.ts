import { exceedsJsonDepth, MAX_JSON_DEPTH } from "./json-depth.ts";

/**
 * Parses JSON of another party, as UTF-8 where it comes as bytes. A byte order mark is not JSON (RFC 8259 section 8.1). The function
 * refuses a text that nests deeper than 64 levels, because code that walks the value by recursion would overflow the stack.
 *
 * @throws {SyntaxError} whose message names the text `body` and quotes nothing of it
 */
export function parseUntrustedJson(json: string | Uint8Array): unknown {
  let text: string;
  try {
    text = typeof json === "string" ? json : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json);
  } catch {
    throw new SyntaxError("body must be UTF-8, got other bytes");
  }
  if (exceedsJsonDepth(text)) throw new SyntaxError(`body must nest at most ${MAX_JSON_DEPTH} levels, got more`);
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the text.
    throw new SyntaxError("body must be valid JSON, got a text that cannot be parsed");
  }
}

/** Parses like `parseUntrustedJson`. Returns undefined instead of throwing; no JSON text has that value. */
export function tryParseUntrustedJson(json: string | Uint8Array): unknown {
  try {
    return parseUntrustedJson(json);
  } catch {
    return undefined;
  }
}
