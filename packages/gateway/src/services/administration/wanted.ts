/** Which events, as an operator says it. */
import { invalid, optional, readWhole } from "./input.ts";

/** Of one request. */
export const MAX_IDS = 200;
/** The year 10000: days are named with four digits. */
export const MAX_TIME_MS = Date.UTC(10_000, 0) - 1;

/** Milliseconds since 1970; from this time on, before that time. */
export interface TimeRange {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

const readTime = (name: string, value: unknown): number | undefined =>
  optional(value, (time) => readWhole(name, time, { min: 0, max: MAX_TIME_MS }));

export function readRange(fromMs: unknown, toMs: unknown): TimeRange {
  return { fromMs: readTime("fromMs", fromMs), toMs: readTime("toMs", toMs) };
}

export function readEventId(value: unknown): string {
  if (typeof value !== "string" || !/^evt_[0-9a-f]{32}$/.test(value))
    throw invalid("an event's id is evt_ and 32 hexadecimal digits");
  return value;
}
