import { type CallContext, TimeoutError } from "./errors.ts";

/**
 * Runs `work` under a time limit and a signal. Its own signal is aborted when either ends it, and the returned
 * promise rejects then even if `work` never settles: a `fetch` of the caller's may not heed signals.
 */
export async function within<T>(
  limitMs: number | undefined,
  outer: AbortSignal | undefined,
  context: CallContext,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  const forward = (): void => controller.abort(outer?.reason);
  const expire = (): void =>
    controller.abort(new TimeoutError(`took longer than ${limitMs} ms`, { ...context, timeoutMs: limitMs }));
  outer?.addEventListener("abort", forward);
  // a timer holds 31 bits; more, Infinity for one, would fire at once
  const timer = limitMs! < 2 ** 31 ? setTimeout(expire, limitMs) : undefined;
  const { signal } = controller;
  try {
    return await new Promise<T>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      work(signal).then(resolve, reject);
    });
  } catch (error) {
    // what ended the work explains more than the error the work made of it
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", forward);
  }
}

/** Waits; rejects with the reason of the signal as soon as that is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      timer = setTimeout(resolve, ms);
    });
  return within(undefined, signal, {}, wait).finally(() => clearTimeout(timer));
}
