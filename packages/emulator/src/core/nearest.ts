/** Letters to insert, delete or replace to make one word of another, up to the length of the longer one. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries())
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (letter === other ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** The known word that was probably meant, or undefined. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const scored = known.map((one) => ({ one, off: distance(lower, one.toLowerCase()) }));
  const best = scored.reduce((a, b) => (b.off < a.off ? b : a), { one: "", off: Infinity });
  // Two letters, or a third of a long word, may differ: beyond that it is another word.
  const most = Math.min(Math.max(2, Math.floor(word.length / 3)), word.length - 1);
  return best.off <= most ? best.one : undefined;
}
