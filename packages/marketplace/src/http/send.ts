import {
  describeSecret,
  excerpt,
  fetchText,
  networkReason,
  type ResponseText,
  type Runtime,
  type RuntimeOptions,
  readRetryAfterMs,
  tryParseUntrustedJson,
} from "@ghl-edge/core";
import { AnswerError, ConfigurationError, NetworkError, TimeoutError } from "../errors.ts";
import { demandHeaderText, demandNumber, TIME } from "../options.ts";

export const DEFAULT_TIMEOUT_MS = 10_000;

/** Options of requests to HighLevel. */
export interface SendOptions extends RuntimeOptions {
  /** Base URL of the requests. Default: HighLevel. */
  readonly baseUrl?: string | undefined;
  /** Time limit of one attempt in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number | undefined;
}

export interface OutgoingRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Name in errors when the path is a secret. Default: method and path. */
  readonly endpoint?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A 2xx answer. `body` is undefined when it is not JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Resolves a path. The URL must be https, or http to this machine, because the requests contain secrets. */
export function resolveUrl(path: string, baseUrl: string): URL {
  if (!URL.canParse(baseUrl))
    throw new ConfigurationError(`baseUrl must be an absolute URL, got ${describeSecret(baseUrl)}`);
  const base = new URL(baseUrl.replace(/\/*$/, "/"));
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(base.hostname);
  if (base.protocol !== "https:" && !(base.protocol === "http:" && loopback)) {
    throw new ConfigurationError(`baseUrl must be an https URL, got ${base.protocol}`);
  }
  return new URL(path, base);
}

export function checkTimeoutMs(timeoutMs: number = DEFAULT_TIMEOUT_MS): number {
  demandNumber("timeoutMs", timeoutMs, TIME);
  return timeoutMs;
}

/** Largest body of an answer. HighLevel's answers have some kilobytes. The status of a larger one counts, but its body is ignored. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Sends one request and reads the whole answer within the time-out. It follows no redirect: a secret goes to one host.
 *
 * @throws {AnswerError} for every answer that is not 2xx
 * @throws {ConfigurationError} for an invalid header, before anything is sent
 * @throws {TimeoutError | NetworkError} when there was no complete answer
 */
export async function sendJson(runtime: Runtime, request: OutgoingRequest): Promise<Answer> {
  const { signal, timeoutMs } = request;
  const { endpoint = `${request.method} ${request.url.pathname}` } = request;
  if (signal?.aborted) throw signal.reason;
  for (const [name, value] of Object.entries(request.headers)) demandHeaderText(name, value);
  const { json } = request;
  // The function is async, so that a body that cannot be written fails like any other failure to send.
  const exchange = async (): Promise<ResponseText> =>
    fetchText(
      request.url.href,
      {
        method: request.method,
        headers: {
          accept: "application/json",
          ...request.headers,
          ...(json === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      },
      {
        send: runtime.fetch,
        sleep: runtime.sleep,
        timeoutMs,
        maxBytes: MAX_ANSWER_BYTES,
        signal,
        timeoutError: () => new TimeoutError(endpoint, timeoutMs),
      },
    );
  const { response, text } = await exchange().catch((error: unknown) => {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof TimeoutError) throw error;
    // The error of the platform is left out, because it may quote the request, and with it a secret.
    throw new NetworkError(
      `${endpoint} did not get a complete answer from ${request.url.host}: ${networkReason(error)}`,
    );
  });
  const body = tryParseUntrustedJson(text ?? "");
  if (response.ok) return { status: response.status, body };
  const { traceId } = Object(body) as { traceId?: unknown };
  throw new AnswerError(endpoint, {
    status: response.status,
    retryAfterMs: readRetryAfterMs(response.headers, runtime.now()),
    traceId: typeof traceId === "string" ? excerpt(traceId) : undefined,
  });
}
