/** Deepest nesting of lists and objects that external JSON may have. HighLevel's own bodies stay below 12. */
export const MAX_JSON_DEPTH = 64;

/**
 * Returns whether a JSON text nests deeper than `maxDepth`, in one pass and without recursion. Check this before
 * `JSON.parse`: the parser copes with any depth, but code that walks its result by recursion overflows the stack.
 */
export function exceedsJsonDepth(json: string, maxDepth: number = MAX_JSON_DEPTH): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index++) {
    const unit = json.charCodeAt(index);
    if (inString) {
      if (unit === 0x5c) index++;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return false;
}
