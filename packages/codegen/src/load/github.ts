import { NetworkError } from "../errors.ts";
import type { Source } from "./source.ts";
import { sourceOfTarball } from "./tarball.ts";

export const GITHUB_ARCHIVES = "https://codeload.github.com";

/** The whole upstream repository is about 2 MB packed. */
const MAX_ARCHIVE_BYTES = 128 * 1024 * 1024;

export interface GithubOptions {
  /** `owner/name`. */
  readonly repository: string;
  /** Commit, tag or branch. */
  readonly commit: string;
  /** Where archives are served; default GitHub's own host. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** For the whole download; default 60 s. */
  readonly timeoutMs?: number | undefined;
}

/** Downloads the repository as one archive. @throws NetworkError */
export async function readGithub(options: GithubOptions): Promise<Source> {
  const { repository, commit, baseUrl = GITHUB_ARCHIVES, fetch = globalThis.fetch, timeoutMs = 60_000 } = options;
  const url = `${baseUrl.replace(/\/+$/, "")}/${repository}/tar.gz/${encodeURIComponent(commit)}`;
  const archive = await download(url, fetch, timeoutMs);
  const source = await sourceOfTarball(archive, url);
  return { ...source, origin: { repository, commit: source.origin.commit ?? commit, date: source.origin.date } };
}

async function download(url: string, fetch: typeof globalThis.fetch, timeoutMs: number): Promise<Uint8Array> {
  let response: Response;
  let body: ArrayBuffer;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    body = response.ok ? await response.arrayBuffer() : new ArrayBuffer(0);
    if (!response.ok) await response.body?.cancel();
  } catch (cause) {
    throw new NetworkError(`no answer: ${reasonOf(cause)}`, { file: url }, { cause });
  }
  if (!response.ok) throw new NetworkError(`answered ${response.status}`, { file: url });
  if (body.byteLength > MAX_ARCHIVE_BYTES) throw new NetworkError("the archive is too large", { file: url });
  return new Uint8Array(body);
}

/** fetch says only "fetch failed"; what failed is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
