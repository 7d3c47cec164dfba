/** The cause of an error code, and what to do about it. */
export interface ErrorEntry {
  readonly cause: string;
  readonly remedy: string;
}

/** Entries, keyed by error code. */
export type ErrorEntries = Readonly<Record<string, ErrorEntry>>;
