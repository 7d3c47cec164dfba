import { createByteCollector } from "@ghl-edge/core";
import type { Bytes } from "./encoding.ts";
import { BodyTooLargeError, BodyUnreadableError } from "./errors.ts";

type BodyStream = NonNullable<Request["body"]>;

function tooLarge(maxBytes: number): BodyTooLargeError {
  return new BodyTooLargeError(`the body has more than ${maxBytes} bytes`);
}

function withinLimit(body: Bytes, maxBytes: number): Bytes {
  if (body.byteLength > maxBytes) throw tooLarge(maxBytes);
  return body;
}

async function readStream(stream: BodyStream, maxBytes: number): Promise<Bytes> {
  const reader = stream.getReader();
  const collector = createByteCollector();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return collector.bytes();
    if (collector.length + value.byteLength > maxBytes) {
      // The rest is not awaited: a sender that never ends would hold the answer back.
      reader.cancel().catch(() => undefined);
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

/** The body's bytes, at most `maxBytes`. Throws BodyTooLargeError, or BodyUnreadableError when it was read before or breaks off. */
export async function readBody(request: Request, maxBytes: number): Promise<Bytes> {
  if (request.bodyUsed) {
    throw new BodyUnreadableError("the body was read before: no body parser may run in front of this handler");
  }
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > maxBytes) throw tooLarge(maxBytes);
  try {
    // Framed by the server at the announced length: no need to count on the way.
    if (announced !== null && /^\d+$/.test(announced)) return withinLimit(await bytesOf(request), maxBytes);
    return request.body === null ? new Uint8Array(0) : await readStream(request.body, maxBytes);
  } catch (error) {
    if (error instanceof BodyTooLargeError || error instanceof BodyUnreadableError) throw error;
    throw new BodyUnreadableError("the body could not be read to its end", { cause: error });
  }
}
