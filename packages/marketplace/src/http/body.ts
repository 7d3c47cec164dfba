import { BodyTooLargeError, BodyUnreadableError } from "../errors.ts";

type BodyStream = NonNullable<Request["body"]>;

async function readStream(stream: BodyStream, maxBytes: number): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.byteLength;
    if (length > maxBytes) {
      // The rest is not awaited: a sender that never ends would hold the answer back.
      reader.cancel().catch(() => undefined);
      throw new BodyTooLargeError(`the body has more than ${maxBytes} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** The body as text, at most `maxBytes`. Throws BodyTooLargeError, or BodyUnreadableError when it was read before or breaks off. */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  if (request.bodyUsed) {
    throw new BodyUnreadableError("the body was read before: no body parser may run in front of this handler");
  }
  try {
    return request.body === null ? "" : await readStream(request.body, maxBytes);
  } catch (error) {
    if (error instanceof BodyTooLargeError) throw error;
    throw new BodyUnreadableError("the body could not be read to its end");
  }
}
