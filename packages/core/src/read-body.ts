/** Bounds of one read; both are required, because an unbounded read of a foreign body is what this function prevents. */
export interface ReadBodyOptions {
  /** Most bytes that are read. */
  readonly maxBytes: number;
  /** Longest time for the whole body, in ms. */
  readonly timeoutMs: number;
  /** Ends the read early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Resolves after `ms`, and early when `signal` aborts. Default: `setTimeout`. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What became of a read. Only `complete` carries the body; the rest of any other body was cancelled. */
export type ReadBodyResult =
  | { readonly outcome: "complete"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly outcome: "too_large" }
  | { readonly outcome: "timed_out" };

function sleepByTimer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function joinChunks(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/**
 * Reads the body of a request or an answer of somebody else, within a size and a time. A declared `Content-Length` above
 * `maxBytes` is refused before anything is read.
 *
 * @throws the signal's reason when `signal` aborts, and the stream's own error when the connection breaks.
 */
export async function readBody(
  message: { readonly headers: Headers; readonly body: ReadableStream<Uint8Array> | null },
  options: ReadBodyOptions,
): Promise<ReadBodyResult> {
  const { maxBytes, timeoutMs, signal, sleep = sleepByTimer } = options;
  const { body } = message;
  if (body === null) return { outcome: "complete", bytes: new Uint8Array(0) };
  if (Number(message.headers.get("content-length") ?? 0) > maxBytes) {
    body.cancel().catch(() => {});
    return { outcome: "too_large" };
  }
  const reader = body.getReader();
  const finished = new AbortController();
  const timedOut = sleep(timeoutMs, finished.signal).then(() => "timed_out" as const);
  const aborted = new Promise<never>((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true, signal: finished.signal });
  });
  aborted.catch(() => {});
  const chunks: Uint8Array[] = [];
  let length = 0;
  let whole = false;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), timedOut, aborted]);
      if (next === "timed_out") return { outcome: "timed_out" };
      if (next.done) {
        whole = true;
        return { outcome: "complete", bytes: joinChunks(chunks, length) };
      }
      length += next.value.byteLength;
      if (length > maxBytes) return { outcome: "too_large" };
      chunks.push(next.value);
    }
  } finally {
    finished.abort();
    if (!whole) reader.cancel().catch(() => {});
  }
}
