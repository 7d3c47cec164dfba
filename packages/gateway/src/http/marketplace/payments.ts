import { createPaymentQueryHandler, type PaymentOutcomes, type PaymentQuery } from "@ghl-edge/marketplace/payments";
import type { Context } from "hono";
import type { PaymentMode } from "../../platform/config-marketplace.ts";
import { callBackend } from "../backend-callback.ts";
import type { GatewayHono } from "../context.ts";
import { bufferedRequest } from "../request-body.ts";
import { configured, noteError } from "./part.ts";

/** Upper bound of ours; HighLevel publishes none. */
const MAX_BODY_BYTES = 1_048_576;

/**
 * `POST /marketplace/payments/:app`, an app's `queryUrl`: passes every query to the app's back end, which never sees the
 * `apiKey`. The package checks the answer before HighLevel may take it for a payment.
 */
export async function paymentQuery(c: Context<GatewayHono>): Promise<Response> {
  const { app, part } = configured(c, "payments");
  const put =
    <Type extends PaymentQuery["type"]>(name: Type) =>
    async ({ type: _type, ...query }: PaymentQuery, { merchant: mode }: { readonly merchant: PaymentMode }) => {
      const request = { type: `payments.${name}`, app: app.name, data: { mode, ...query } };
      return (await callBackend(c.get("destinations"), part.callback, request)) as PaymentOutcomes[Type];
    };
  const handle = createPaymentQueryHandler<PaymentMode>({
    apiKeys: part.apiKeys as Readonly<Record<PaymentMode, string>>,
    verify: put("verify"),
    list_payment_methods: put("list_payment_methods"),
    charge_payment: put("charge_payment"),
    create_subscription: put("create_subscription"),
    refund: put("refund"),
    cancel_subscription: put("cancel_subscription"),
    onError: noteError(c),
  });
  return handle(await bufferedRequest(c.req.raw, { maxBytes: MAX_BODY_BYTES, budget: c.get("isolate").requestBytes }));
}
