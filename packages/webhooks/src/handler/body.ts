import { createByteCollector } from "@ghl-edge/core";
import type { Bytes } from "../encoding.ts";
import { BodyTimeoutError, BodyTooLargeError, BodyUnreadableError, WebhookError } from "../errors.ts";

type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

/** Bounds of one read. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Longest time for the whole body, in ms. */
  readonly timeoutMs: number;
}

function tooLarge(maxBytes: number): BodyTooLargeError {
  return new BodyTooLargeError(`the body has more than ${maxBytes} bytes`);
}

function withinLimit(body: Bytes, maxBytes: number): Bytes {
  if (body.byteLength > maxBytes) throw tooLarge(maxBytes);
  return body;
}

/** The rest is not awaited: a sender that never ends would hold the answer back. */
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

/** `bytes()` makes one copy less than `arrayBuffer()` in Node; Safari and older runtimes do not have it. */
async function bytesOf(request: Request): Promise<Bytes> {
  if (typeof request.bytes === "function") return (await request.bytes()) as Bytes;
  return new Uint8Array(await request.arrayBuffer());
}

/**
 * One timer for the whole body, so that a sender who trickles gains no time with each piece.
 *
 * @throws BodyTimeoutError when `read` has not settled after `timeoutMs`. Then `giveUp` runs, which may settle `read`.
 */
function withinTime<T>(read: Promise<T>, timeoutMs: number, giveUp?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new BodyTimeoutError(`the body took longer than ${timeoutMs} ms`));
      giveUp?.();
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
 * The body's bytes, at most `maxBytes`, read within `timeoutMs`.
 *
 * @throws BodyTooLargeError, BodyTimeoutError, and BodyUnreadableError when the body was read before or breaks off.
 */
export async function readBody(request: Request, { maxBytes, timeoutMs }: BodyLimits): Promise<Bytes> {
  if (request.bodyUsed) {
    throw new BodyUnreadableError("the body was read before: no body parser may run in front of this handler");
  }
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > maxBytes) throw tooLarge(maxBytes);
  try {
    // Framed by the server at the announced length: no need to count on the way. `bytes()` locks the stream, so that a read which took
    // too long cannot be cancelled. At most the announced bytes still arrive, until the server ends the request.
    if (announced !== null && /^\d+$/.test(announced)) {
      return withinLimit(await withinTime(bytesOf(request), timeoutMs), maxBytes);
    }
    if (request.body === null) return new Uint8Array(0);
    const reader = request.body.getReader();
    return await withinTime(readAll(reader, maxBytes), timeoutMs, () => cancel(reader));
  } catch (error) {
    if (error instanceof WebhookError) throw error;
    throw new BodyUnreadableError("the body could not be read to its end", { cause: error });
  }
}
