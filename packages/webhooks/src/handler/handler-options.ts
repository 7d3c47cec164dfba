import type { DedupeStore } from "../dedupe/memory-dedupe.ts";
import type { WebhookError } from "../errors.ts";
import type { UnknownEvent } from "../events/event.ts";
import type { WebhookEventName, WebhookEvents } from "../generated/events.gen.ts";
import type { DeliveryDetails, ParsedWebhook } from "../verify/parse.ts";
import type { VerifierOptions } from "../verify/verifier-options.ts";

/** What each of your functions gets beside the event. `Args`: what the runtime passes after the request (a Worker: env, ctx). */
export interface WebhookContext<Args extends readonly unknown[] = readonly unknown[]> extends DeliveryDetails {
  /** The request; its body has been read: see `verified.body`. */
  readonly request: Request;
  readonly args: Args;
}

/** Your function per event, by the name HighLevel's portal lists it under. */
export type EventHandlers<Args extends readonly unknown[] = readonly unknown[]> = {
  readonly [N in WebhookEventName]?: (event: WebhookEvents[N], context: WebhookContext<Args>) => unknown;
};

/** What a handler does around your functions. */
export interface BaseHandlerOptions {
  /** Called with every refusal and failure; it replaces the default log. What it throws is ignored. */
  readonly onError?: (error: WebhookError, request: Request) => unknown;
  /**
   * Where refusals and failures are written, a text each without payload, header or secret. Default: `console.error` where there is no
   * `onError`, since an endpoint that answers 401 or 500 in silence loses events. `false`: nowhere.
   */
  readonly log?: ((line: string) => void) | false;
  /** Lets each event through once. Default: none, and a redelivery runs your functions again. */
  readonly dedupe?: DedupeStore;
  /** Default 1 MiB (1,048,576); for the gateway's deliveries 2 MiB. */
  readonly maxBodyBytes?: number;
  /** Longest time for the whole body of a request, in milliseconds, at most 2,147,483,647. Then the answer is 408. Default 30,000. */
  readonly bodyTimeoutMs?: number;
  /**
   * The status when one of your functions throws. Default 500: redelivered by the gateway, and under HighLevel's newer policy. 429
   * is redelivered under HighLevel's older one as well; 200 never.
   */
  readonly failureStatus?: number;
}

export interface WebhookHandlerOptions<Args extends readonly unknown[] = readonly unknown[]>
  extends Omit<VerifierOptions, "outsideWindow">,
    BaseHandlerOptions {
  /** One function per event. An event without one is answered 200. */
  readonly on?: EventHandlers<Args>;
  /** Runs for every event with a name, before its own function. */
  readonly onEvent?: (event: Exclude<ParsedWebhook, UnknownEvent>, context: WebhookContext<Args>) => unknown;
  /** Runs for an event without a name. Default: nothing, the answer is 200. */
  readonly onUnknown?: (event: UnknownEvent, context: WebhookContext<Args>) => unknown;
  /**
   * Runs in place of the others for a genuine event outside the time window, and for an INSTALL, UNINSTALL or the like without a
   * date. The answer is then 200: keep the event aside. Without this function such an event is refused with 401.
   */
  readonly onStale?: (event: ParsedWebhook, context: WebhookContext<Args>) => unknown;
  /**
   * Runs in place of the others for an event whose data HighLevel left out (`payloadTooLarge`, above 256 KB): read the record by the
   * API. Default: the event's own function runs, and finds fields missing; see `verified.isTruncated`.
   */
  readonly onTruncated?: (event: ParsedWebhook, context: WebhookContext<Args>) => unknown;
  /**
   * The event whose URL this is, for the events that do not name themselves: a name, or how to read it from the request.
   * Default: the query parameter `event` (`?event=InvoicePaid`). It never names an event that names itself, and it chooses among
   * several events only when the signed body names an app of the option `appId`, or with `hintKey`.
   */
  readonly hint?: WebhookEventName | ((request: Request) => string | null | undefined);
  /**
   * A secret of 16 characters or more that you add to the URLs you configure (`?event=InvoicePaid&key=…`), so that the hint is
   * known to be yours. Needed where HighLevel sends such events without an `appId`, and where the option `appId` is not set. Once there is a
   * key, a hint without it names no body that does not name your app. Default: none.
   */
  readonly hintKey?: string;
}

/** Fetch-style: takes the request and whatever the runtime passes after it. Never rejects. */
export type WebhookHandler<Args extends readonly unknown[] = readonly unknown[]> = (
  request: Request,
  ...args: Args
) => Promise<Response>;
