import type { Bump } from "./changeset/bump.ts";
import type { DiffResult } from "./model.ts";
import type { TypeBreak } from "./types/check.ts";

/** Everything `diff` prints. */
export interface Report {
  readonly diff: DiffResult;
  /** Undefined when types were not compared. */
  readonly types: readonly TypeBreak[] | undefined;
  readonly bumps: readonly Bump[];
}
