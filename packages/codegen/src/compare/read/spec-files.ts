/** The files of one side of a comparison. */
export interface SpecFiles {
  /** The argument as the user wrote it. */
  readonly label: string;
  /** Content by path, with `/`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The one document asked for; undefined: all of them. The other files are there to be referred to. */
  readonly only: string | undefined;
}

/** Files that may hold a document. Overlays and the lock are ours and hold none. */
export function isCandidate(path: string): boolean {
  return (
    /\.(?:json|ya?ml)$/i.test(path) &&
    !/(?:^|\/)(?:overlays|node_modules|\.git)\//.test(path) &&
    !path.endsWith("sources.lock.json")
  );
}
