import { type Sleep, sleepByTimer } from "@ghl-edge/core";
import { type FrameWindow, listenToParent, type ParentOptions } from "../frame.ts";
import { demandNumber, TIME } from "../options.ts";
import {
  type CheckoutProps,
  encodeProviderMessage,
  type MessageEncoding,
  type ProviderMessage,
  parseCheckoutMessage,
} from "./checkout-messages.ts";
import { CheckoutUnavailableError } from "./errors.ts";

/** Options of `connectCheckout`. */
export interface CheckoutOptions extends ParentOptions {
  /** The page's window. Default: the global one. */
  readonly window?: FrameWindow;
  /** Whether the page can also store a payment method. Then your `queryUrl` must list and charge stored ones. Default: false. */
  readonly addCardOnFileSupported?: boolean;
  /** Format of messages. Default: `json`. */
  readonly encoding?: MessageEncoding;
  /** Interval in milliseconds at which `custom_provider_ready` is posted until HighLevel answers, which may start late. Default: 500. */
  readonly readyEveryMs?: number;
  /** Time limit for HighLevel's answer in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
  /** Waits. Default: a timer. */
  readonly sleep?: Sleep;
}

/** Connection of a checkout page to HighLevel around it. */
export interface Checkout {
  /** The payment to take. Rejects with CheckoutUnavailableError. */
  readonly props: Promise<CheckoutProps>;
  /**
   * Reports success. HighLevel then asks your `queryUrl` to verify it.
   *
   * @param chargeId - Your id of the charge. Omit it when nothing was charged
   */
  succeed(chargeId?: string): void;
  /**
   * Reports a failure.
   *
   * @param description - Reason that HighLevel shows to the user
   */
  fail(description: string): void;
  /** Reports that the user closed the page. */
  close(): void;
  /** Stops listening. */
  disconnect(): void;
}

/** Returns the target origin of answers: the sender of the payment, or `*` when its origin cannot be named. */
function answerOrigin(origin: string): string {
  return /^https?:\/\//.test(origin) ? origin : "*";
}

/**
 * Connects the page of your `paymentsUrl` to HighLevel: reports that the page is ready, receives the payment, and reports the outcome.
 *
 * No message here proves an amount. Your server reads it from HighLevel's order, and `verify` confirms it.
 *
 * @param options - Accepted origins and times
 * @returns The connection
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @example
 * ```ts
 * import { connectCheckout } from "@ghl-edge/marketplace/payments";
 *
 * export async function pay(charge: (amount: number) => Promise<string>): Promise<void> {
 *   const checkout = connectCheckout();
 *   const props = await checkout.props;
 *   if (props.type === "payment_initiate_props") checkout.succeed(await charge(props.amount));
 * }
 * ```
 */
export function connectCheckout(options: CheckoutOptions = {}): Checkout {
  const page = options.window ?? (globalThis as unknown as FrameWindow);
  const { encoding = "json", readyEveryMs = 500, timeoutMs = 30_000, sleep = sleepByTimer } = options;
  demandNumber("readyEveryMs", readyEveryMs, TIME);
  demandNumber("timeoutMs", timeoutMs, TIME);
  const embedded = page.parent !== undefined && page.parent !== (page as unknown);
  let targetOrigin = options.targetOrigin ?? "*";
  const done = new AbortController();

  const post = (message: ProviderMessage): void => {
    if (embedded) page.parent.postMessage(encodeProviderMessage(message, encoding), targetOrigin);
  };

  async function announce(): Promise<never> {
    for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += readyEveryMs) {
      post({
        type: "custom_provider_ready",
        loaded: true,
        ...(options.addCardOnFileSupported ? { addCardOnFileSupported: true } : {}),
      });
      await sleep(readyEveryMs, done.signal);
    }
    throw new CheckoutUnavailableError("timeout");
  }

  let stop = (): void => undefined;
  const props = new Promise<CheckoutProps>((resolve, reject) => {
    if (!embedded) return reject(new CheckoutUnavailableError("not-embedded"));
    stop = listenToParent(page, options, ({ data, origin }) => {
      const received = parseCheckoutMessage(data);
      if (received === undefined || done.signal.aborted) return;
      if (options.targetOrigin === undefined) targetOrigin = answerOrigin(origin);
      resolve(received);
      done.abort();
    });
    done.signal.addEventListener("abort", () => {
      stop();
      reject(new CheckoutUnavailableError("disconnected"));
    });
    announce().catch((error: unknown) => {
      stop();
      if (!done.signal.aborted) reject(error);
    });
  });
  // A page that only reports an outcome does not await it.
  props.catch(() => undefined);

  return {
    props,
    succeed: (chargeId) =>
      post({ type: "custom_element_success_response", ...(chargeId === undefined ? {} : { chargeId }) }),
    fail: (description) => post({ type: "custom_element_error_response", error: { description } }),
    close: () => post({ type: "custom_element_close_response" }),
    disconnect: () => done.abort(),
  };
}
