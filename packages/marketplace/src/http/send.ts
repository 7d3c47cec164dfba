import { excerpt, networkReason, readBody, readRetryAfterMs } from "@ghl-edge/core";
import { AnswerError, ConfigurationError, NetworkError, TimeoutError } from "../errors.ts";
import { demandHeaderText, demandNumber, TIME } from "../options.ts";
import type { Runtime, RuntimeOptions } from "../runtime.ts";
import { parseForeignJson } from "./foreign-json.ts";

export const DEFAULT_TIMEOUT_MS = 10_000;

/** Options of everything here that sends to HighLevel. */
export interface SendOptions extends RuntimeOptions {
  /** Where requests go. Default: HighLevel. */
  readonly baseUrl?: string | undefined;
  /** Of one attempt, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

export interface OutgoingRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** What errors call it, where the path is a secret. Default: method and path. */
  readonly endpoint?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A 2xx answer; `body` is undefined where it is no JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** https, or http to this machine alone: the requests carry secrets. */
export function resolveUrl(path: string, baseUrl: string): URL {
  if (!URL.canParse(baseUrl)) throw new ConfigurationError("baseUrl is no URL");
  const base = new URL(baseUrl.replace(/\/*$/, "/"));
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(base.hostname);
  if (base.protocol !== "https:" && !(base.protocol === "http:" && loopback)) {
    throw new ConfigurationError("baseUrl must be https");
  }
  return new URL(path, base);
}

export function checkTimeoutMs(timeoutMs: number = DEFAULT_TIMEOUT_MS): number {
  demandNumber("timeoutMs", timeoutMs, TIME);
  return timeoutMs;
}

/** Most bytes that are read of an answer: HighLevel's have some kilobytes. The status of a longer one counts, its body does not. */
const MAX_ANSWER_BYTES = 1024 * 1024;

const never = (): Promise<void> => new Promise(() => undefined);

/** The text of an answer, within a size; `signal` bounds the time. Empty where it is longer. */
async function textOf(response: Response, timeoutMs: number, signal: AbortSignal): Promise<string> {
  const read = await readBody(response, { maxBytes: MAX_ANSWER_BYTES, timeoutMs, signal, sleep: never });
  return read.outcome === "complete" ? new TextDecoder().decode(read.bytes) : "";
}

function parseJson(text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch {
    return undefined;
  }
}

/**
 * Sends one request and reads the whole answer within the time-out. No redirect is followed: a secret goes to one host.
 *
 * @throws {AnswerError} for every answer that is not 2xx.
 * @throws {ConfigurationError} for a header that cannot be sent, before anything is.
 * @throws {TimeoutError | NetworkError} when no whole answer came.
 */
export async function sendJson(runtime: Runtime, request: OutgoingRequest): Promise<Answer> {
  const { signal, timeoutMs } = request;
  const { endpoint = `${request.method} ${request.url.pathname}` } = request;
  if (signal?.aborted) throw signal.reason;
  for (const [name, value] of Object.entries(request.headers)) demandHeaderText(name, value);
  const done = new AbortController();
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });

  const exchange = async (): Promise<{ response: Response; text: string }> => {
    const response = await runtime.fetch(request.url.href, {
      method: request.method,
      headers: {
        accept: "application/json",
        ...request.headers,
        ...(request.json === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(request.json === undefined ? {} : { body: JSON.stringify(request.json) }),
      redirect: "manual",
      signal: stop.signal,
    });
    return { response, text: await textOf(response, timeoutMs, stop.signal) };
  };
  // Not every fetch heeds its signal, and none may hold a caller longer than it said.
  const timeout = runtime.sleep(timeoutMs, done.signal).then(() => {
    const error = new TimeoutError(endpoint, timeoutMs);
    stop.abort(error);
    throw error;
  });
  const aborted = new Promise<never>((_resolve, reject) => {
    stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true });
  });
  for (const loser of [timeout, aborted]) loser.catch(() => undefined);

  try {
    const { response, text } = await Promise.race([exchange(), timeout, aborted]);
    const body = parseJson(text);
    if (response.ok) return { status: response.status, body };
    const { traceId } = Object(body) as { traceId?: unknown };
    throw new AnswerError(endpoint, {
      status: response.status,
      retryAfterMs: readRetryAfterMs(response.headers, runtime.now()),
      traceId: typeof traceId === "string" ? excerpt(traceId) : undefined,
    });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof AnswerError || error instanceof TimeoutError) throw error;
    // The platform's error stays out: some put the request, and with it the secret, into theirs.
    throw new NetworkError(`${endpoint} got no whole answer from ${request.url.host}: ${networkReason(error)}`);
  } finally {
    done.abort();
    signal?.removeEventListener("abort", onAbort);
  }
}
