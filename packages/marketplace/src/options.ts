import { isSendableHeader, type NumberDemand, numberProblem } from "@ghl-edge/core";
import { ConfigurationError } from "./errors.ts";

/** A timer holds 31 bits; it fires at once for more, `Infinity` too. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Some time, in ms, that a timer can wait. */
export const TIME: NumberDemand = { min: 0, exclusiveMin: true, max: MAX_TIMER_MS };

/** @throws {ConfigurationError} unless the number is as demanded */
export function demandNumber(path: string, value: unknown, demand: NumberDemand): void {
  const problem = numberProblem(path, value, demand);
  if (problem !== undefined) throw new ConfigurationError(problem);
}

/** A size of a body that is read whole. @throws {ConfigurationError} */
export function demandBytes(path: string, value: unknown): void {
  demandNumber(path, value, { min: 1, integer: true });
}

/**
 * A text that goes into a header; it is in no message, because most of them are secrets.
 *
 * @throws {ConfigurationError}
 */
export function demandHeaderText(path: string, value: unknown): void {
  if (value === "" || !isSendableHeader("x", value)) {
    throw new ConfigurationError(`${path} must be a text that a header can carry, and not be empty`);
  }
}
