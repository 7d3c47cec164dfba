import { timingSafeEqual } from "@ghl-edge/core";
import { TimestampOutsideWindowError, WebhookConfigurationError } from "../errors.ts";
import { type ParseOptions, parseWith } from "../verify/parse.ts";
import { undatedError } from "../verify/signed-metadata.ts";
import { createHandlerVerifier, type VerifiedWebhook } from "../verify/verify.ts";
import { createBaseHandler } from "./base-handler.ts";
import { dispatch } from "./dispatch.ts";
import type { WebhookContext, WebhookHandler, WebhookHandlerOptions } from "./handler-options.ts";

/** A shorter key could be guessed. */
const MIN_HINT_KEY_LENGTH = 16;
/** A body that is not JSON gets 200: a redelivery would bring the same bytes. */
const BASE_SETTINGS = { defaultMaxBodyBytes: 1024 * 1024, unusableStatus: 200 };

type Hint = Required<ParseOptions>;

/** Reads the hint. It parses the URL only when there may be one. */
function hintOf({ url }: Request, hintKey: string | undefined): Hint {
  const hintMustBeTrusted = hintKey !== undefined;
  if (!url.includes("event=")) return { hint: undefined, hintIsTrusted: false, hintMustBeTrusted };
  const { searchParams } = new URL(url);
  const key = searchParams.get("key");
  return {
    hint: searchParams.get("event") || undefined,
    hintIsTrusted: hintKey !== undefined && key !== null && timingSafeEqual(key, hintKey),
    hintMustBeTrusted,
  };
}

/**
 * Returns `onStale` or `onTruncated` when it has to run instead of the other functions.
 *
 * @throws {TimestampOutsideWindowError} when the event may be a replay and there is no `onStale`
 * @throws {TimestampMissingError} when a lifecycle event has no date and there is no `onStale`
 */
function specialHandlerOf<Args extends readonly unknown[]>(
  { freshness, ageMs, isLifecycle, isTruncated, payload }: VerifiedWebhook,
  { onStale, onTruncated }: WebhookHandlerOptions<Args>,
) {
  // Without a date, an old UNINSTALL looks like a new one.
  const mayBeReplay = freshness === "stale" || freshness === "early" || (freshness === "undated" && isLifecycle);
  if (!mayBeReplay) return isTruncated ? onTruncated : undefined;
  if (onStale !== undefined) return onStale;
  throw ageMs === undefined ? undatedError(payload) : new TimestampOutsideWindowError(ageMs);
}

/**
 * Creates a handler for HighLevel's webhooks, for Workers, Node, Deno, Bun and Hono. Your functions run only after the delivery is
 * verified.
 *
 * @param options - Your app's id, your functions, and what to accept
 * @returns A function from `Request` to `Response` that never rejects
 * @throws {WebhookConfigurationError} when an option is invalid (`ERR_GHL_WEBHOOK_CONFIGURATION`)
 * @example
 * ```ts
 * import { createWebhookHandler } from "@ghl-edge/webhooks";
 *
 * const webhooks = createWebhookHandler({
 *   appId: "5f0000000000000000000001",
 *   on: { ContactCreate: (contact) => console.log(contact.email, contact.locationId) },
 * });
 *
 * export default { fetch: webhooks };
 * ```
 */
export function createWebhookHandler<Args extends readonly unknown[] = readonly unknown[]>(
  options: WebhookHandlerOptions<Args>,
): WebhookHandler<Args> {
  const { hint, hintKey } = options;
  if (hintKey !== undefined && (typeof hintKey !== "string" || hintKey.length < MIN_HINT_KEY_LENGTH)) {
    throw new WebhookConfigurationError(`hintKey must be a string of at least ${MIN_HINT_KEY_LENGTH} characters`);
  }
  // `specialHandlerOf` checks the age, so that `onStale` gets the event and not only the error.
  const verifier = createHandlerVerifier({ ...options, outsideWindow: "report" });
  const settings = { ...BASE_SETTINGS, inFlight: verifier.inFlight };

  return createBaseHandler<Args>(options, settings, async ({ request, body, args }) => {
    const fromOptions = typeof hint === "function" ? hint(request) : hint;
    const hinted = hint === undefined ? hintOf(request, hintKey) : { hint: fromOptions || undefined };
    const parsed = await parseWith(verifier, { body, headers: request.headers }, hinted);
    const { dedupeKey, tenant, verified } = parsed;
    const context: WebhookContext<Args> = { request, args, dedupeKey, tenant, verified };
    const special = specialHandlerOf(verified, options);
    if (special !== undefined) return { dedupeKey, work: async () => void (await special(parsed, context)) };
    return { dedupeKey, work: () => dispatch(options, parsed, context) };
  });
}
