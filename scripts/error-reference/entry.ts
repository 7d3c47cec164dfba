/** What an error code means and what to do. */
export interface ErrorEntry {
  readonly cause: string;
  readonly remedy: string;
}

/** By code. */
export type ErrorEntries = Readonly<Record<string, ErrorEntry>>;
