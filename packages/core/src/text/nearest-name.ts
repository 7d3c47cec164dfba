/** Case and punctuation do not count, so that `get-contact` is near `getContact`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** Counts the insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editsBetween(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = isSwap ? beforeLast[column - 2]! + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(replaced, last[column]! + 1, current[column - 1]! + 1, swapped));
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length]!;
}

/** Longer names are not compared: the time grows with the product of both lengths, and a caller chooses the name. */
const MAX_NAME_LENGTH = 100;

/**
 * Returns the candidate that a misspelt name most likely means: the one with the fewest edits.
 *
 * @returns `undefined` when every candidate differs in more than two letters, or in more than a third of a long name
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const given = plain(name);
  if (given.length > MAX_NAME_LENGTH) return undefined;
  // A name of one letter is near nothing: one edit would make any other letter of it.
  const most = Math.min(Math.max(2, Math.floor(given.length / 3)), given.length - 1);
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = editsBetween(given, plain(candidate));
    if (edits <= most && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { candidate, edits };
  }
  return best?.candidate;
}

/**
 * Ends a message about an unknown name with the known name that was probably meant.
 *
 * @returns `; did you mean "scopes"?`, or an empty text when no candidate is near
 */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const candidate = nearestName(name, candidates);
  return candidate === undefined ? "" : `; did you mean "${candidate}"?`;
}
