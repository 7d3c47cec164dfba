import { exceedsJsonDepth } from "@ghl-edge/core";

/**
 * Parses JSON that somebody else wrote: a request, an answer, a message. Values that nest deeper than 64 levels are refused,
 * because whoever walks them by recursion, here or in the app's own code, would overflow the stack.
 *
 * @throws SyntaxError whose message quotes nothing of the text
 */
export function parseForeignJson(text: string): unknown {
  if (exceedsJsonDepth(text)) throw new SyntaxError("JSON must not nest deeper than 64 levels");
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the text.
    throw new SyntaxError("the text must be JSON");
  }
}
