import { BodyUnreadableError } from "../errors.ts";
import type { NodeRequest } from "./node-message.ts";

const PARSED = `a body parser ran in front of the webhook handler, and the bytes that were signed are gone. Do one of these:
- mount the webhook route before app.use(express.json())
- parse it by express.raw({ type: "*/*" }) instead
- keep the bytes: express.json({ verify: (request, response, bytes) => { request.rawBody = bytes; } })`;

function refusing(error: Error): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.error(error) });
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  throw new BodyUnreadableError("the request's stream gives objects, not bytes");
}

/**
 * The bytes as they came. The rest of a body that is too large is left alone: ending the iterator would destroy the connection before it
 * is answered, and Node discards what is left once it has been.
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

/** The body of a Node request, byte for byte. What cannot be had is an error of the stream that says what to do. */
export function nodeBody(request: NodeRequest): Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array> {
  const { rawBody, body } = request;
  for (const kept of [rawBody, body]) {
    if (kept instanceof Uint8Array) return kept as Uint8Array<ArrayBuffer>;
    if (typeof kept === "string") return kept;
  }
  // Without a parser that ran, Express 4 has an empty object for the body; only the stream tells.
  if (request.readableDidRead || request.readableEnded) return refusing(new BodyUnreadableError(PARSED));
  return streaming(request);
}
