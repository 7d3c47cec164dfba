import { byCodeUnit } from "../../../json/json.ts";

/** Something that wants a name. */
export interface Claim {
  readonly key: string;
  /** The name to prefer first. */
  readonly candidates: readonly string[];
  /** Priority of its claim to a name that several schemas claim; 0 for none. */
  readonly rank: (name: string) => number;
}

/**
 * Gives every claim a name of its own. A name that several want goes to the one with the highest rank, and to none of them where
 * two have that, so that the result does not depend on the order. `taken` grows.
 */
export function settleNames(claims: readonly Claim[], taken: Set<string>): Map<string, string> {
  const names = new Map<string, string>();
  let open = [...claims].sort((a, b) => byCodeUnit(a.key, b.key));
  for (let round = 0; open.length > 0; round++) {
    const claimed = new Map<string, Claim[]>();
    const exhausted: Claim[] = [];
    for (const claim of open) {
      const name = claim.candidates[round];
      if (name === undefined) exhausted.push(claim);
      else claimed.set(name, [...(claimed.get(name) ?? []), claim]);
    }
    const next: Claim[] = [];
    for (const [name, group] of claimed) {
      const winner = taken.has(name) ? undefined : highest(group, name);
      if (winner !== undefined) {
        names.set(winner.key, name);
        taken.add(name);
      }
      next.push(...group.filter((claim) => claim !== winner));
    }
    for (const { key, candidates } of exhausted) names.set(key, numbered(candidates.at(-1) ?? "Type", taken));
    open = next.sort((a, b) => byCodeUnit(a.key, b.key));
  }
  return names;
}

function numbered(stem: string, taken: Set<string>): string {
  let name = stem;
  for (let count = 2; taken.has(name); count++) name = `${stem}${count}`;
  taken.add(name);
  return name;
}

/** The only claim, or the only one of the highest rank. */
function highest(group: readonly Claim[], name: string): Claim | undefined {
  if (group.length === 1) return group[0];
  const rank = Math.max(...group.map((claim) => claim.rank(name)));
  const best = group.filter((claim) => claim.rank(name) === rank);
  return rank > 0 && best.length === 1 ? best[0] : undefined;
}
