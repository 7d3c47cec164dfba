import { type LogFields, logEvent } from "./log.ts";

/** The choice of successes that are logged. */
export interface LogSample {
  /** Request or event. All lines with the same id are kept, or all are dropped. */
  readonly id: string;
  /** Share that is kept, in percent. */
  readonly percent: number;
}

/** Number of values of the hash. */
const HASH_RANGE = 2 ** 32;

/** FNV-1a of the UTF-16 units, then the final mix of MurmurHash3: similar ids get hashes that are far apart. Both are public domain. */
function hash(text: string): number {
  let mixed = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Decides by the id alone, so that the Worker and every object decide alike without asking each other. */
export const isSampled = ({ id, percent }: LogSample): boolean => (hash(id) / HASH_RANGE) * 100 < percent;

/** Logs a success, if its id is in the sample. */
export function logSuccess(what: string, fields: LogFields, sample: LogSample): void {
  if (isSampled(sample)) logEvent(what, fields);
}
