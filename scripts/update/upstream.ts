/** GitHub's own API; its token goes nowhere else. */
export const GITHUB_API = "https://api.github.com";

const TIMEOUT_MS = 30_000;

export interface Upstream {
  /** `owner/name` */
  readonly repository: string;
  readonly ref: string;
  readonly apiUrl: string;
  readonly token?: string | undefined;
}

/** Hash of the newest commit. docs.github.com/en/rest/commits/commits#get-a-commit, read 2026-11-21. */
export async function newestCommit({ repository, ref, apiUrl, token }: Upstream): Promise<string> {
  const url = `${apiUrl}/repos/${repository}/commits/${encodeURIComponent(ref)}`;
  const headers: Record<string, string> = { accept: "application/vnd.github.sha", "user-agent": "ghl-edge" };
  if (token !== undefined && apiUrl === GITHUB_API) headers.authorization = `Bearer ${token}`;
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = (await response.text()).trim();
  if (!response.ok || !/^[0-9a-f]{40}$/.test(text)) throw new Error(`${url} answered ${response.status} and no commit`);
  return text;
}
