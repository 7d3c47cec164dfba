import { exceedsJsonDepth } from "@ghl-edge/core";

/**
 * Parses JSON that somebody else wrote, as UTF-8 where it comes as bytes. A byte order mark is not JSON (RFC 8259, section 8.1).
 * Nothing here may nest deeper than 64 levels: a filter, a log or a serializer that walks the value by recursion would overflow.
 *
 * @throws SyntaxError whose message quotes nothing of the text
 */
export function readForeignJson(json: string | Uint8Array): unknown {
  let text: string;
  try {
    text = typeof json === "string" ? json : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json);
  } catch {
    throw new SyntaxError("body must be UTF-8, got other bytes");
  }
  if (exceedsJsonDepth(text)) throw new SyntaxError("body must nest at most 64 levels, got more");
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the text.
    throw new SyntaxError("body must be valid JSON, got a text that cannot be parsed");
  }
}
