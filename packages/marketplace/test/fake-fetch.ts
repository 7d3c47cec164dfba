/** Result of one call: an answer, an error, or a promise that never settles. */
export type Reply = Response | Error | "never";

export interface Call {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly json: unknown;
  readonly redirect: RequestRedirect | undefined;
}

/** Creates a fetch that returns the replies in order, repeats the last one, and records its calls. */
export function fakeFetch(...replies: readonly (Reply | (() => Reply))[]): {
  fetch: (request: Request) => Promise<Response>;
  calls: Call[];
} {
  const calls: Call[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const text = await request.text();
    const next = replies[Math.min(calls.length, replies.length - 1)]!;
    calls.push({
      url: request.url,
      method: request.method,
      headers: request.headers,
      json: text === "" ? undefined : JSON.parse(text),
      redirect: request.redirect,
    });
    const reply = typeof next === "function" ? next() : next;
    if (reply === "never") {
      return new Promise((_resolve, reject) => {
        request.signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
      });
    }
    if (reply instanceof Error) throw reply;
    return reply.clone();
  };
  return { fetch, calls };
}

export const accepted = (): Response => new Response("{}", { status: 200 });
export const answer = (status: number, headers: Record<string, string> = {}, body = "{}"): Response =>
  new Response(body, { status, headers });

/** Creates a sleep that records each time and ends at once, unless `forever` returns true for the time. */
export function fakeSleep(forever: (ms: number) => boolean = () => false): {
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  waits: number[];
} {
  const waits: number[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!forever(ms)) {
      waits.push(ms);
      return Promise.resolve();
    }
    return new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  };
  return { sleep, waits };
}
