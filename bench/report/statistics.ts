/** Middle value; the mean of the two middle ones when their number is even. Throws on an empty list. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("median of nothing");
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1]!;
  return sorted.length % 2 === 1 ? upper : (upper + sorted[(sorted.length >> 1) - 1]!) / 2;
}

/**
 * Median of the ratios `ours[i] / theirs[i]`. Samples of one index were taken one after the other, so that other work of the
 * machine slowed both. It therefore affects this ratio less than the ratio of two medians.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): number {
  const pairs = Math.min(ours.length, theirs.length);
  return median(Array.from({ length: pairs }, (_, index) => ours[index]! / theirs[index]!));
}

/** Value below which a share of the samples lies. Throws on an empty list. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError("percentile of nothing");
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
