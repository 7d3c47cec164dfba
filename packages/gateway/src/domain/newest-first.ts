/** Of one of several lists, a page: newest first. */
export interface Run<Item> {
  readonly items: readonly Item[];
  /** Go on before it; undefined: this is all. A page may be short and not the last. */
  readonly nextSeq: number | undefined;
}

interface Placed {
  readonly seq: number;
  readonly createdAtMs: number;
}

/**
 * One page of several lists, and where to go on in each. It ends early where a list has more than it shows: what comes next
 * there may be newer than what the others show.
 */
export function newestFirst<Item extends Placed>(
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
