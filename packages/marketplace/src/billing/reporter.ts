import { resolveRuntime } from "@ghl-edge/core";
import type { SendError } from "../errors.ts";
import { outcomeOf } from "../http/outcome.ts";
import { type RetryOptions, retryPolicy, sendWithRetries } from "../http/retry.ts";
import { type Answer, checkTimeoutMs, resolveUrl, type SendOptions } from "../http/send.ts";
import { demandHeaderText } from "../options.ts";
import { type BillingPayment, paymentBody, targetKey } from "./payment.ts";
import type { BillingTarget } from "./redirect.ts";

/** @see https://marketplace.gohighlevel.com/docs/oauth/Billing/index.html (read 2026-11-21) */
const API_BASE_URL = "https://services.leadconnectorhq.com";
const BILLING_PATH = "oauth/billing/webhook";

/** Options of `createBillingReporter`. */
export interface BillingReporterOptions extends SendOptions {
  /** Client id of the app that was paid for. */
  readonly clientId: string;
  /** Client key in the portal. Default: `clientId`, which the portal shows there. */
  readonly clientKey?: string;
  /** Client secret of the app. */
  readonly clientSecret: string;
  /** Retries of each report. */
  readonly retry?: RetryOptions;
}

/**
 * Result of one report. `accepted`: 2xx. `refused`: HighLevel refused it and recorded nothing. `unknown`: no answer or 5xx, so HighLevel
 * may have recorded it. `not-sent`: the list ended before it.
 */
export interface BillingResult {
  readonly target: BillingTarget;
  readonly outcome: "accepted" | "refused" | "unknown" | "not-sent";
  /** The error of `refused` and `unknown`. It is absent when the caller's signal aborted an `unknown` one. */
  readonly error?: SendError;
}

/** Options of `report`. */
export interface ReportOptions {
  /** Aborts the report. */
  readonly signal?: AbortSignal;
}

/** Options of `reportAll`. */
export interface ReportAllOptions extends ReportOptions {
  /** Called with each result and awaited. Results that it stores survive a crash, and the rest can be resumed. */
  readonly onResult?: (result: BillingResult) => unknown;
}

/** Reports payments to HighLevel. */
export interface BillingReporter {
  /**
   * Reports one payment. Resolves when HighLevel accepted it. Rejects with the signal's reason when it was aborted.
   *
   * @param target - The installation that was paid for
   * @param payment - The payment
   * @param options - A signal
   * @throws {SendError} when HighLevel did not accept it. `ambiguous` says whether HighLevel may have recorded it anyway
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  report(target: BillingTarget, payment: BillingPayment, options?: ReportOptions): Promise<void>;
  /**
   * Reports a payment for each target in order, once per target. A refusal does not make it reject. It ends early when the credentials
   * are refused or the signal aborts, and the rest is then `not-sent`. Rejects with the error of `onResult`.
   *
   * @param targets - The installations that were paid for
   * @param payment - The payment of all targets, or a function that returns that of a target
   * @param options - A signal, and a function that gets each result
   * @returns One result per target, in their order
   * @throws {ConfigurationError} when an argument is invalid, before anything is sent (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
   */
  reportAll(
    targets: readonly BillingTarget[],
    payment: BillingPayment | ((target: BillingTarget) => BillingPayment),
    options?: ReportAllOptions,
  ): Promise<BillingResult[]>;
}

/**
 * Creates a reporter for one app.
 *
 * @param options - The app's credentials
 * @returns The reporter
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @see https://marketplace.gohighlevel.com/docs/oauth/Billing/index.html (read 2026-11-21)
 * @example
 * ```ts
 * import { createBillingReporter } from "@ghl-edge/marketplace/billing";
 *
 * const reporter = createBillingReporter({ clientId: "5f0000000000000000000001-abc", clientSecret: "secret" });
 *
 * export async function paid(locationId: string): Promise<void> {
 *   const target = { authType: "location", locationId } as const;
 *   await reporter.report(target, { amount: 10, status: "COMPLETED", paymentType: "one_time" });
 * }
 * ```
 */
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
    return sendWithRetries(runtime, { method: "POST", url, headers, json, timeoutMs, signal }, policy);
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
        const ofTarget = typeof payment === "function" ? payment(target) : payment;
        return { target, json: paymentBody(clientId, target, ofTarget) };
      });
      const results: BillingResult[] = [];
      let ended = false;
      for (const { target, json } of bodies) {
        const result: BillingResult = ended
          ? { target, outcome: "not-sent" }
          : await resultOf(target, json, settings.signal);
        results.push(result);
        await settings.onResult?.(result);
        // The next report would be refused for the same reason.
        if (result.error?.code === "ERR_GHL_MARKETPLACE_CREDENTIALS") ended = true;
      }
      return results;
    },
  };
}

/** Options of `targetsToResume`. */
export interface ResumeOptions {
  /** Whether to include targets with the outcome `unknown`, whose payment could then count twice. Default: false. */
  readonly unknown?: boolean;
}

/**
 * Returns the targets to report again: those that were refused or not sent.
 *
 * @param results - The results of `reportAll`
 * @param options - Whether to include unknown outcomes
 * @returns The targets
 * @example
 * ```ts
 * import { type BillingResult, targetsToResume } from "@ghl-edge/marketplace/billing";
 *
 * export const countOfRest = (results: readonly BillingResult[]): number => targetsToResume(results).length;
 * ```
 */
export function targetsToResume(results: readonly BillingResult[], options: ResumeOptions = {}): BillingTarget[] {
  const outcomes = options.unknown ? ["refused", "not-sent", "unknown"] : ["refused", "not-sent"];
  return results.filter(({ outcome }) => outcomes.includes(outcome)).map(({ target }) => target);
}
