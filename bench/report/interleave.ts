/** One thing to measure: each call of `sample` takes one measurement and returns it. */
export interface Contestant {
  readonly name: string;
  readonly sample: () => number | Promise<number>;
  /** Takes part in the first so many rounds only; default: in all. */
  readonly rounds?: number;
}

/** Contestant → its samples, in order of the rounds. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/**
 * Measures side by side: A B C, A B C, … and not A A A, B B B, so that a busy moment of the machine falls on all alike.
 * Every second round runs backwards, so that nobody always comes after the same neighbour.
 */
export async function interleave(
  contestants: readonly Contestant[],
  rounds: number,
  warmUpRounds = 0,
): Promise<Samples> {
  const samples = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = -warmUpRounds; round < rounds; round++) {
    const order = round % 2 === 0 ? contestants : [...contestants].reverse();
    for (const { name, sample, rounds: own = rounds } of order) {
      if (round >= own) continue;
      const value = await sample();
      if (round >= 0) samples.get(name)!.push(value);
    }
  }
  return samples;
}
