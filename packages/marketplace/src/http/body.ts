import { type ReadBodyResult, readBody } from "@ghl-edge/core";
import { BodyTooLargeError, BodyUnreadableError } from "../errors.ts";

/** Time limit for the body of a request, in ms. HighLevel's bodies arrive at once, and a slow sender must not block a handler. */
const BODY_TIMEOUT_MS = 30_000;

/**
 * Reads the body as text of at most `maxBytes` bytes.
 *
 * @throws {BodyTooLargeError} when it is larger
 * @throws {BodyUnreadableError} when it was read before, when the connection breaks, or when it takes longer than 30 s
 */
export async function readText(
  request: Request,
  maxBytes: number,
  timeoutMs: number = BODY_TIMEOUT_MS,
): Promise<string> {
  if (request.bodyUsed) {
    throw new BodyUnreadableError("body must be unread, got one that a body parser has read before this handler");
  }
  let read: ReadBodyResult;
  try {
    read = await readBody(request, { maxBytes, timeoutMs });
  } catch {
    throw new BodyUnreadableError(
      "body must be complete, got a part of it: the connection broke, or the stream failed",
    );
  }
  switch (read.outcome) {
    case "complete":
      return new TextDecoder().decode(read.bytes);
    case "too_large":
      throw new BodyTooLargeError(`body must be at most ${maxBytes} bytes, got more`);
    case "timed_out":
      throw new BodyUnreadableError(`body must arrive within ${timeoutMs} ms`);
  }
}
