import type { GeneratedFile } from "../emit/file.ts";

/**
 * One thing to generate: some documents in, some files out. A unit is skipped as a whole when neither its documents
 * nor the generator changed and its files are as they were left.
 */
export interface Unit {
  /** Name in the progress and in the cache: `v3/contacts`. */
  readonly name: string;
  /** Digest of every document the unit reads. */
  readonly digest: string;
  /** Paths relative to the root. Loads what it needs on the first call, so that a unit that is fresh costs nothing. */
  readonly emit: () => Promise<readonly GeneratedFile[]>;
}
