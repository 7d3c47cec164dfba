import type { CoreContext } from "../core/core-context.ts";
import type { Letter } from "./letter.ts";
import { postLetter } from "./post-letter.ts";
import { delayAfter, isRetried, type RetryPolicy } from "./retry-policy.ts";
import type { WebhookAttempt } from "./webhook-attempt.ts";

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

/** Posts a letter and repeats it as the policy says: the same bytes, the same id. Never rejects for the endpoint's sake. */
export async function deliverLetter(
  context: CoreContext,
  letter: Letter,
  { event, url, policy, speed, attempted, signal }: DeliveryPlan,
): Promise<readonly WebhookAttempt[]> {
  const { options, random } = context;
  const attempts: WebhookAttempt[] = [];
  for (let attempt = 1; ; attempt++) {
    const atMs = options.now();
    // An endpoint that cannot be reached is an answer too.
    const status = await postLetter(context, letter, { event, url, attempt }).catch(() => 0);
    attempts.push({ atMs, event, url, webhookId: letter.webhookId, attempt, status });
    attempted?.();
    if (policy === undefined || !isRetried(policy, status, attempt)) return attempts;
    if (signal?.aborted) return attempts;
    await options.sleep(delayAfter(policy, attempt, random.next()) / speed, signal);
    if (signal?.aborted) return attempts;
  }
}
