import { describe, expect, test } from "vitest";
import { type PaymentQueryType, parsePaymentQuery } from "../../src/payments.ts";
import { API_KEY, queries } from "./queries.ts";

describe("a payment query", () => {
  test.each(Object.keys(queries) as PaymentQueryType[])("a payment query of type %s is read", (type) => {
    const { apiKey: _secret, ...body } = queries[type];
    const expected = type === "create_subscription" ? { ...body, recurringAmount: 80 } : body;
    const query = parsePaymentQuery(JSON.stringify(queries[type]));
    expect(query).toEqual({ ...expected, body });
    expect(JSON.stringify(query)).not.toContain(API_KEY);
  });

  test.each([
    [
      { type: "verify_payment", chargeId: "ch1" },
      { type: "verify", chargeId: "ch1" },
    ],
    [
      { type: "get_payment_methods", contactId: "c1" },
      { type: "list_payment_methods", contactId: "c1" },
    ],
    [
      { type: "charge_payment_method", paymentMethodId: "pm1", contactId: "c1", amount: 49.99, currency: "USD" },
      { type: "charge_payment", paymentMethodId: "pm1", contactId: "c1", amount: 49.99, currency: "USD" },
    ],
  ])("a payment query of an older guide (%o) has the type's real name", (body, expected) => {
    expect(parsePaymentQuery(body)).toEqual({ ...expected, body });
  });

  test("a payment query may have amounts as text, ids as numbers, one product, and nulls", () => {
    expect(parsePaymentQuery({ type: "refund", amount: "12.50", chargeId: 42, transactionId: null })).toMatchObject({
      amount: 12.5,
      chargeId: "42",
    });
    const product = { productId: "p1", priceId: "pr1" };
    const subscription = { ...queries.create_subscription, productDetails: product, amount: undefined };
    expect(parsePaymentQuery(subscription)).toMatchObject({ amount: 0, productDetails: [product] });
  });

  test.each([
    [undefined, "{"],
    [undefined, "null"],
    [undefined, "[]"],
    [undefined, '"verify"'],
    ["type", "{}"],
    ["type", { type: "refunds" }],
    ["type", { type: ["verify"] }],
    ["type", { type: "toString" }],
    ["type", { type: "__proto__" }],
    ["transactionId", { type: "verify" }],
    ["chargeId", { type: "verify", chargeId: {} }],
    ["contactId", { type: "list_payment_methods" }],
    ["amount", { ...queries.charge_payment, amount: undefined }],
    ["amount", { ...queries.charge_payment, amount: -1 }],
    ["amount", { ...queries.charge_payment, amount: "1e3" }],
    ["amount", { ...queries.charge_payment, amount: "NaN" }],
    ["amount", { ...queries.charge_payment, amount: true }],
    ["currency", { ...queries.charge_payment, currency: "" }],
    ["paymentMethodId", { ...queries.charge_payment, paymentMethodId: null }],
    ["recurringAmount", { ...queries.create_subscription, recurringAmount: "much" }],
    ["transactionId", { type: "refund", amount: 1 }],
    ["subscriptionId", { type: "cancel_subscription" }],
  ])("a payment query is refused for its %s: %o", (parameter, body) => {
    expect(() => parsePaymentQuery(body)).toThrow(
      expect.objectContaining({ code: "ERR_GHL_PAYMENT_QUERY", parameter }),
    );
  });
});
