import { CheckoutUnavailableError } from "../errors.ts";
import { type FrameWindow, listenToParent, type ParentOptions } from "../frame.ts";
import { demandNumber, TIME } from "../options.ts";
import { type Sleep, sleepByTimer } from "../runtime.ts";
import {
  type CheckoutProps,
  encodeProviderMessage,
  type MessageEncoding,
  type ProviderMessage,
  parseCheckoutMessage,
} from "./checkout-messages.ts";

export interface CheckoutOptions extends ParentOptions {
  /** The page's window. Default: the global one. */
  readonly window?: FrameWindow;
  /** The page can also store a payment method. Only true if your `queryUrl` lists and charges stored ones. Default false. */
  readonly addCardOnFileSupported?: boolean;
  /** Default `json`. */
  readonly encoding?: MessageEncoding;
  /** How often `custom_provider_ready` is posted until HighLevel answers, in milliseconds: it may begin to listen late. Default 500. */
  readonly readyEveryMs?: number;
  /** How long HighLevel is waited for, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Default: a timer. */
  readonly sleep?: Sleep;
}

/** A checkout page's connection to HighLevel around it. */
export interface Checkout {
  /** What to take. Rejects with CheckoutUnavailableError. */
  readonly props: Promise<CheckoutProps>;
  /** It worked: HighLevel asks your `queryUrl` to verify it. Without a charge id where nothing was charged. */
  succeed(chargeId?: string): void;
  /** It did not; `description` is shown to the user. */
  fail(description: string): void;
  /** The user gave up. */
  close(): void;
  /** Stops listening. */
  disconnect(): void;
}

/** Where an answer goes: to whoever sent the payment, unless that has no origin to name. */
function answerOrigin(origin: string): string {
  return /^https?:\/\//.test(origin) ? origin : "*";
}

/**
 * On the page of your `paymentsUrl`: tells HighLevel that the page is ready, gives what to take, and reports the outcome.
 *
 * Nothing that arrives here is proof of an amount: your server takes it from HighLevel's order, and `verify` confirms it.
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
      const asked = parseCheckoutMessage(data);
      if (asked === undefined || done.signal.aborted) return;
      if (options.targetOrigin === undefined) targetOrigin = answerOrigin(origin);
      resolve(asked);
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
  // Whoever only reports an outcome does not look at it.
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
