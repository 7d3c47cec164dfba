import { readBody } from "@ghl-edge/core";

/**
 * The whole body of somebody else's answer, for a decision that can be made without it. Undefined where it is too long, does not
 * end in time or breaks off.
 */
export async function answerBytes(
  answer: { readonly headers: Headers; readonly body: ReadableStream<Uint8Array> | null },
  bounds: { readonly maxBytes: number; readonly timeoutMs: number },
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const read = await readBody(answer, bounds).catch(() => undefined);
  return read?.outcome === "complete" ? read.bytes : undefined;
}
