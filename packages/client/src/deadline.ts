import { type CallContext, makeError } from "./errors.ts";

/**
 * Runs `work` under a time limit and a signal. Its own signal is aborted when either ends it, and the returned
 * promise rejects then even if `work` never settles: a `fetch` of the caller's may not heed signals.
 */
export function within<T>(
  limitMs: number | undefined,
  outer: AbortSignal | undefined,
  context: CallContext,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    outer?.throwIfAborted();
    const controller = new AbortController();
    const clear = (): void => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", forward);
    };
    const stop = (reason: unknown): void => {
      clear();
      // before the work can reject with what the abort did to it
      reject(reason);
      controller.abort(reason);
    };
    const forward = (): void => stop(outer!.reason);
    const expire = (): void => {
      stop(makeError("TIMEOUT", `took longer than ${limitMs} ms`, context, { timeoutMs: limitMs }));
    };
    // a timer holds 31 bits; more, Infinity for one, would fire at once
    const timer = limitMs! < 2 ** 31 ? setTimeout(expire, limitMs) : undefined;
    outer?.addEventListener("abort", forward);
    work(controller.signal).finally(clear).then(resolve, reject);
  });
}

/** Waits; rejects with the reason of the signal as soon as that is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return within<void>(ms, signal, {}, () => new Promise(() => {})).catch(() => signal?.throwIfAborted());
}
