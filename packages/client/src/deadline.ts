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
  let clear: (() => void) | undefined;
  return new Promise<T>((resolve, reject) => {
    outer?.throwIfAborted();
    const controller = new AbortController();
    const stop = (reason: unknown): void => {
      // before the work can reject with what the abort did to it
      reject(reason);
      controller.abort(reason);
    };
    const forward = (): void => stop(outer!.reason);
    // a timer holds 31 bits; more, Infinity for one, would fire at once
    const timer =
      limitMs! < 2 ** 31 &&
      setTimeout(
        () => stop(makeError("TIMEOUT", `took longer than ${limitMs} ms`, context, { timeoutMs: limitMs })),
        limitMs,
      );
    outer?.addEventListener("abort", forward);
    clear = () => {
      clearTimeout(timer as never);
      outer?.removeEventListener("abort", forward);
    };
    work(controller.signal).then(resolve, reject);
  }).finally(clear);
}

/** Waits; rejects with the reason of the signal as soon as that is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return within<void>(ms, signal, {}, () => new Promise(() => {})).catch(() => signal?.throwIfAborted());
}
