import { describe, expect, test } from "vitest";
import {
  type ChargeSnapshot,
  type PaymentOutcomes,
  type PaymentQueryType,
  paymentReply,
  type SubscriptionSnapshot,
} from "../../src/payments.ts";

const charge: ChargeSnapshot = { status: "succeeded", chargeId: "ch1", amount: 100, chargedAt: 1_724_217_600 };
const written = { id: "ch1", ...charge };
const subscription: SubscriptionSnapshot = {
  id: "sub1",
  status: "active",
  trialEnd: 0,
  createdAt: 1_724_217_600,
  nextCharge: 1_726_896_000,
};

describe("the reply to verify", () => {
  test.each<[PaymentOutcomes["verify"], object]>([
    [{ status: "succeeded" }, { success: true }],
    [{ status: "pending" }, { success: false }],
    [{ status: "failed" }, { failed: true }],
    [
      { status: "failed", message: "declined" },
      { failed: true, message: "declined" },
    ],
    [
      { status: "succeeded", chargeSnapshot: charge, subscriptionSnapshot: subscription },
      {
        success: true,
        chargeSnapshot: written,
        subscriptionStatus: "active",
        subscriptionSnapshot: subscription,
      },
    ],
    [
      { status: "succeeded", subscriptionSnapshot: { ...subscription, status: "trialing" } },
      {
        success: true,
        subscriptionStatus: "trialing",
        subscriptionSnapshot: { ...subscription, status: "trialing" },
      },
    ],
  ])("the reply to verify has the format of HighLevel for %o", (outcome, reply) => {
    expect(paymentReply("verify", outcome)).toStrictEqual(reply);
  });

  test("the reply to verify is never paid and open at once, unlike in older guides", () => {
    const slip = { success: true, status: "pending" } as unknown as PaymentOutcomes["verify"];
    expect(paymentReply("verify", slip)).toEqual({ success: false });
  });
});

describe("the reply to", () => {
  test("list_payment_methods is a bare array", () => {
    const method = { id: "pm1", type: "card", title: "Visa", subTitle: "**** 1111", customerId: "cu1" };
    expect(paymentReply("list_payment_methods", [])).toEqual([]);
    expect(paymentReply("list_payment_methods", [method])).toEqual([method]);
    const whole = { ...method, expiry: "02/29", imageUrl: "https://you.example/visa.png" };
    expect(paymentReply("list_payment_methods", [{ ...whole, title: "A title of more than twenty" }])).toEqual([
      { ...whole, title: "A title of more tha…" },
    ]);
  });

  test("charge_payment has the result in three consistent fields", () => {
    expect(paymentReply("charge_payment", { ...charge, message: "thanks" })).toEqual({
      success: true,
      failed: false,
      chargeId: "ch1",
      message: "thanks",
      chargeSnapshot: written,
    });
    expect(paymentReply("charge_payment", { ...charge, status: "pending", id: "x" })).toMatchObject({
      success: false,
      failed: false,
      chargeSnapshot: { status: "pending", id: "x" },
    });
    expect(paymentReply("charge_payment", { ...charge, status: "failed", message: "declined" })).toMatchObject({
      success: false,
      failed: true,
      message: "declined",
      chargeSnapshot: { status: "failed" },
    });
    expect(paymentReply("charge_payment", { status: "failed", message: "declined" })).toEqual({
      success: false,
      failed: true,
      message: "declined",
    });
  });

  test("create_subscription has the transaction if something was charged", () => {
    const reply = {
      success: true,
      failed: false,
      message: "",
      subscription: { subscriptionId: "sub1", subscriptionSnapshot: subscription },
    };
    expect(paymentReply("create_subscription", { status: "succeeded", subscription })).toEqual(reply);
    expect(paymentReply("create_subscription", { status: "succeeded", subscription, charge })).toEqual({
      ...reply,
      transaction: { chargeId: "ch1", chargeSnapshot: written },
    });
    expect(paymentReply("create_subscription", { status: "failed", message: "no card" })).toEqual({
      success: false,
      failed: true,
      message: "no card",
    });
  });

  test("the reply to refund has the result that HighLevel reads", () => {
    expect(paymentReply("refund", { status: "succeeded", id: "re1", amount: 50, currency: "USD" })).toEqual({
      success: true,
      message: "",
      id: "re1",
      amount: 50,
      currency: "USD",
    });
    expect(paymentReply("refund", { status: "failed", message: "too much" })).toEqual({
      success: false,
      message: "too much",
    });
  });

  test("the reply to cancel_subscription has the result that HighLevel reads", () => {
    expect(paymentReply("cancel_subscription", { status: "canceled" })).toEqual({ status: "canceled" });
  });
});

