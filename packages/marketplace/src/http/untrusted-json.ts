import { exceedsJsonDepth } from "@ghl-edge/core";

/**
 * Parses JSON of another party: a request, an answer or a message. It refuses values that nest deeper than 64 levels, because a recursive
 * function, here or in the app, would overflow the stack.
 *
 * @throws {SyntaxError} with a message that does not quote the text
 */
export function parseUntrustedJson(text: string): unknown {
  if (exceedsJsonDepth(text)) throw new SyntaxError("JSON must not nest deeper than 64 levels");
  try {
    return JSON.parse(text);
  } catch {
    // The error of the engine quotes the text, so it is not passed on.
    throw new SyntaxError("the text must be JSON");
  }
}
