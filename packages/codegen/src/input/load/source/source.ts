/** Origin of the files of a source, as far as it is known. */
export interface Origin {
  /** `owner/name` on GitHub. */
  readonly repository?: string | undefined;
  /** Commit hash, as long as it is known. */
  readonly commit?: string | undefined;
  /** Date of the commit, `YYYY-MM-DD` in UTC. */
  readonly date?: string | undefined;
}

/** The OpenAPI files of one state of the upstream repository. */
export interface Source {
  /** For messages: what the user named. */
  readonly label: string;
  /** Content by path inside the repository, with `/`, sorted. Only JSON files below `apps/` and `common/`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly origin: Origin;
}

/** Whether a path inside the repository is a document or a file with shared schemas. */
export function isSpecPath(path: string): boolean {
  return /^(?:apps|common)\/.+\.json$/.test(path);
}

export const UPSTREAM_REPOSITORY = "GoHighLevel/highlevel-api-docs";
