import { dispatch } from "./dispatch.ts";
import { TimestampOutsideWindowError } from "./errors.ts";
import type { WebhookContext, WebhookHandler, WebhookHandlerOptions } from "./handler-options.ts";
import { parseWith } from "./parse.ts";
import { createReceiver } from "./receiver.ts";
import { createWebhookVerifier } from "./verify.ts";

/** The same bytes would come again and again and never be JSON: they are answered 200. */
const RECEIVER = { defaultMaxBodyBytes: 1024 * 1024, unusableStatus: 200 };

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
  // Staleness is judged below, so that `onStale` gets the event and not only the error.
  const verifier = createWebhookVerifier({ ...options, outsideWindow: "report" });

  return createReceiver<Args>(options, RECEIVER, async ({ request, body, args }) => {
    const hint = hintOf(request, options.hint);
    const parsed = await parseWith(verifier, { body, headers: request.headers }, { hint });
    const { dedupeKey, tenant, verified } = parsed;
    const context: WebhookContext<Args> = { request, args, dedupeKey, tenant, verified };
    if (verified.freshness === "fresh" || verified.freshness === "undated") {
      return { dedupeKey, work: () => dispatch(options, parsed, context) };
    }
    const { onStale } = options;
    if (onStale === undefined) throw new TimestampOutsideWindowError(verified.ageMs ?? 0);
    return { dedupeKey, work: async () => void (await onStale(parsed, context)) };
  });
}
