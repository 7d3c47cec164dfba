/** Target of a measurement, for the ratio ours : peer or for our own value. */
export interface Target {
  readonly of: "ratio" | "ours";
  readonly bound: "at most" | "at least";
  readonly value: number;
}

/** One line of the table. */
export interface Row {
  readonly section: string;
  readonly what: string;
  readonly unit: string;
  /** Absent: could not be measured; `note` says why. */
  readonly ours?: number;
  readonly peer: string;
  readonly theirs?: number;
  /** ours : theirs. */
  readonly ratio?: number;
  readonly target?: Target;
  readonly note?: string;
}

/** `undefined`: the row has no target, or was not measured. */
export function isMet({ target, ours, ratio }: Row): boolean | undefined {
  const value = target?.of === "ratio" ? ratio : ours;
  if (target === undefined || value === undefined) return undefined;
  return target.bound === "at most" ? value <= target.value : value >= target.value;
}

/** Row of two plain values, the ratio computed. */
export function compare(row: Omit<Row, "ratio">): Row {
  const { ours, theirs } = row;
  return ours === undefined || theirs === undefined || theirs === 0 ? row : { ...row, ratio: ours / theirs };
}
