import { createByteCollector } from "@ghl-edge/core";
import type { Bytes } from "../encoding.ts";
import { BodyTimeoutError, BodyTooLargeError, BodyUnreadableError, WebhookError } from "../errors.ts";

type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

/** Limits of one read. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Longest time for the whole body, in ms. */
  readonly timeoutMs: number;
}

function tooLarge(maxBytes: number): BodyTooLargeError {
  return new BodyTooLargeError(`body must be at most ${maxBytes} bytes`);
}

function withinLimit(body: Bytes, maxBytes: number): Bytes {
  if (body.byteLength > maxBytes) throw tooLarge(maxBytes);
  return body;
}

/** Does not await the rest of the body: a sender that never ends would delay the response. */
function cancel(reader: BodyReader): void {
  reader.cancel().catch(() => undefined);
}

async function readAll(reader: BodyReader, maxBytes: number): Promise<Bytes> {
  const collector = createByteCollector();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return collector.bytes();
    if (collector.length + value.byteLength > maxBytes) {
      cancel(reader);
      throw tooLarge(maxBytes);
    }
    collector.add(value);
  }
}

/** `bytes()` makes one copy less than `arrayBuffer()` in Node. Safari and older runtimes do not have it. */
async function bytesOf(request: Request): Promise<Bytes> {
  if (typeof request.bytes === "function") return (await request.bytes()) as Bytes;
  return new Uint8Array(await request.arrayBuffer());
}

/**
 * Uses one timer for the whole body, so that a slow sender gains no time with each chunk.
 *
 * @throws {BodyTimeoutError} when `read` has not settled after `timeoutMs`. Then `onTimeout` runs, which may settle `read`.
 */
function withinTime<T>(read: Promise<T>, timeoutMs: number, onTimeout?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new BodyTimeoutError(`body must arrive within ${timeoutMs} ms`));
      onTimeout?.();
    }, timeoutMs);
    read.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/**
 * Reads the body: at most `maxBytes` bytes, within `timeoutMs`.
 *
 * @throws {BodyTooLargeError} when the body is larger
 * @throws {BodyTimeoutError} when it takes longer
 * @throws {BodyUnreadableError} when it was read before, or when the connection breaks
 */
export async function readBody(request: Request, { maxBytes, timeoutMs }: BodyLimits): Promise<Bytes> {
  if (request.bodyUsed) {
    throw new BodyUnreadableError("body must be unread, got one that a body parser has read before this handler");
  }
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > maxBytes) throw tooLarge(maxBytes);
  try {
    // The server ends the body at the announced length, so the bytes need no counting. `bytes()` locks the stream, so a read that took
    // too long cannot be cancelled. At most the announced bytes still arrive, until the server ends the request.
    if (announced !== null && /^\d+$/.test(announced)) {
      return withinLimit(await withinTime(bytesOf(request), timeoutMs), maxBytes);
    }
    if (request.body === null) return new Uint8Array(0);
    const reader = request.body.getReader();
    return await withinTime(readAll(reader, maxBytes), timeoutMs, () => cancel(reader));
  } catch (error) {
    if (error instanceof WebhookError) throw error;
    throw new BodyUnreadableError(
      "body must be complete, got a part of it: the connection broke, or the stream failed",
      {
        cause: error,
      },
    );
  }
}
