import { type ReadBodyResult, readBody } from "@ghl-edge/core";
import { BodyTooLargeError, BodyUnreadableError } from "../errors.ts";

/** Longest time for the body of a request, in ms: HighLevel's come at once, a sender that trickles must not hold a handler. */
const BODY_TIMEOUT_MS = 30_000;

/**
 * The body as text, at most `maxBytes`.
 *
 * @throws {BodyTooLargeError}
 * @throws {BodyUnreadableError} when it was read before, breaks off, or takes longer than half a minute.
 */
export async function readText(
  request: Request,
  maxBytes: number,
  timeoutMs: number = BODY_TIMEOUT_MS,
): Promise<string> {
  if (request.bodyUsed) {
    throw new BodyUnreadableError("the body was read before: no body parser may run in front of this handler");
  }
  let read: ReadBodyResult;
  try {
    read = await readBody(request, { maxBytes, timeoutMs });
  } catch {
    throw new BodyUnreadableError("the body could not be read to its end");
  }
  switch (read.outcome) {
    case "complete":
      return new TextDecoder().decode(read.bytes);
    case "too_large":
      throw new BodyTooLargeError(`the body has more than ${maxBytes} bytes`);
    case "timed_out":
      throw new BodyUnreadableError(`the body took longer than ${timeoutMs} ms`);
  }
}
