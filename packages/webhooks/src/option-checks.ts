import { describeValue, type NumberDemand, numberProblem } from "@ghl-edge/core";
import { WebhookConfigurationError } from "./errors.ts";

/** @throws {WebhookConfigurationError} when `value` is not the number that `demand` describes */
export function optionNumber(name: string, value: unknown, demand: NumberDemand): number {
  const problem = numberProblem(name, value, demand);
  if (problem !== undefined) throw new WebhookConfigurationError(problem);
  return value as number;
}

/** @throws {WebhookConfigurationError} when `now` is given but is not a function */
export function clockOf(now: unknown): () => number {
  if (now === undefined) return Date.now;
  if (typeof now !== "function") {
    throw new WebhookConfigurationError(`now must be a function, got ${describeValue(now)}`);
  }
  return now as () => number;
}

/** @throws {WebhookConfigurationError} when `value` is not a list of keys or secrets; the error does not quote it */
export function optionList<T>(name: string, value: readonly T[]): readonly T[] {
  if (Array.isArray(value)) return value;
  throw new WebhookConfigurationError(`${name} must be a list, got a value of type ${typeof value}`);
}
