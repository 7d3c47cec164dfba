import type { ClientOptions } from "../src/client-options.ts";
import { type Client, createClient } from "../src/index.ts";

export interface Sent {
  readonly url: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  /** FormData where the body is one; `null`: there was none. */
  readonly body: string | FormData | null;
  readonly redirect: RequestRedirect;
  readonly signal: AbortSignal;
}

export type Reply = (sent: Sent) => Response | Promise<Response>;

export const json = (body: unknown, init?: ResponseInit): Response => Response.json(body, init);

async function sentBy(request: Request): Promise<Sent> {
  const { url, method, redirect, signal } = request;
  const headers = Object.fromEntries(request.headers);
  const isForm = /^multipart\/form-data/.test(headers["content-type"] ?? "");
  const content = request.body === null ? null : isForm ? await request.formData() : await request.text();
  return { url, path: url.replace(/^https?:\/\/[^/]+/, ""), method, headers, body: content, redirect, signal };
}

/**
 * A client whose `fetch` answers from a list, the last entry again and again; and what it sent, and how long it slept.
 * Time passes by sleeping only; random numbers are 0.5.
 */
export function fakeServer(
  replies: Reply | readonly Reply[],
  options: Partial<ClientOptions> = {},
): { client: Client; sent: Sent[]; slept: number[]; clock: { now: number } } {
  const list = typeof replies === "function" ? [replies] : replies;
  const sent: Sent[] = [];
  const slept: number[] = [];
  const clock = { now: Date.parse("2026-11-21T12:00:00Z") };
  const client = createClient({
    auth: "pit-secret",
    fetch: async (request) => {
      const call = await sentBy(request);
      sent.push(call);
      return list[Math.min(sent.length, list.length) - 1]!(call);
    },
    now: () => clock.now,
    random: () => 0.5,
    sleep: async (ms) => {
      slept.push(ms);
      clock.now += ms;
    },
    ...options,
  });
  return { client, sent, slept, clock };
}

/** Returns the reason that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not reject");
}
