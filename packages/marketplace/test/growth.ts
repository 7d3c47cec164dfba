/** Checks that parsers take linear time: 16 times the input may take about 16 times as long, not 256 times. */
const FACTOR = 16;
/** Geometric mean of both limits, so that the speed of the machine does not decide. */
const MOST = 64;
const ROUNDS = 5;
/** Number of attempts. A busy machine may distort a measurement, but never makes a quadratic parser look linear. */
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
 * Returns the factor by which `parse` takes longer for 16 times the input: the best ratio of medians of some attempts. A clock is unreliable
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

/** Returns whether the factor is linear, within the accuracy of a clock. */
export const isLinear = (ratio: number): boolean => ratio < MOST;
