import type { CoreContext } from "../core/core-context.ts";
import { postWebhookRequest } from "./post-request.ts";
import { delayAfter, isRetried, type RetryPolicy } from "./retry-policy.ts";
import type { WebhookAttempt } from "./webhook-attempt.ts";
import type { WebhookRequest } from "./webhook-request.ts";

export interface DeliveryPlan {
  readonly event: string;
  readonly url: string;
  /** Absent: one attempt. */
  readonly policy: RetryPolicy | undefined;
  /** Retries come so many times faster. */
  readonly speed: number;
  /** Called after each attempt, before the wait for the next one. */
  readonly attempted?: () => void;
  /** Ends the wait for a retry, and with it the delivery. */
  readonly signal?: AbortSignal;
}

/** Posts a webhook request and repeats it as the policy says: the same bytes, the same id. A failing endpoint never rejects it. */
export async function deliverWebhookRequest(
  context: CoreContext,
  webhookRequest: WebhookRequest,
  { event, url, policy, speed, attempted, signal }: DeliveryPlan,
): Promise<readonly WebhookAttempt[]> {
  const { options, random } = context;
  const attempts: WebhookAttempt[] = [];
  for (let attempt = 1; ; attempt++) {
    const atMs = options.now();
    // An endpoint that cannot be reached is an answer too.
    const status = await postWebhookRequest(context, webhookRequest, { event, url, attempt }).catch(() => 0);
    attempts.push({ atMs, event, url, webhookId: webhookRequest.webhookId, attempt, status });
    attempted?.();
    if (policy === undefined || !isRetried(policy, status, attempt)) return attempts;
    if (signal?.aborted) return attempts;
    await options.sleep(delayAfter(policy, attempt, random.next()) / speed, signal);
    if (signal?.aborted) return attempts;
  }
}
