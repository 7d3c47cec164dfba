/** Holds parsers to linear time: sixteen times the input may take some sixteen times as long, not 256 times. */
const FACTOR = 16;
/** The geometric mean of both, so that neither a slow machine nor a fast one decides. */
const MOST = 64;
const ROUNDS = 5;
/** A busy machine may spoil a measurement; it makes no quadratic parser linear. */
const ATTEMPTS = 4;

const medianOf = (times: readonly number[]): number =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)]!;

async function medianMs(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAtMs = performance.now();
    await work();
    times.push(performance.now() - startedAtMs);
  }
  return medianOf(times);
}

/**
 * Returns how many times longer `parse` takes for sixteen times the input, by medians and as the best of some attempts. A clock is not exact
 * below a millisecond, so the smaller time counts as at least one.
 */
export async function growth<Input>(
  make: (size: number) => Input,
  parse: (input: Input) => unknown,
  size: number,
): Promise<number> {
  const [small, large] = [make(size), make(size * FACTOR)];
  await parse(small);
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && !isLinear(best); attempt++) {
    const smallMs = await medianMs(() => parse(small));
    best = Math.min(best, (await medianMs(() => parse(large))) / Math.max(1, smallMs));
  }
  return best;
}

/** Whether that is linear, as far as a clock can say. */
export const isLinear = (ratio: number): boolean => ratio < MOST;
