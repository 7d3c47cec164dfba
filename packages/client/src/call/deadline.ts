import { type CallContext, makeError } from "../errors/errors.ts";

/** A time limit, and the call that it applies to: the details of the `TimeoutError`. */
export interface TimeLimit extends CallContext {
  /** Longest time in milliseconds. `Infinity` is no limit. */
  readonly timeoutMs: number;
}

/**
 * Runs `work` under a time limit and a signal. Either one aborts the signal that `work` receives. The returned promise
 * then rejects even if `work` never settles, because a caller's `fetch` may ignore signals.
 */
export function within<T>(
  limit: TimeLimit,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { timeoutMs } = limit;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const controller = new AbortController();
    const clear = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", forward);
    };
    const stop = (reason: unknown): void => {
      clear();
      // This comes before `abort`, whose effect on the work would otherwise be the reason of the rejection.
      reject(reason);
      controller.abort(reason);
    };
    const forward = (): void => stop(signal?.reason);
    const expire = (): void => {
      stop(makeError("TIMEOUT", `the call did not end within ${timeoutMs} ms`, limit));
    };
    // A timer holds 31 bits. It would fire at once for a longer time.
    const timer = timeoutMs < 2 ** 31 ? setTimeout(expire, timeoutMs) : undefined;
    signal?.addEventListener("abort", forward);
    work(controller.signal).finally(clear).then(resolve, reject);
  });
}

/** Waits. Rejects with the reason of the signal as soon as that is aborted. */
export function sleep(timeoutMs: number, signal?: AbortSignal): Promise<void> {
  return within<void>({ timeoutMs }, signal, () => new Promise(() => {})).catch(() => signal?.throwIfAborted());
}
