import type { DedupeStore } from "../dedupe/memory-dedupe.ts";
import type { WebhookError } from "../errors.ts";
import type { UnknownEvent } from "../events/event.ts";
import type { WebhookEventName, WebhookEvents } from "../generated/events.gen.ts";
import type { DeliveryDetails, ParsedWebhook } from "../verify/parse.ts";
import type { VerifierOptions } from "../verify/verifier-options.ts";

/**
 * Second argument of your functions. `Args` are the arguments that the runtime passes after the request (in a Worker: `env` and `ctx`).
 */
export interface WebhookContext<Args extends readonly unknown[] = readonly unknown[]> extends DeliveryDetails {
  /** The request. Its body has been read: see `verified.body`. */
  readonly request: Request;
  /** The arguments of the handler after the request. */
  readonly args: Args;
}

/** Your functions, one per event, by the event's name in HighLevel's portal. */
export type EventHandlers<Args extends readonly unknown[] = readonly unknown[]> = {
  readonly [N in WebhookEventName]?: (event: WebhookEvents[N], context: WebhookContext<Args>) => unknown;
};

/** Options that both handlers share. */
export interface BaseHandlerOptions {
  /** Called with every refusal and failure. It replaces the default log. Errors that it throws are ignored. */
  readonly onError?: (error: WebhookError, request: Request) => unknown;
  /**
   * Writes one line per refusal or failure, without payload, header or secret. Default: `console.error` when there is no `onError`,
   * because an endpoint that answers 401 or 500 without a log loses events unnoticed. `false` writes nothing.
   */
  readonly log?: ((line: string) => void) | false;
  /** Store that lets each event run once. Default: none, so a redelivery runs your functions again. */
  readonly dedupe?: DedupeStore;
  /** Largest body in bytes. Default: 1 MiB (1,048,576), and 2 MiB for the gateway's deliveries. */
  readonly maxBodyBytes?: number;
  /** Time limit for the whole body in milliseconds, at most 2,147,483,647. After it the response is 408. Default: 30,000. */
  readonly bodyTimeoutMs?: number;
  /**
   * Status when one of your functions throws. Default: 500, which the gateway redelivers, and HighLevel under its newer policy. HighLevel
   * redelivers 429 under its older policy too. Nobody redelivers after 200.
   */
  readonly failureStatus?: number;
}

/** Options of `createWebhookHandler`. */
export interface WebhookHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends Omit<VerifierOptions, "outsideWindow">,
    BaseHandlerOptions {
  /** One function per event. The response to an event without a function is 200. */
  readonly on?: EventHandlers<Args>;
  /** Runs for every event with a name, before the function for this event. */
  readonly onEvent?: (event: Exclude<ParsedWebhook, UnknownEvent>, context: WebhookContext<Args>) => unknown;
  /** Runs for an event without a name. Default: nothing runs, and the response is 200. */
  readonly onUnknown?: (event: UnknownEvent, context: WebhookContext<Args>) => unknown;
  /**
   * Runs instead of the other functions for a genuine event outside the time window, and for a lifecycle event without a date. The
   * response is then 200, so store the event yourself. Without this function such an event is refused with 401.
   */
  readonly onStale?: (event: ParsedWebhook, context: WebhookContext<Args>) => unknown;
  /**
   * Runs instead of the other functions for an event whose data HighLevel left out (`payloadTooLarge`, above 256 KB). Read the record
   * through the API. Default: the function for this event runs, and fields are missing; see `verified.isTruncated`.
   */
  readonly onTruncated?: (event: ParsedWebhook, context: WebhookContext<Args>) => unknown;
  /**
   * Event name of this URL, for events that are documented without a usable `type`: a name, or a function that reads it from the request.
   * Default: the query parameter `event` (`?event=InvoicePaid`). A hint never names an event that always has a `type`. It chooses among
   * several events only when the signed body names an app of the option `appId`, or with `hintKey`.
   */
  readonly hint?: WebhookEventName | ((request: Request) => string | null | undefined);
  /**
   * Secret of at least 16 characters in the URLs that you configure (`?event=InvoicePaid&key=…`). It proves that the hint is yours. You
   * need it when HighLevel sends such events without an `appId`, and when the option `appId` is not set. With a key, a hint without the
   * key is ignored for a body that does not name your app. Default: none.
   */
  readonly hintKey?: string;
}

/** Webhook handler: takes the request and the further arguments of the runtime, and returns the response. It never rejects. */
export type WebhookHandler<Args extends readonly unknown[] = readonly unknown[]> = (
  request: Request,
  ...args: Args
) => Promise<Response>;
