import { GatewayError } from "../platform/errors.ts";

/** Time until the head of HighLevel's answer. The body has no limit. */
const HEAD_TIMEOUT_MS = 60_000;

/** Parts of a `Request` that is created right before it is sent. A `Request` that is made of another one would copy its body. */
export interface OutgoingRequest extends Pick<RequestInit, "method" | "headers" | "body"> {
  readonly url: string | URL;
}

/** A `Response` can pass on only these statuses. 1xx is not a final answer (RFC 9110, section 15). */
const isPassable = (status: number): boolean => status >= 200 && status <= 599;

/**
 * Sends a request to HighLevel.
 *
 * @returns the answer; `undefined` when there was none, or one whose status cannot be passed on
 * @throws {GatewayError} `call_unsendable` when the request is invalid: that is our mistake, and nothing was sent
 */
export async function sendUpstream(outgoing: () => OutgoingRequest): Promise<Response | undefined> {
  const timeout = new AbortController();
  let request: Request;
  try {
    const { url, ...init } = outgoing();
    request = new Request(url, { ...init, redirect: "manual", signal: timeout.signal });
  } catch (cause) {
    throw new GatewayError({ kind: "call_unsendable" }, { cause });
  }
  const timer = setTimeout(() => timeout.abort(), HEAD_TIMEOUT_MS);
  try {
    const response = await fetch(request);
    if (isPassable(response.status)) return response;
    response.body?.cancel().catch(() => {});
    return undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
