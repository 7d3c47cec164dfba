import type { Sleep } from "../core/sleep.ts";
import { ConnectionResetError } from "./connection-reset.ts";

/** Headers of the answer without the length: the body will be another, or come in pieces. */
function headersOf(response: Response): Headers {
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return headers;
}

async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await response.arrayBuffer());
}

/** Some bytes of the answer, then an error in the middle of the stream. */
export async function cutBody(response: Response, length: number | undefined): Promise<Response> {
  const bytes = await bytesOf(response);
  const kept = bytes.subarray(0, Math.min(length ?? Math.floor(bytes.length / 2), bytes.length));
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (!sent && kept.length > 0) controller.enqueue(kept);
      else controller.error(new ConnectionResetError());
      sent = true;
    },
  });
  return new Response(body, { status: response.status, headers: headersOf(response) });
}

/** The whole answer, a few bytes at a time. */
export async function slowBody(
  response: Response,
  { chunkBytes = 16, pauseMs = 50 }: { readonly chunkBytes?: number; readonly pauseMs?: number },
  sleep: Sleep,
): Promise<Response> {
  const bytes = await bytesOf(response);
  const ended = new AbortController();
  let at = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (at > 0) await sleep(pauseMs, ended.signal);
        if (at < bytes.length) controller.enqueue(bytes.slice(at, at + chunkBytes));
        at += chunkBytes;
        if (at >= bytes.length) controller.close();
      },
      cancel: () => ended.abort(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: response.status, headers: headersOf(response) });
}

/** Answer as a proxy in between might send it: an HTML page, under a status that promises JSON. */
export function garbageBody(response: Response, fault: { readonly body?: string; readonly status?: number }): Response {
  const body = fault.body ?? "<html><body><h1>Bad Gateway</h1></body></html>";
  return new Response(body, { status: fault.status ?? response.status, headers: { "content-type": "text/html" } });
}
