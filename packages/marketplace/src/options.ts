import { describeSecret, isSendableHeader, type NumberDemand, numberProblem } from "@ghl-edge/core";
import { ConfigurationError } from "./errors.ts";

/** Longest time of a timer, which has 31 bits. A longer one, or `Infinity`, fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Demand on a time in ms that a timer can wait. */
export const TIME: NumberDemand = { min: 0, exclusiveMin: true, max: MAX_TIMER_MS };

/** @throws {ConfigurationError} unless the number meets the demand */
export function demandNumber(path: string, value: unknown, demand: NumberDemand): void {
  const problem = numberProblem(path, value, demand);
  if (problem !== undefined) throw new ConfigurationError(problem);
}

/** Checks the largest size of a body. @throws {ConfigurationError} unless it is a whole number of 1 or more */
export function demandBytes(path: string, value: unknown): void {
  demandNumber(path, value, { min: 1, integer: true });
}

/**
 * Checks the value of a header. The message does not contain it, because most values are secrets.
 *
 * @throws {ConfigurationError} unless a header can contain it
 */
export function demandHeaderText(path: string, value: unknown): void {
  if (value === "" || !isSendableHeader("x", value)) {
    throw new ConfigurationError(
      `${path} must be a non-empty string that is valid in a header, got ${describeSecret(value)}`,
    );
  }
}
