/** One page of one of several lists, newest first. */
export interface Run<Item> {
  readonly items: readonly Item[];
  /** Position before which the next page starts; undefined after the last page. A page may be short and not the last. */
  readonly nextSeq: number | undefined;
}

interface Positioned {
  readonly seq: number;
  readonly createdAtMs: number;
}

/**
 * Merges pages of several lists into one page, and returns the position in each for the next page. The merged page ends early when a list
 * has more than its page shows, because its next item may be newer than those of the others.
 */
export function newestFirst<Item extends Positioned>(
  runs: readonly Run<Item>[],
  limit: number,
): { readonly items: readonly Item[]; readonly nextSeqs: readonly (number | undefined)[] } {
  const taken = runs.map(() => 0);
  const items: Item[] = [];
  while (items.length < limit) {
    const heads = runs.map((run, i) => run.items[taken[i]!]);
    if (runs.some(({ nextSeq }, i) => heads[i] === undefined && nextSeq !== undefined)) break;
    const newest = Math.max(...heads.map((head) => head?.createdAtMs ?? Number.NEGATIVE_INFINITY));
    const from = heads.findIndex((head) => head?.createdAtMs === newest);
    if (from === -1) break;
    items.push(heads[from]!);
    taken[from]! += 1;
  }
  return {
    items,
    nextSeqs: runs.map((run, i) => {
      const head = run.items[taken[i]!];
      return head === undefined ? run.nextSeq : head.seq + 1;
    }),
  };
}
