import { describeValue } from "@ghl-edge/core";
import type { Bytes } from "../encoding.ts";
import {
  HandlerFailedError,
  InProgressError,
  MethodNotAllowedError,
  WebhookConfigurationError,
  WebhookError,
  type WebhookErrorCode,
} from "../errors.ts";
import { optionNumber } from "../option-checks.ts";
import type { InFlight } from "../verify/in-flight.ts";
import { runBatch } from "./batch.ts";
import { readBody } from "./body.ts";
import type { BaseHandlerOptions, WebhookHandler } from "./handler-options.ts";
import { logLine } from "./log-line.ts";
import { problem, type Receipt, receipt } from "./response.ts";

const DEFAULT_FAILURE_STATUS = 500;
const DEFAULT_BODY_TIMEOUT_MS = 30_000;
/** A longer timer fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A request whose body has been read but not verified. */
export interface Incoming<Args extends readonly unknown[]> {
  readonly request: Request;
  readonly body: Bytes;
  readonly args: Args;
}

/** A genuine delivery: its dedupe key, and the work to do once. */
export interface Accepted {
  /** Computed only with a `dedupe` store. */
  readonly dedupeKey: () => Promise<string> | string;
  readonly work: () => Promise<void>;
}

/** A genuine delivery of several events. Each has its own dedupe key and result. */
export interface AcceptedBatch {
  readonly events: readonly (Accepted & { readonly id: string })[];
  /** Events that are handled at the same time. */
  readonly concurrency: number;
  /** Returns the current time in milliseconds. */
  readonly now: () => number;
}

/** Differences between the two handlers. */
export interface BaseHandlerSettings {
  /** Default of `maxBodyBytes`. */
  readonly defaultMaxBodyBytes: number;
  /** Status for genuine bytes that the handler cannot use. */
  readonly unusableStatus: number;
  /** Counter of the bodies that are being read. */
  readonly inFlight?: InFlight | undefined;
}

/** Errors that need no log: a scanner's GET, and two deliveries of one event at once. */
const NOT_LOGGED: ReadonlySet<WebhookErrorCode> = /* @__PURE__ */ new Set<WebhookErrorCode>([
  "ERR_GHL_WEBHOOK_METHOD_NOT_ALLOWED",
  "ERR_GHL_WEBHOOK_IN_PROGRESS",
]);

function readLog({ log, onError }: BaseHandlerOptions): ((line: string) => void) | undefined {
  if (log === false || (log === undefined && onError !== undefined)) return undefined;
  if (log !== undefined && typeof log !== "function") {
    throw new WebhookConfigurationError(`log must be a function or false, got ${describeValue(log)}`);
  }
  return log ?? ((line) => console.error(line));
}

const HANDLER = "the webhook handler";

/** Wraps every error of your functions, including a WebhookError: it is their failure, and not a refusal of the delivery. */
async function guarded<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new HandlerFailedError(`${name} threw an error`, { cause });
  }
}

/**
 * Creates a handler without its verification: `accept` verifies and names the delivery, and throws the WebhookError of a refusal.
 *
 * @throws {WebhookConfigurationError} when an option is invalid
 */
export function createBaseHandler<Args extends readonly unknown[]>(
  options: BaseHandlerOptions,
  { defaultMaxBodyBytes, unusableStatus, inFlight }: BaseHandlerSettings,
  accept: (incoming: Incoming<Args>) => Promise<Accepted | AcceptedBatch>,
): WebhookHandler<Args> {
  const { failureStatus = DEFAULT_FAILURE_STATUS, dedupe } = options;
  const maxBytes = optionNumber("maxBodyBytes", options.maxBodyBytes ?? defaultMaxBodyBytes, {
    min: 1,
    integer: true,
    max: Number.POSITIVE_INFINITY,
  });
  const timeoutMs = optionNumber("bodyTimeoutMs", options.bodyTimeoutMs ?? DEFAULT_BODY_TIMEOUT_MS, {
    min: 1,
    max: MAX_TIMER_MS,
  });
  const limits = { maxBytes, timeoutMs };
  if (!Number.isInteger(failureStatus) || (failureStatus !== 200 && failureStatus < 400) || failureStatus > 599) {
    throw new WebhookConfigurationError(
      `failureStatus must be 200 or a status from 400 to 599, got ${describeValue(failureStatus)}`,
    );
  }

  /** Runs `work` at most once per event. */
  async function runOnce({ dedupeKey: keyOf, work }: Accepted, request: Request): Promise<Receipt> {
    if (dedupe === undefined) {
      await guarded(HANDLER, work);
      return { received: true, handled: true };
    }
    const dedupeKey = await keyOf();
    const state = await guarded("dedupe.begin", () => dedupe.begin(dedupeKey));
    if (state === "done") return { received: true, handled: false, reason: "duplicate" };
    if (state === "running") throw new InProgressError("another delivery of this event is being handled");
    try {
      await guarded(HANDLER, work);
    } catch (error) {
      await guarded("dedupe.failed", () => dedupe.failed(dedupeKey)).catch((failure: WebhookError) =>
        report(failure, request),
      );
      throw error;
    }
    // The work is done. Failing here would cause a redelivery, which does it twice.
    await guarded("dedupe.done", () => dedupe.done(dedupeKey)).catch((failure: WebhookError) =>
      report(failure, request),
    );
    return { received: true, handled: true };
  }

  const log = readLog(options);

  /** Logs the error. A failing log must not change the response. */
  async function report(error: WebhookError, request: Request): Promise<void> {
    try {
      if (!NOT_LOGGED.has(error.code)) log?.(logLine(error));
      await options.onError?.(error, request);
    } catch {
      // A failing log has no other log.
    }
  }

  const toError = (cause: unknown): WebhookError =>
    cause instanceof WebhookError ? cause : new HandlerFailedError("the webhook request threw an error", { cause });

  async function runAll({ events, concurrency, now }: AcceptedBatch, request: Request): Promise<Receipt> {
    const failed = await runBatch(events, {
      concurrency,
      async handle(event) {
        try {
          await runOnce(event, request);
        } catch (cause) {
          // A status of 200 means that a failed event is not to come again.
          if (failureStatus !== 200 || !(cause instanceof HandlerFailedError)) throw cause;
          await report(cause, request);
        }
      },
      toError,
      now,
      report: (error) => report(error, request),
    });
    return failed.length === 0 ? { received: true, handled: true } : { received: true, handled: false, failed };
  }

  return async (request, ...args) => {
    try {
      if (request.method !== "POST") throw new MethodNotAllowedError(`method must be POST, got ${request.method}`);
      const body = await (inFlight === undefined
        ? readBody(request, limits)
        : inFlight.track(() => readBody(request, limits)));
      const accepted = await accept({ request, body, args });
      return receipt(await ("events" in accepted ? runAll(accepted, request) : runOnce(accepted, request)));
    } catch (cause) {
      const error = toError(cause);
      await report(error, request);
      return problem(error, { failureStatus, unusableStatus });
    }
  };
}
