import { stat } from "node:fs/promises";
import { UnreadableFileError, UsageError } from "../../../errors.ts";
import { readFolder } from "./folder.ts";
import { readGithub } from "./github.ts";
import { type Origin, type Source, UPSTREAM_REPOSITORY } from "./source.ts";
import { readTarball } from "./tarball.ts";

/** Options of {@link openSource}. */
export interface OpenOptions {
  /** A folder, a `.tar.gz` file, or `github`. */
  readonly from: string;
  /** Origin as the user states it. It overrides the origin that the source itself contains. */
  readonly stated?: Origin | undefined;
  /** Origin in the lock file: the repository and commit that `github` reads by default. */
  readonly locked?: Origin | undefined;
  readonly githubUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Opens a source of upstream documents: a folder, a `.tar.gz` file, or GitHub.
 *
 * @param options - The source, its origin and the fetch function
 * @returns The OpenAPI files of the source with their origin
 * @throws {UnreadableFileError} when the file or folder is not found (`ERR_GHL_CODEGEN_UNREADABLE`)
 * @throws {NotParsableError} when the archive is broken (`ERR_GHL_CODEGEN_NOT_PARSABLE`)
 * @throws {NetworkError} when GitHub does not answer (`ERR_GHL_CODEGEN_NETWORK`)
 * @throws {UsageError} when `github` is read and no commit is known (`ERR_GHL_CODEGEN_USAGE`)
 * @example
 * ```ts
 * import { openSource, parseSource } from "@ghl-edge/codegen";
 *
 * const { documents } = parseSource(await openSource({ from: "highlevel-api-docs" }));
 * console.log(documents.length);
 * ```
 */
export async function openSource(options: OpenOptions): Promise<Source> {
  const { stated = {} } = options;
  const source = await read(options);
  const origin: Origin = {
    repository: stated.repository ?? source.origin.repository,
    commit: stated.commit ?? source.origin.commit,
    date: stated.date ?? source.origin.date,
  };
  // the archive knows the full hash of a commit that was named in short
  const full = source.origin.commit;
  return { ...source, origin: full?.startsWith(origin.commit ?? "") ? { ...origin, commit: full } : origin };
}

async function read({ from, stated = {}, locked = {}, githubUrl, fetch }: OpenOptions): Promise<Source> {
  if (from === "github") {
    const repository = stated.repository ?? locked.repository ?? UPSTREAM_REPOSITORY;
    const commit = stated.commit ?? locked.commit;
    if (commit === undefined) throw new UsageError("no commit is locked; name one with --commit");
    return readGithub({ repository, commit, baseUrl: githubUrl, fetch });
  }
  const kind = await stat(from).catch((cause: unknown) => {
    throw new UnreadableFileError("file or folder not found", { file: from }, { cause });
  });
  if (!kind.isDirectory() && /\.(?:json|ya?ml)$/i.test(from)) {
    const expected = "a folder with apps/ and common/, a .tar.gz of one, or github";
    throw new UnreadableFileError(`--from must be ${expected}, got a single document`, { file: from });
  }
  return kind.isDirectory() ? readFolder(from) : readTarball(from);
}
