import { problem, type Receipt, receipt } from "./answer.ts";
import { readBody } from "./body.ts";
import {
  HandlerFailedError,
  InProgressError,
  MethodNotAllowedError,
  TimestampOutsideWindowError,
  WebhookConfigurationError,
  WebhookError,
} from "./errors.ts";
import type { UnknownEvent } from "./event.ts";
import type { WebhookContext, WebhookHandler, WebhookHandlerOptions } from "./handler-options.ts";
import { type ParsedWebhook, parseWith } from "./parse.ts";
import { createWebhookVerifier } from "./verify.ts";

const MAX_BODY_BYTES = 1024 * 1024;
const DEFAULT_FAILURE_STATUS = 500;

function isUnknown(parsed: ParsedWebhook): parsed is Extract<ParsedWebhook, UnknownEvent> {
  return parsed.name === "unknown";
}

function hintOf(request: Request, hint: WebhookHandlerOptions["hint"]): string | undefined {
  if (typeof hint === "string") return hint;
  const value = hint === undefined ? new URL(request.url).searchParams.get("event") : hint(request);
  return value === null || value === "" ? undefined : value;
}

/**
 * A handler for the URL HighLevel posts to, the same on Workers, Node, Deno, Bun and in Hono. Nothing of yours runs before the
 * delivery is verified. Throws WebhookConfigurationError at once when an option cannot be used.
 */
export function createWebhookHandler<Args extends readonly unknown[] = readonly unknown[]>(
  options: WebhookHandlerOptions<Args>,
): WebhookHandler<Args> {
  const { maxBodyBytes = MAX_BODY_BYTES, failureStatus = DEFAULT_FAILURE_STATUS, dedupe, hint } = options;
  if (!(maxBodyBytes > 0)) throw new WebhookConfigurationError("maxBodyBytes must be more than 0");
  if (!Number.isInteger(failureStatus) || (failureStatus !== 200 && failureStatus < 400) || failureStatus > 599) {
    throw new WebhookConfigurationError("failureStatus must be 200 or a status from 400 to 599");
  }
  // Staleness is judged below, so that `onStale` gets the event and not only the error.
  const verifier = createWebhookVerifier({ ...options, outsideWindow: "report" });

  async function run(parsed: ParsedWebhook, context: WebhookContext<Args>): Promise<void> {
    if (isUnknown(parsed)) {
      await options.onUnknown?.(parsed, context);
      return;
    }
    await options.onEvent?.(parsed, context);
    const own = options.on && Object.hasOwn(options.on, parsed.name) ? options.on[parsed.name] : undefined;
    // Name and payload belong together; the compiler cannot follow that through the index.
    await (own as ((event: unknown, context: WebhookContext<Args>) => unknown) | undefined)?.(parsed.event, context);
  }

  /** Whatever your functions throw, a WebhookError too, is their failure and no verdict over the delivery. */
  async function guarded<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new HandlerFailedError("a function failed", { cause });
    }
  }

  /** Runs `work` at most once per event. */
  async function runOnce(key: string, work: () => Promise<void>, request: Request): Promise<Receipt> {
    if (dedupe === undefined) {
      await guarded(work);
      return { received: true, handled: true };
    }
    const state = await guarded(() => dedupe.begin(key));
    if (state === "done") return { received: true, handled: false, reason: "duplicate" };
    if (state === "running") throw new InProgressError("the same event is being handled");
    try {
      await guarded(work);
    } catch (error) {
      await guarded(() => dedupe.failed(key)).catch((failure: WebhookError) => report(failure, request));
      throw error;
    }
    // The work is done: to ask for it again because that could not be written down would do it twice.
    await guarded(() => dedupe.done(key)).catch((failure: WebhookError) => report(failure, request));
    return { received: true, handled: true };
  }

  async function handle(request: Request, args: Args): Promise<Response> {
    if (request.method !== "POST") throw new MethodNotAllowedError(`${request.method} is not answered`);
    const body = await readBody(request, maxBodyBytes);
    const parsed = await parseWith(verifier, { body, headers: request.headers }, { hint: hintOf(request, hint) });
    const { dedupeKey, tenant, verified } = parsed;
    const context: WebhookContext<Args> = { request, args, dedupeKey, tenant, verified };
    const inWindow = verified.freshness === "fresh" || verified.freshness === "undated";
    const { onStale } = options;
    if (!inWindow && onStale === undefined) throw new TimestampOutsideWindowError(verified.ageMs ?? 0);
    const work = async () => void (await (inWindow ? run(parsed, context) : onStale?.(parsed, context)));
    return receipt(await runOnce(dedupeKey, work, request));
  }

  /** The log must not decide over the answer. */
  async function report(error: WebhookError, request: Request): Promise<void> {
    try {
      await options.onError?.(error, request);
    } catch {
      // Nothing is left to tell it to.
    }
  }

  return async (request, ...args) => {
    try {
      return await handle(request, args);
    } catch (cause) {
      const error = cause instanceof WebhookError ? cause : new HandlerFailedError("a function failed", { cause });
      await report(error, request);
      return problem(error, failureStatus);
    }
  };
}
