import { fetchBytes } from "@ghl-edge/core";
import { NetworkError } from "../../../errors.ts";
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
  /** Base URL of the archives. Default: GitHub's own host. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** For the whole download; default 60 s. */
  readonly timeoutMs?: number | undefined;
}

/** Downloads the repository as one archive. @throws NetworkError */
export async function readGithub(options: GithubOptions): Promise<Source> {
  const { repository, commit, baseUrl = GITHUB_ARCHIVES, fetch = globalThis.fetch, timeoutMs = 60_000 } = options;
  const url = `${baseUrl.replace(/\/+$/, "")}/${repository}/tar.gz/${encodeURIComponent(commit)}`;
  const archive = await download(url, fetch, { timeoutMs, maxBytes: MAX_ARCHIVE_BYTES });
  const source = await sourceOfTarball(archive, url);
  return { ...source, origin: { repository, commit: source.origin.commit ?? commit, date: source.origin.date } };
}

/** Longest time and size of a download. */
export interface DownloadLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Fetches the bytes at an address. @throws NetworkError */
export async function download(
  url: string,
  fetch: typeof globalThis.fetch,
  { timeoutMs, maxBytes }: DownloadLimits,
): Promise<Uint8Array> {
  try {
    const { response, bytes } = await fetchBytes(
      url,
      { redirect: "follow" },
      {
        send: (address, init) => fetch(address, init),
        timeoutMs,
        maxBytes,
        needsBody: ({ ok }) => ok,
        timeoutError: () => new NetworkError(`did not answer within ${timeoutMs} ms`, { file: url }),
      },
    );
    if (!response.ok) throw new NetworkError(`answered ${response.status}`, { file: url });
    if (bytes === undefined) throw new NetworkError(`is larger than ${maxBytes} bytes`, { file: url });
    return bytes;
  } catch (cause) {
    if (cause instanceof NetworkError) throw cause;
    throw new NetworkError(`request failed: ${reasonOf(cause)}`, { file: url }, { cause });
  }
}

/** fetch says only "fetch failed"; what failed is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
