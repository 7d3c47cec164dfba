import { describeValue } from "./describe-value.ts";

/** Requirements of a number that is given as an option. */
export interface NumberDemand {
  /** Smallest value allowed. Default: none. */
  readonly min?: number;
  /** `true`: `min` itself is not allowed. */
  readonly exclusiveMin?: boolean;
  /** Largest value allowed. Default: none. `Infinity` is allowed only where `max` is `Infinity`. */
  readonly max?: number;
  readonly integer?: boolean;
}

const describeDemand = ({ min, exclusiveMin, max, integer }: NumberDemand): string => {
  const kind = integer ? "an integer" : "a number";
  const lower = min === undefined ? "" : exclusiveMin ? ` above ${min}` : ` of at least ${min}`;
  const upper = max === undefined || max === Number.POSITIVE_INFINITY ? "" : ` and at most ${max}`;
  return `${kind}${lower}${upper}`;
};

/**
 * Checks a number that a caller gave as an option. NaN, text and a number outside of the bounds are refused here, at
 * construction, because each of them would otherwise turn off the very limit that it should set.
 *
 * @returns The message, `<path> must be <expected>, got <value>`; `undefined` when the number is good. The caller throws
 *   its own error with it.
 */
export function numberProblem(path: string, value: unknown, demand: NumberDemand = {}): string | undefined {
  const { min = Number.NEGATIVE_INFINITY, max, exclusiveMin, integer } = demand;
  const good =
    typeof value === "number" &&
    (Number.isFinite(value) || (value === Number.POSITIVE_INFINITY && max === Number.POSITIVE_INFINITY)) &&
    (exclusiveMin ? value > min : value >= min) &&
    (max === undefined || value <= max) &&
    (!integer || Number.isInteger(value) || value === Number.POSITIVE_INFINITY);
  return good ? undefined : `${path} must be ${describeDemand(demand)}, got ${describeValue(value)}`;
}