test.each<[PaymentQueryType, string, unknown]>([
  ["verify", "status", { success: true }],
  ["verify", "outcome", undefined],
  ["verify", "outcome", true],
  ["verify", "status", { status: "paid" }],
  ["verify", "status", { status: "succeeded", chargeSnapshot: { ...charge, status: "pending" } }],
  ["verify", "chargedAt", { status: "succeeded", chargeSnapshot: { ...charge, chargedAt: 1_724_217_600_000 } }],
  ["verify", "nextCharge", { status: "succeeded", subscriptionSnapshot: { ...subscription, nextCharge: undefined } }],
  ["list_payment_methods", "title", [{ id: "pm1", type: "card" }]],
  ["charge_payment", "chargeId", { ...charge, chargeId: undefined }],
  ["charge_payment", "amount", { ...charge, amount: "100" }],
  ["charge_payment", "status", { ...charge, status: "completed" }],
  ["charge_payment", "message", { ...charge, message: 1 }],
  ["create_subscription", "subscriptionSnapshot", { status: "succeeded" }],
  ["create_subscription", "status", { status: "succeeded", subscription: { ...subscription, status: "on" } }],
  ["refund", "id", { status: "succeeded", amount: 1, currency: "USD" }],
  ["cancel_subscription", "status", { status: "cancelled" }],
])("the outcome of %s with an invalid %s is refused: %o", (type, parameter, outcome) => {
  expect(() => paymentReply(type, outcome as never)).toThrow(
    expect.objectContaining({ code: "ERR_GHL_PAYMENT_REPLY", parameter }),
  );
});

test("payment methods that are not a list are refused", () => {
  expect(() => paymentReply("list_payment_methods", { paymentMethods: [] } as never)).toThrow(
    expect.objectContaining({ code: "ERR_GHL_PAYMENT_REPLY" }),
  );
});

describe("an open charge", () => {
  const undecided = ["pending", "processing", "requires_action", "requires_capture", "requires_confirmation"] as const;

  test.each(undecided)("an open charge with the status %s is pending, with or without a completion time", (status) => {
    const open = { success: false, failed: false, chargeId: "ch1", message: "" };
    const snapshot = { id: "ch1", status: "pending", amount: 5, chargeId: "ch1" };
    expect(paymentReply("charge_payment", { status, chargeId: "ch1", amount: 5 })).toEqual({
      ...open,
      chargeSnapshot: snapshot,
    });
    expect(paymentReply("charge_payment", { status, chargeId: "ch1", amount: 5, chargedAt: 7 })).toEqual({
      ...open,
      chargeSnapshot: { ...snapshot, chargedAt: 7 },
    });
    expect(paymentReply("verify", { status })).toEqual({ success: false });
    const created = paymentReply("create_subscription", {
      status: "succeeded",
      subscription,
      charge: { status, chargeId: "ch1", amount: 5 },
    });
    expect(created).toMatchObject({ success: true, transaction: { chargeSnapshot: snapshot } });
  });

  test("an open charge needs a known status, and a completion time when it succeeded", () => {
    for (const status of ["succeeded", "done", "canceled", "toString"])
      expect(() => paymentReply("charge_payment", { status, chargeId: "ch1", amount: 5 } as never)).toThrow(
        expect.objectContaining({ code: "ERR_GHL_PAYMENT_REPLY" }),
      );
  });

  test("an open charge does not turn a verification into a payment", () => {
    const outcome = { status: "succeeded", chargeSnapshot: { ...charge, status: "processing" } };
    expect(() => paymentReply("verify", outcome as never)).toThrow(
      expect.objectContaining({ code: "ERR_GHL_PAYMENT_REPLY" }),
    );
  });
});
