import { type GrantedTokens, readTokenAnswer } from "./token-answer.ts";

/**
 * How a call to the token endpoint ended. `ambiguous` is every case in which HighLevel may have rotated the token
 * without us holding the whole answer.
 */
export type TokenOutcome =
  | { readonly kind: "granted"; readonly tokens: GrantedTokens }
  | { readonly kind: "ambiguous" }
  | { readonly kind: "invalid_grant" }
  | { readonly kind: "suspended" }
  | { readonly kind: "rate_limited"; readonly retryAfterMs: number | undefined }
  | { readonly kind: "configuration" };

export interface TokenCall {
  /** `https://services.leadconnectorhq.com/oauth/token` */
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly timeoutMs: number;
}

function messagesOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const { message, error, error_description } = body as Readonly<Record<string, unknown>>;
  return [message, error, error_description].flat().join(" ").toLowerCase();
}

function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? "none");
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/**
 * HighLevel publishes no list of these errors; the status is 400 or 401 by source, so the text decides (platform
 * facts, section 2.3). What is not recognised as a final answer counts as ambiguous: re-sending is safe, giving up is
 * not.
 */
export function classifyRefusal(status: number, headers: Headers, body: unknown): TokenOutcome {
  if (status === 429) return { kind: "rate_limited", retryAfterMs: retryAfterMs(headers) };
  if (status === 422) return { kind: "configuration" };
  if (status !== 400 && status !== 401) return { kind: "ambiguous" };
  const text = messagesOf(body);
  if (/invalid[ _]grant|authorization code not found/.test(text)) return { kind: "invalid_grant" };
  if (/not active/.test(text)) return { kind: "suspended" };
  return text === "" ? { kind: "ambiguous" } : { kind: "configuration" };
}

/** One call: form body, no `Version` header, no redirects followed, the whole answer within the time-out. */
export async function callTokenEndpoint({ url, form, fetch, timeoutMs }: TokenCall): Promise<TokenOutcome> {
  try {
    const request = new Request(url, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const response = await fetch(request);
    const text = await response.text();
    const body: unknown = parseJson(text);
    if (!response.ok) return classifyRefusal(response.status, response.headers, body);
    const tokens = readTokenAnswer(body);
    return tokens === undefined ? { kind: "ambiguous" } : { kind: "granted", tokens };
  } catch {
    return { kind: "ambiguous" };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
