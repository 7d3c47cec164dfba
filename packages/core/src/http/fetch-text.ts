import type { Sleep } from "../time/sleep.ts";
import type { SendRequest } from "./fetch-option.ts";
import { readBody } from "./read-body.ts";

/** Limits of one request, and the functions that it uses. */
export interface FetchTextOptions {
  readonly send: SendRequest;
  readonly sleep: Sleep;
  /** Time limit in milliseconds, from sending to the last byte. */
  readonly timeoutMs: number;
  /** Upper bound of bytes that are read of the body. */
  readonly maxBytes: number;
  /** Ends the request early. */
  readonly signal?: AbortSignal | undefined;
  /** Makes the error of a request that takes too long, because the caller has its own class for it. */
  readonly timeoutError: () => Error;
  /** Called when the head of the response has arrived. */
  readonly onResponse?: ((response: Response) => void) | undefined;
}

/** A response with its text. `text` is `undefined` if the body is longer than `maxBytes`. */
export interface ResponseText {
  readonly response: Response;
  readonly text: string | undefined;
}

/**
 * Sends one request and reads the complete text of its response, within a time and a size. It follows no redirect, because the
 * requests carry secrets. The limits hold even if `send` ignores its signal.
 *
 * @param url - Absolute URL
 * @param init - The request; `redirect` and `signal` are set here
 * @param options - Limits and functions
 * @returns The response and its text
 * @throws the reason of `signal`, the result of `timeoutError`, or the platform's error, which may quote the request
 */
export async function fetchText(url: string, init: RequestInit, options: FetchTextOptions): Promise<ResponseText> {
  const { send, sleep, timeoutMs, maxBytes, signal, timeoutError, onResponse } = options;
  signal?.throwIfAborted();
  const done = new AbortController();
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", forward, { once: true });

  const exchange = async (): Promise<ResponseText> => {
    const response = await send(url, { ...init, redirect: "manual", signal: stop.signal });
    onResponse?.(response);
    // The time limit below ends this read, too.
    const never = (): Promise<void> => new Promise(() => {});
    const read = await readBody(response, { maxBytes, timeoutMs, signal: stop.signal, sleep: never });
    return { response, text: read.outcome === "complete" ? new TextDecoder().decode(read.bytes) : undefined };
  };
  const timeout = sleep(timeoutMs, done.signal).then((): never => {
    const error = timeoutError();
    stop.abort(error);
    throw error;
  });
  const aborted = new Promise<never>((_resolve, reject) => {
    stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true });
  });
  for (const loser of [timeout, aborted]) loser.catch(() => {});

  try {
    return await Promise.race([exchange(), timeout, aborted]);
  } finally {
    done.abort();
    signal?.removeEventListener("abort", forward);
  }
}
