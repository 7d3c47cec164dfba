import { readBody } from "@ghl-edge/core";
import type { ByteBudget } from "../domain/limits/byte-budget.ts";
import { GatewayError } from "../platform/errors.ts";

/** Longest time for the whole body of a request that is read before it is acted upon: 1 MiB by a slow mobile network. */
export const REQUEST_BODY_TIMEOUT_MS = 30_000;

/** Times and sizes of one read. */
interface Bounds {
  readonly maxBytes: number;
  /** Default `REQUEST_BODY_TIMEOUT_MS`. */
  readonly timeoutMs?: number;
  /** Room for the large bodies that an isolate reads at the same time. */
  readonly budget: ByteBudget;
}

/** A body of at most this size always has room. HighLevel's events have some kilobytes. */
const SMALL_BODY_BYTES = 65_536;
const BODIES_BUSY_RETRY_MS = 10_000;

/** Room in a budget for one body, taken in doubling steps as the body grows. */
function createReservation(budget: ByteBudget, maxBytes: number) {
  const taken: (() => void)[] = [];
  let reserved = SMALL_BODY_BYTES;
  return {
    /** @throws GatewayError `bodies_busy` */
    grow(bytes: number): void {
      while (bytes > reserved) {
        const step = Math.min(reserved, maxBytes - reserved);
        if (step > budget.leftBytes())
          throw new GatewayError({ kind: "bodies_busy", retryAfterMs: BODIES_BUSY_RETRY_MS });
        taken.push(budget.take(step));
        reserved += step;
      }
    },
    giveBack(): void {
      for (const giveBack of taken) giveBack();
    },
  };
}

/**
 * Reads a request's body. Undefined when it is longer than `maxBytes`.
 *
 * The sender is not authenticated yet, and an isolate has 128 MB: some hundred bodies that stop one byte short of their end would fill it.
 * So all large bodies together have a bound. Why not hono's `bodyLimit`: it has no time limit and no bound for several bodies together.
 *
 * @throws GatewayError `request_timeout` when the body does not end in time, `bodies_busy` when it is large and there is no room for it
 */
export async function readRequestBody(
  request: Pick<Request, "headers" | "body">,
  { maxBytes, timeoutMs = REQUEST_BODY_TIMEOUT_MS, budget }: Bounds,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const reservation = createReservation(budget, maxBytes);
  try {
    const read = await readBody(request, { maxBytes, timeoutMs, onProgress: (bytes) => reservation.grow(bytes) });
    if (read.outcome === "timed_out") throw new GatewayError({ kind: "request_timeout", timeoutMs });
    return read.outcome === "complete" ? read.bytes : undefined;
  } finally {
    reservation.giveBack();
  }
}

/** A body of at most this size is held, so that the call can be sent again; a larger one, or one of unknown size, streams. */
const MAX_BUFFERED_BODY_BYTES = 65_536;

export interface CallBody {
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
  /** Whether it can be sent more than once. */
  readonly isRepeatable: boolean;
}

const NO_BODY: CallBody = { body: null, isRepeatable: true };

/**
 * Returns the body to send to HighLevel. `fetch` takes none with GET and HEAD, and a server may read such a body as the next request.
 * So that body is refused. A body without content counts as none, however it was announced (RFC 9110, section 9.3.1).
 *
 * @throws GatewayError `body_not_allowed`, `request_timeout`
 */
export async function readCallBody(
  request: Pick<Request, "method" | "headers" | "body">,
  { budget, timeoutMs = REQUEST_BODY_TIMEOUT_MS }: Omit<Bounds, "maxBytes">,
): Promise<CallBody> {
  const { method, headers, body } = request;
  if (body === null) return NO_BODY;
  if (method === "GET" || method === "HEAD") {
    const bytes = await readRequestBody(request, { maxBytes: 0, timeoutMs, budget });
    if (bytes === undefined) throw new GatewayError({ kind: "body_not_allowed" });
    return NO_BODY;
  }
  const length = Number(headers.get("content-length") ?? Number.NaN);
  if (!(length <= MAX_BUFFERED_BODY_BYTES)) return { body, isRepeatable: false };
  const bytes = await readRequestBody(request, { maxBytes: MAX_BUFFERED_BODY_BYTES, timeoutMs, budget });
  // No server passes on more than was announced. If one did, nothing of the body would be left to send.
  if (bytes === undefined)
    throw new GatewayError({
      kind: "input_invalid",
      problem: "body must be as long as content-length says, got more bytes",
    });
  return { body: bytes.byteLength === 0 ? null : bytes, isRepeatable: true };
}

/**
 * Returns the same request with its body in memory, for a parser that takes a `Request` and only limits the size. A `Request` cannot be
 * made of a GET or HEAD that has content.
 *
 * @throws GatewayError `webhook_too_large`, `body_not_allowed`, `request_timeout`, `bodies_busy`
 */
export async function bufferedRequest(
  request: Request,
  { maxBytes, budget }: Omit<Bounds, "timeoutMs">,
): Promise<Request> {
  const { method, headers, body: stream } = request;
  if (stream === null) return request;
  const takesBody = method !== "GET" && method !== "HEAD";
  const body = await readRequestBody(request, { maxBytes: takesBody ? maxBytes : 0, budget });
  if (body === undefined)
    throw new GatewayError(takesBody ? { kind: "webhook_too_large", maxBytes } : { kind: "body_not_allowed" });
  return new Request(request.url, { method, headers, ...(body.byteLength === 0 ? {} : { body }) });
}
