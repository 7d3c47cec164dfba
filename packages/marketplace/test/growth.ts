/** Holds parsers to linear time: an input of eight times the size may take some eight times as long, not sixty-four. */
const FACTOR = 8;
/** Generous: half-way between linear (8) and quadratic (64), in orders of magnitude, so that a busy machine decides nothing. */
const MOST = 24;
const ROUNDS = 5;

function medianMs(times: readonly number[]): number {
  return [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)]!;
}

async function timeMs(work: () => unknown): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

/**
 * How many times longer `parse` takes for eight times the input, by medians. Below a millisecond a clock tells nothing, so the
 * smaller time counts as one at least.
 */
export async function growth<Input>(
  make: (size: number) => Input,
  parse: (input: Input) => unknown,
  size: number,
): Promise<number> {
  const small = make(size);
  const large = make(size * FACTOR);
  await parse(small);
  const smallMs: number[] = [];
  const largeMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    smallMs.push(await timeMs(() => parse(small)));
    largeMs.push(await timeMs(() => parse(large)));
  }
  return medianMs(largeMs) / Math.max(1, medianMs(smallMs));
}

/** Whether that is linear, as far as a clock can say. */
export const isLinear = (ratio: number): boolean => ratio < MOST;
