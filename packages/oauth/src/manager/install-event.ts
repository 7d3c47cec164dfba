import { describeValue, numberProblem, type Resource, readIsoTimeMs } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";

/** A verified INSTALL or UNINSTALL event of the app, as far as it matters here; `timestamp` or `atMs` says when. */
export interface InstallEvent {
  readonly resource: Resource;
  /** A location's company, where the event names it. */
  readonly companyId?: string | undefined;
  /** The signed time of the event as HighLevel writes it, ISO 8601. */
  readonly timestamp?: string | undefined;
  /** The signed time of the event, Unix milliseconds. */
  readonly atMs?: number | undefined;
}

/**
 * The time of an event, Unix milliseconds. One without a time cannot be put in order with the others, so it must not forget tokens.
 *
 * @throws {ConfigurationError}
 */
export function timeOf({ timestamp, atMs }: InstallEvent): number {
  if (atMs === undefined && timestamp !== undefined) {
    const readMs = readIsoTimeMs(timestamp);
    if (readMs !== undefined) return readMs;
    throw new ConfigurationError(`timestamp must be an ISO 8601 date and time, got ${describeValue(timestamp)}`);
  }
  const problem = numberProblem("atMs", atMs, { min: 0 });
  if (problem !== undefined) throw new ConfigurationError(problem);
  return atMs!;
}
