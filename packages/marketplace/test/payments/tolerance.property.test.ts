import fc from "fast-check";
import { expect, test } from "vitest";
import { createPaymentQueryHandler, parseCheckoutMessage, parseProviderMessage } from "../../src/payments.ts";
import { id } from "../encodings.ts";
import { PROPERTY_TIMEOUT_MS } from "../runs.ts";
import { API_KEY, queries } from "./queries.ts";

const nested = fc.record(
  {
    publishableKey: id,
    amount: fc.nat().map((cents) => cents / 100),
    currency: fc.constantFrom("USD", "INR"),
    mode: fc.constantFrom("payment", "subscription"),
    productDetails: fc.array(fc.record({ productId: id, priceId: id })),
    contact: fc.record({ id, name: id }),
    transactionId: id,
    locationId: id,
  },
  { noNullPrototype: true },
);

test(
  "any form of the same checkout message reads the same",
  () => {
    fc.assert(
      fc.property(nested, fc.boolean(), fc.boolean(), fc.boolean(), (fields, flat, text, amountAsText) => {
        const type = "payment_initiate_props";
        const sent = { ...fields, amount: amountAsText ? fields.amount.toFixed(2) : fields.amount };
        const message = flat ? { type, ...sent } : { type, data: sent };
        expect(parseCheckoutMessage(text ? JSON.stringify(message) : message)).toEqual({ type, ...fields });
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "no message makes a page throw",
  () => {
    const type = fc.constantFrom("payment_initiate_props", "setup_initiate_props", "custom_element_error_response");
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.json()), type, (value, name) => {
        for (const message of [
          value,
          {
            type: name,
            publishableKey: "pk",
            amount: 1,
            currency: "USD",
            data: value,
            contact: value,
            productDetails: value,
          },
          { type: name, error: value, data: { error: value } },
        ]) {
          parseCheckoutMessage(message);
          parseProviderMessage(message);
        }
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  "any body at the queryUrl is answered, and only a whole query with its key is handed on",
  async () => {
    const handler = createPaymentQueryHandler({
      apiKeys: { live: API_KEY },
      verify: () => ({ status: "succeeded" }),
      refund: ({ amount }) => ({ status: "succeeded", id: "re1", amount, currency: "USD" }),
      cancel_subscription: () => ({ status: "canceled" }),
    });
    const name = fc.constantFrom(
      "type",
      "apiKey",
      "amount",
      "chargeId",
      "transactionId",
      "subscriptionId",
      "__proto__",
    );
    const value = fc.oneof(fc.constantFrom<unknown>(...Object.keys(queries), API_KEY, 1, "1.5"), fc.jsonValue());
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.tuple(name, value)).map((pairs) => JSON.stringify(Object.fromEntries(pairs))),
    );
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const response = await handler(new Request("https://you.example/", { method: "POST", body: sent }));
        expect([200, 400, 401, 501]).toContain(response.status);
        if (response.status === 200) expect((JSON.parse(sent) as { apiKey: unknown }).apiKey).toBe(API_KEY);
      }),
    );
  },
  PROPERTY_TIMEOUT_MS,
);
