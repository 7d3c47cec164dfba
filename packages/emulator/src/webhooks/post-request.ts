import type { CoreContext } from "../core/core-context.ts";
import type { WebhookRequest } from "./webhook-request.ts";

/** Posts a webhook request once and logs the attempt. @throws what `fetch` throws, after the attempt was logged. */
export async function postWebhookRequest(
  context: CoreContext,
  webhookRequest: WebhookRequest,
  { event, url, attempt }: { readonly event: string; readonly url: string; readonly attempt: number },
): Promise<number> {
  const { webhookId, body, signature, rsaSignature } = webhookRequest;
  const headers = new Headers({ "content-type": "application/json" });
  if (signature !== "") headers.set("x-ghl-signature", signature);
  if (rsaSignature !== undefined) headers.set("x-wh-signature", rsaSignature);
  const atMs = context.options.now();
  let status = 0;
  try {
    // A redirect is an answer that is not 2xx: to follow it would turn the event into a GET.
    const request = new Request(url, { method: "POST", headers, body, redirect: "manual" });
    const response = await context.options.fetch(request);
    status = response.status;
    await response.body?.cancel();
  } finally {
    context.state.webhooks.push({ atMs, event, url, webhookId, attempt, status });
  }
  return status;
}
