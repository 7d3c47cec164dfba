import type { Sleep } from "../time/sleep.ts";
import type { SendRequest } from "./fetch-option.ts";
import { readBody } from "./read-body.ts";

/** Limits of one request, and the functions that it uses. */
export interface FetchBytesOptions {
  readonly send: SendRequest;
  /** Default: the platform's `AbortSignal.timeout`. */
  readonly sleep?: Sleep | undefined;
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
  /** Returns whether the body of a response is of use. Any other body is cancelled. Default: every body is read. */
  readonly needsBody?: ((response: Response) => boolean) | undefined;
}

/** A response with its bytes. `bytes` is `undefined` if the body is longer than `maxBytes`, or was not needed. */
export interface ResponseBytes {
  readonly response: Response;
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
}

const never = (): Promise<never> => new Promise(() => {});

const sleepBySignal: Sleep = (ms) =>
  new Promise((resolve) => {
    AbortSignal.timeout(ms).addEventListener("abort", () => resolve(), { once: true });
  });

/**
 * Sends one request and reads the complete body of its response, within a time and a size. It follows no redirect unless `init` says so,
 * because most requests carry secrets. The limits hold even if `send` ignores its signal.
 *
 * @param url - Absolute URL
 * @param init - The request; `signal` is set here
 * @param options - Limits and functions
 * @returns The response and its bytes
 * @throws the reason of `signal`, the result of `timeoutError`, or the platform's error, which may quote the request
 */
export async function fetchBytes(url: string, init: RequestInit, options: FetchBytesOptions): Promise<ResponseBytes> {
  const { send, sleep = sleepBySignal, timeoutMs, maxBytes, signal, timeoutError, onResponse, needsBody } = options;
  signal?.throwIfAborted();
  const done = new AbortController();
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", forward, { once: true });

  const exchange = async (): Promise<ResponseBytes> => {
    const response = await send(url, { redirect: "manual", ...init, signal: stop.signal });
    onResponse?.(response);
    if (needsBody?.(response) === false) {
      response.body?.cancel().catch(() => {});
      return { response, bytes: undefined };
    }
    // The time limit below ends this read, too.
    const read = await readBody(response, { maxBytes, timeoutMs, signal: stop.signal, sleep: never });
    return { response, bytes: read.outcome === "complete" ? read.bytes : undefined };
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
