export const API_KEY = "key-of-the-location";

/** A query of each type, from HighLevel's help page. */
export const queries = {
  verify: { type: "verify", transactionId: "t1", apiKey: API_KEY, chargeId: "ch1", subscriptionId: "s1" },
  list_payment_methods: { locationId: "l1", contactId: "c1", apiKey: API_KEY, type: "list_payment_methods" },
  charge_payment: {
    paymentMethodId: "pm1",
    contactId: "c1",
    transactionId: "t1",
    chargeDescription: "Invoice - 1",
    amount: 100.0,
    currency: "USD",
    apiKey: API_KEY,
    type: "charge_payment",
  },
  create_subscription: {
    type: "create_subscription",
    apiKey: API_KEY,
    locationId: "l1",
    contactId: "c1",
    paymentMethodId: "pm1",
    subscriptionId: "s1",
    transactionId: "t1",
    startDate: "2025-09-22",
    currency: "USD",
    amount: 100.0,
    recurringAmount: "80.00",
    productDetails: [{ _id: "p1", name: "Plan", qty: 1, productId: "p1", priceId: "pr1", prices: [{ _id: "pr1" }] }],
  },
  refund: { type: "refund", amount: 50.0, transactionId: "t1", chargeId: "ch1", apiKey: API_KEY },
  cancel_subscription: { type: "cancel_subscription", subscriptionId: "s1", apiKey: API_KEY },
} as const;
