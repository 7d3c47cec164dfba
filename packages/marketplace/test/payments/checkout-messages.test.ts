import { describe, expect, test } from "vitest";
import {
  encodeProviderMessage,
  type ProviderMessage,
  parseCheckoutMessage,
  parseProviderMessage,
} from "../../src/payments.ts";

const payment = {
  type: "payment_initiate_props",
  publishableKey: "pk",
  amount: 100,
  currency: "USD",
  mode: "payment",
  productDetails: [{ productId: "p1", priceId: "pr1", qty: 2 }],
  contact: { id: "c1", name: "A B", email: "a@b.co", contact: "+49 1" },
  orderId: "o1",
  transactionId: "t1",
  subscriptionId: "s1",
  locationId: "l1",
};
const setup = {
  type: "setup_initiate_props",
  publishableKey: "pk",
  currency: "USD",
  mode: "setup",
  contact: { id: "c1" },
  locationId: "l1",
};

/** Returns a message in every format. */
function forms({ type, ...fields }: { readonly type: string; readonly [name: string]: unknown }): unknown[] {
  const objects = [
    { type, ...fields },
    { type, data: fields },
  ];
  return [...objects, ...objects.map((object) => JSON.stringify(object))];
}

describe("a message of HighLevel", () => {
  test("a message of HighLevel is read flat, in data, as an object and as JSON text", () => {
    for (const form of forms(payment)) expect(parseCheckoutMessage(form)).toEqual(payment);
    for (const form of forms(setup)) expect(parseCheckoutMessage(form)).toEqual(setup);
  });

  test("a message of an older guide names the contact alone", () => {
    const older = {
      type: "payment_initiate_props",
      publishableKey: "pk",
      amount: "9.50",
      currency: "USD",
      contactId: "c1",
    };
    expect(parseCheckoutMessage(older)).toEqual({
      type: "payment_initiate_props",
      publishableKey: "pk",
      amount: 9.5,
      currency: "USD",
      mode: "payment",
      productDetails: [],
      contactId: "c1",
      contact: { id: "c1" },
    });
  });

  test("a message of HighLevel may have one product and a subscription", () => {
    const product = { productId: "p1", priceId: "pr1" };
    expect(parseCheckoutMessage({ ...payment, mode: "subscription", productDetails: product })).toMatchObject({
      mode: "subscription",
      productDetails: [product],
    });
  });

  test.each([
    undefined,
    null,
    1,
    "text",
    "{",
    [],
    { type: "custom_provider_ready" },
    { ...payment, type: "other" },
    { ...payment, publishableKey: undefined },
    { ...payment, amount: undefined },
    { ...payment, amount: -1 },
    { ...payment, amount: "1e9" },
    { ...payment, currency: 1 },
  ])("a message of HighLevel cannot be read from %o", (message) => {
    expect(parseCheckoutMessage(message)).toBeUndefined();
  });
});

describe("a message of the page", () => {
  const messages: readonly ProviderMessage[] = [
    { type: "custom_provider_ready", loaded: true },
    { type: "custom_provider_ready", loaded: true, addCardOnFileSupported: true },
    { type: "custom_element_success_response", chargeId: "ch1" },
    { type: "custom_element_success_response" },
    { type: "custom_element_error_response", error: { description: "declined" } },
    { type: "custom_element_close_response" },
  ];

  test.each(messages)("a message of the page like %o is read as it is posted, and in every other format", (message) => {
    for (const form of [encodeProviderMessage(message), encodeProviderMessage(message, "object"), ...forms(message)]) {
      expect(parseProviderMessage(form)).toEqual(message);
    }
  });

  test("a message of the page is posted flat", () => {
    expect(encodeProviderMessage(messages[2]!)).toBe('{"type":"custom_element_success_response","chargeId":"ch1"}');
    expect(encodeProviderMessage(messages[2]!, "object")).toEqual(messages[2]);
  });

  test("a message of the page of an older guide has its error as text", () => {
    const description = "Card declined";
    for (const message of [
      { type: "custom_element_error_response", data: { error: description, errorCode: "card_declined" } },
      { type: "custom_element_error_response", error: { message: description } },
      { type: "custom_element_error_response", message: description },
    ]) {
      expect(parseProviderMessage(message)).toMatchObject({ type: message.type, error: { description } });
    }
    expect(parseProviderMessage({ type: "custom_element_error_response" })).toMatchObject({
      error: { description: "" },
    });
  });

  test("a message that the page does not know is read as undefined", () => {
    for (const message of [null, "", {}, { type: "toString" }]) expect(parseProviderMessage(message)).toBeUndefined();
  });
});

describe("an unknown field", () => {
  const extra = { couponCode: "TEN", taxes: [{ rate: 0.2 }], liveMode: false, nothing: null, empty: "" };

  test.each(["payment_initiate_props", "setup_initiate_props"])(
    "an unknown field is passed on in %s, flat and in data",
    (type) => {
      const known = { publishableKey: "pk", amount: 1, currency: "USD" };
      const contact = { id: "c1", name: "Ada", shippingAddress: { city: "Graz" }, tags: ["a"] };
      for (const message of [
        { type, ...known, ...extra, contact },
        { type, data: { ...known, ...extra, contact } },
        JSON.stringify({ type, ...known, ...extra, contact }),
      ]) {
        const props = parseCheckoutMessage(message);
        expect(props).toMatchObject({ ...extra, contact });
        expect(props).not.toHaveProperty("data");
      }
    },
  );

  test.each([
    ["custom_provider_ready", {}],
    ["custom_element_success_response", { chargeId: "ch1" }],
    ["custom_element_error_response", { error: { description: "declined", code: "card_declined" } }],
    ["custom_element_close_response", {}],
  ])("an unknown field is passed on in %s", (type, fields) => {
    expect(parseProviderMessage({ type, ...fields, ...extra })).toMatchObject({ type, ...fields, ...extra });
  });

  test("an unknown field does not replace a known one, and a field of a wrong type is omitted", () => {
    const props = parseCheckoutMessage({
      type: "payment_initiate_props",
      publishableKey: "pk",
      amount: "9.50",
      currency: "USD",
      orderId: 5,
      mode: "odd",
    });
    expect(props).toEqual({
      type: "payment_initiate_props",
      publishableKey: "pk",
      amount: 9.5,
      currency: "USD",
      mode: "payment",
      productDetails: [],
    });
  });
});
