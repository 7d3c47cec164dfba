import type { SendError } from "../errors.ts";
import { outcomeOf } from "../http/outcome.ts";
import { type RetryOptions, retryPolicy, sendRepeatedly } from "../http/repeat.ts";
import { type Answer, checkTimeoutMs, resolveUrl, type SendOptions } from "../http/send.ts";
import { demandHeaderText } from "../options.ts";
import { resolveRuntime } from "../runtime.ts";
import { type BillingPayment, paymentBody, targetKey } from "./payment.ts";
import type { BillingTarget } from "./redirect.ts";

/** @see https://marketplace.gohighlevel.com/docs/oauth/Billing/index.html (read 2026-11-21) */
const API_BASE_URL = "https://services.leadconnectorhq.com";
const BILLING_PATH = "oauth/billing/webhook";

export interface BillingReporterOptions extends SendOptions {
  /** Of the app that is being paid for. */
  readonly clientId: string;
  /** Default: `clientId`, which is what the portal shows as the client key. */
  readonly clientKey?: string;
  readonly clientSecret: string;
  readonly retry?: RetryOptions;
}

/**
 * What became of one report. `accepted`: 2xx · `refused`: HighLevel said no, nothing was noted · `unknown`: no answer or 5xx, it
 * may have been noted · `not-sent`: the list ended before its turn.
 */
export interface BillingResult {
  readonly target: BillingTarget;
  readonly outcome: "accepted" | "refused" | "unknown" | "not-sent";
  /** Of `refused`, and of `unknown` but where the caller's signal cut it off. */
  readonly error?: SendError;
}

export interface ReportOptions {
  readonly signal?: AbortSignal;
}

export interface ReportAllOptions extends ReportOptions {
  /** Told of each result as it comes, and awaited: what is stored here survives a crash, and the rest can be resumed. */
  readonly onResult?: (result: BillingResult) => unknown;
}

export interface BillingReporter {
  /**
   * Reports one payment. Resolves when HighLevel accepted it.
   *
   * @throws {SendError} with `ambiguous` saying whether it may have been noted all the same; or the signal's reason.
   * @throws {ConfigurationError}
   */
  report(target: BillingTarget, payment: BillingPayment, options?: ReportOptions): Promise<void>;
  /**
   * Reports a payment for each target in turn, each target once, and never rejects over an answer: one result per target, in
   * order. Ends early when the credentials are refused or the signal aborts; the rest is then `not-sent`.
   *
   * @throws {ConfigurationError} before anything is sent; or what `onResult` throws.
   */
  reportAll(
    targets: readonly BillingTarget[],
    payment: BillingPayment | ((target: BillingTarget) => BillingPayment),
    options?: ReportAllOptions,
  ): Promise<BillingResult[]>;
}

/** Makes a reporter for one app. @throws {ConfigurationError} */
export function createBillingReporter(options: BillingReporterOptions): BillingReporter {
  const { clientId, clientSecret, clientKey = clientId } = options;
  for (const [name, value] of Object.entries({ clientId, clientKey, clientSecret })) {
    demandHeaderText(name, value);
  }
  const url = resolveUrl(BILLING_PATH, options.baseUrl ?? API_BASE_URL);
  const timeoutMs = checkTimeoutMs(options.timeoutMs);
  const policy = retryPolicy(options.retry);
  const runtime = resolveRuntime(options);
  const headers = { "x-ghl-client-key": clientKey, "x-ghl-client-secret": clientSecret };

  function send(json: object, signal: AbortSignal | undefined): Promise<Answer> {
    return sendRepeatedly(runtime, { method: "POST", url, headers, json, timeoutMs, signal }, policy);
  }

  async function resultOf(target: BillingTarget, json: object, signal?: AbortSignal): Promise<BillingResult> {
    if (signal?.aborted) return { target, outcome: "not-sent" };
    const { outcome, error } = await outcomeOf(() => send(json, signal), signal);
    return { target, outcome, ...(error && { error }) };
  }

  return {
    async report(target, payment, settings) {
      await send(paymentBody(clientId, target, payment), settings?.signal);
    },
    async reportAll(targets, payment, settings = {}) {
      const unique = new Map(targets.map((target) => [targetKey(target), target]));
      const bodies = [...unique.values()].map((target) => {
        const own = typeof payment === "function" ? payment(target) : payment;
        return { target, json: paymentBody(clientId, target, own) };
      });
      const results: BillingResult[] = [];
      let ended = false;
      for (const { target, json } of bodies) {
        const result: BillingResult = ended
          ? { target, outcome: "not-sent" }
          : await resultOf(target, json, settings.signal);
        results.push(result);
        await settings.onResult?.(result);
        // The next would be refused for the same reason.
        if (result.error?.code === "ERR_GHL_MARKETPLACE_CREDENTIALS") ended = true;
      }
      return results;
    },
  };
}

export interface ResumeOptions {
  /** Also those whose report may have been noted: it could count twice. Default false. */
  readonly unknown?: boolean;
}

/** The targets to report again: those refused and not sent. */
export function targetsToResume(results: readonly BillingResult[], options: ResumeOptions = {}): BillingTarget[] {
  const outcomes = options.unknown ? ["refused", "not-sent", "unknown"] : ["refused", "not-sent"];
  return results.filter(({ outcome }) => outcomes.includes(outcome)).map(({ target }) => target);
}
