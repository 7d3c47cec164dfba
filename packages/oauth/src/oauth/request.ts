import {
  excerpt,
  fetchText,
  networkReason,
  type ResponseText,
  type Runtime,
  readRetryAfterMs,
  tryParseUntrustedJson,
} from "@ghl-edge/core";
import { AnswerError, NetworkError, TimeoutError } from "../errors.ts";
import { classifyAnswer } from "./classify.ts";

/** One request to an OAuth endpoint. */
export interface EndpointRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onResponse?: ((head: ResponseHead) => void) | undefined;
}

/** Status and headers of an answer: what a rate limiter learns from. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Headers;
}

export interface EndpointAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The time at which the request was sent. */
  readonly sentAtMs: number;
}

/** Most bytes of an answer that are read: a page of 100 locations has some 50,000. */
const MAX_ANSWER_BYTES = 4_194_304;
/** Longest trace id that an error carries, UTF-16 code units; HighLevel's are UUIDs (observed 2026-08). */
const MAX_TRACE_ID_LENGTH = 100;

/** The body for `classifyAnswer`; `text` is `undefined` when it was longer than what is read. */
function bodyOf({ ok }: Response, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (text === "" && ok) return {};
  return tryParseUntrustedJson(text) ?? (ok ? undefined : text);
}

function formOf(fields: NonNullable<EndpointRequest["form"]>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/**
 * Sends one request and reads the whole answer within the time-out. No redirect is followed: a token goes to one host.
 *
 * @throws {AnswerError} for every answer that is not a whole 2xx.
 * @throws {TimeoutError | NetworkError} when no whole answer came.
 */
export async function sendRequest(runtime: Runtime, request: EndpointRequest): Promise<EndpointAnswer> {
  const endpoint = `${request.method} ${request.url.pathname}`;
  const { form, json, signal, timeoutMs } = request;
  const sentAtMs = runtime.now();
  // The function is async, so that a body that cannot be written fails like any other failure to send.
  const exchange = async (): Promise<ResponseText> =>
    fetchText(
      request.url.href,
      {
        method: request.method,
        headers: {
          accept: "application/json",
          ...request.headers,
          ...(form && { "content-type": "application/x-www-form-urlencoded" }),
          ...(json !== undefined && { "content-type": "application/json" }),
        },
        ...(form && { body: formOf(form).toString() }),
        ...(json !== undefined && { body: JSON.stringify(json) }),
      },
      {
        send: runtime.fetch,
        sleep: runtime.sleep,
        timeoutMs,
        maxBytes: MAX_ANSWER_BYTES,
        signal,
        timeoutError: () => new TimeoutError(`${endpoint} did not answer within ${timeoutMs} ms`, timeoutMs),
        onResponse: ({ status, headers }) => request.onResponse?.({ status, headers }),
      },
    );
  const { response, text } = await exchange().catch((error: unknown) => {
    if (error instanceof TimeoutError) throw error;
    if (signal?.aborted) throw signal.reason;
    // The error of the platform is left out, because it may quote the request, and with it a token.
    throw new NetworkError(
      `${endpoint} did not get a complete answer from ${request.url.host}: ${networkReason(error)}`,
    );
  });
  const body = bodyOf(response, text);
  const wwwAuthenticate = response.headers.get("www-authenticate");
  const classification = classifyAnswer({ status: response.status, body, wwwAuthenticate });
  if (classification === undefined) return { status: response.status, body, sentAtMs };
  const { traceId } = Object(body) as { traceId?: unknown };
  throw new AnswerError(classification, {
    status: response.status,
    endpoint,
    retryAfterMs: readRetryAfterMs(response.headers, runtime.now()),
    traceId: typeof traceId === "string" ? excerpt(traceId, MAX_TRACE_ID_LENGTH) : undefined,
  });
}
