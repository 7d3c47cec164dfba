import { type Sleep, sleepByTimer } from "../time/sleep.ts";
import { createByteCollector } from "./byte-collector.ts";

/** Bounds of one read; both are required, because an unbounded read of an external body is what this function prevents. */
export interface ReadBodyOptions {
  /** Most bytes that are read. */
  readonly maxBytes: number;
  /** Longest time for the whole body, in ms. */
  readonly timeoutMs: number;
  /** Called before a piece is kept, with the size that the body then has. The read ends with what it throws. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Ends the read early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Default: a timer of the platform. */
  readonly sleep?: Sleep | undefined;
}

/** Result of a read. Only `complete` carries the body; the rest of any other body was cancelled. */
export type ReadBodyResult =
  | { readonly outcome: "complete"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly outcome: "too_large" }
  | { readonly outcome: "timed_out" };

/**
 * Reads the body of a request or an answer of somebody else, within a size and a time. A declared `Content-Length` above
 * `maxBytes` is refused before anything is read.
 *
 * @throws the signal's reason when `signal` aborts, what `onProgress` throws, and the stream's own error when the connection breaks.
 */
export async function readBody(
  message: { readonly headers: Headers; readonly body: ReadableStream<Uint8Array> | null },
  options: ReadBodyOptions,
): Promise<ReadBodyResult> {
  const { maxBytes, timeoutMs, onProgress, signal, sleep } = options;
  const { body } = message;
  if (body === null) return { outcome: "complete", bytes: new Uint8Array(0) };
  if (Number(message.headers.get("content-length") ?? 0) > maxBytes) {
    body.cancel().catch(() => {});
    return { outcome: "too_large" };
  }
  const reader = body.getReader();
  const end = untilEnd({ timeoutMs, signal, sleep });
  let whole = false;

  async function readAll(): Promise<ReadBodyResult> {
    const collector = createByteCollector();
    for (;;) {
      const { done, value } = await reader.read();
      // The end of a read that was given up is not the end of the body.
      if (done) {
        whole = true;
        return { outcome: "complete", bytes: collector.bytes() };
      }
      const length = collector.length + value.byteLength;
      if (length > maxBytes) return { outcome: "too_large" };
      onProgress?.(length);
      collector.add(value);
    }
  }

  try {
    // One race for the whole body. A race for each piece would leave a reaction on `end.reached` every time.
    return await Promise.race([readAll(), end.reached]);
  } finally {
    end.release();
    if (!whole) reader.cancel().catch(() => {});
  }
}

/**
 * Waits for what ends a read early: its time, or the caller's signal. Most reads have no signal and end at once, so they cost a timer and
 * nothing else.
 */
function untilEnd({ timeoutMs, signal, sleep }: Pick<ReadBodyOptions, "timeoutMs" | "signal" | "sleep">): {
  readonly reached: Promise<{ readonly outcome: "timed_out" }>;
  readonly release: () => void;
} {
  if (signal === undefined && sleep === undefined) {
    let release = (): void => {};
    const reached = new Promise<{ readonly outcome: "timed_out" }>((resolve) => {
      const timer = setTimeout(() => resolve({ outcome: "timed_out" }), timeoutMs);
      release = () => clearTimeout(timer);
    });
    return { reached, release: () => release() };
  }
  const finished = new AbortController();
  const timedOut = (sleep ?? sleepByTimer)(timeoutMs, finished.signal).then(() => ({ outcome: "timed_out" }) as const);
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true, signal: finished.signal });
  });
  const reached = Promise.race([timedOut, aborted]);
  reached.catch(() => {});
  aborted.catch(() => {});
  return { reached, release: () => finished.abort() };
}
