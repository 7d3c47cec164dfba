import { BodyUnreadableError } from "../errors.ts";
import type { NodeRequest } from "./node-message.ts";

const PARSED = `body must be unread, got one that a body parser has read before the webhook handler. Do one of these:
- mount the webhook route before app.use(express.json())
- parse the route with express.raw({ type: "*/*" }) instead
- store the bytes: express.json({ verify: (request, response, bytes) => { request.rawBody = bytes; } })`;

function refusing(error: Error): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.error(error) });
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  throw new BodyUnreadableError("body must be a stream of bytes or strings, got a stream of objects");
}

/**
 * Streams the bytes as received. It does not read the rest of a body that is too large, and does not end the iterator: that would destroy
 * the connection before the response. Node discards the rest after the response.
 */
function streaming(request: NodeRequest): ReadableStream<Uint8Array> {
  const chunks = request[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(bytesOf(value));
    },
  });
}

/** Returns the body of a Node request, byte for byte. When the bytes are gone, the stream fails with an error that explains what to do. */
export function nodeBody(request: NodeRequest): Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array> {
  const { rawBody, body } = request;
  for (const stored of [rawBody, body]) {
    if (stored instanceof Uint8Array) return stored as Uint8Array<ArrayBuffer>;
    if (typeof stored === "string") return stored;
  }
  // In Express 4 the body is an empty object even when no parser ran, so the stream decides.
  if (request.readableDidRead || request.readableEnded) return refusing(new BodyUnreadableError(PARSED));
  return streaming(request);
}
