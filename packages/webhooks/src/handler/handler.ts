import { TimestampMissingError, TimestampOutsideWindowError, WebhookConfigurationError } from "../errors.ts";
import { type ParseOptions, parseWith } from "../verify/parse.ts";
import { createHandlerVerifier, type VerifiedWebhook } from "../verify/verify.ts";
import { createBaseHandler } from "./base-handler.ts";
import { dispatch } from "./dispatch.ts";
import type { WebhookContext, WebhookHandler, WebhookHandlerOptions } from "./handler-options.ts";
import { timingSafeEqual } from "./timing-safe-equal.ts";

/** A shorter key could be found by trying. */
const MIN_HINT_KEY_LENGTH = 16;
/** The same bytes would come again and again and never be JSON: they are answered 200. */
const BASE_SETTINGS = { defaultMaxBodyBytes: 1024 * 1024, unusableStatus: 200 };

type Hint = Required<ParseOptions>;

/** The URL is parsed only where it can hold a hint. */
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
 * The function that runs in place of the others, where one does.
 *
 * @throws TimestampOutsideWindowError, TimestampMissingError where nobody keeps what may be a replay aside
 */
function specialHandlerOf<Args extends readonly unknown[]>(
  { freshness, ageMs, isLifecycle, isTruncated }: VerifiedWebhook,
  { onStale, onTruncated }: WebhookHandlerOptions<Args>,
) {
  // Nobody could tell an old UNINSTALL without a date from a new one.
  const mayBeReplay = freshness === "stale" || freshness === "early" || (freshness === "undated" && isLifecycle);
  if (!mayBeReplay) return isTruncated ? onTruncated : undefined;
  if (onStale !== undefined) return onStale;
  throw ageMs === undefined
    ? new TimestampMissingError("the event is not dated")
    : new TimestampOutsideWindowError(ageMs);
}

/**
 * A handler for the URL HighLevel posts to, the same on Workers, Node, Deno, Bun and in Hono. Nothing of yours runs before the
 * delivery is verified. Throws WebhookConfigurationError at once when an option cannot be used.
 */
export function createWebhookHandler<Args extends readonly unknown[] = readonly unknown[]>(
  options: WebhookHandlerOptions<Args>,
): WebhookHandler<Args> {
  const { hint, hintKey } = options;
  if (hintKey !== undefined && (typeof hintKey !== "string" || hintKey.length < MIN_HINT_KEY_LENGTH)) {
    throw new WebhookConfigurationError(`hintKey must be a text of at least ${MIN_HINT_KEY_LENGTH} characters`);
  }
  // Staleness is judged below, so that `onStale` gets the event and not only the error.
  const verifier = createHandlerVerifier({ ...options, outsideWindow: "report" });
  const settings = { ...BASE_SETTINGS, inFlight: verifier.inFlight };

  return createBaseHandler<Args>(options, settings, async ({ request, body, args }) => {
    const fromOptions = typeof hint === "function" ? hint(request) : hint;
    const hinted = hint === undefined ? hintOf(request, hintKey) : { hint: fromOptions || undefined };
    const parsed = await parseWith(verifier, { body, headers: request.headers }, hinted);
    const { dedupeKey, tenant, verified } = parsed;
    const context: WebhookContext<Args> = { request, args, dedupeKey, tenant, verified };
    const aside = specialHandlerOf(verified, options);
    if (aside !== undefined) return { dedupeKey, work: async () => void (await aside(parsed, context)) };
    return { dedupeKey, work: () => dispatch(options, parsed, context) };
  });
}
