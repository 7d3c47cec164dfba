import { describe, expect, test } from "vitest";
import { ConfigurationError, connectCheckout, parseProviderMessage } from "../../src/payments.ts";
import { fakeSleep } from "../fake-fetch.ts";
import { type FakeFrame, fakeFrame, topWindow } from "../fake-window.ts";

const props = { type: "payment_initiate_props", publishableKey: "pk", amount: 1, currency: "USD", mode: "payment" };
const never = fakeSleep(() => true).sleep;
const types = (frame: FakeFrame) => frame.posted.map(({ message }) => parseProviderMessage(message)?.type);

/** Plays HighLevel, which answers from the `nth` ready message on. */
function highLevel(nth: number, message: unknown = JSON.stringify(props)): FakeFrame {
  let ready = 0;
  return fakeFrame((posted, frame) => {
    if (parseProviderMessage(posted)?.type === "custom_provider_ready" && ++ready === nth) frame.send(message);
  });
}

describe("a checkout page", () => {
  test("a checkout page reports that it is ready, and gets the payment", async () => {
    const frame = highLevel(1);
    const checkout = connectCheckout({ window: frame.window, sleep: never });
    expect(await checkout.props).toEqual({ ...props, productDetails: [] });
    expect(frame.posted).toEqual([{ message: '{"type":"custom_provider_ready","loaded":true}', targetOrigin: "*" }]);
    expect(frame.listening()).toBe(0);
  });

  test("a checkout page repeats the ready message until HighLevel listens", async () => {
    const frame = highLevel(4);
    const { sleep, waits } = fakeSleep();
    await connectCheckout({ window: frame.window, sleep }).props;
    expect(types(frame)).toEqual(Array(4).fill("custom_provider_ready"));
    expect(waits).toEqual([500, 500, 500]);
  });

  test("a checkout page reports whether it stores cards", async () => {
    const frame = highLevel(1, { ...props, type: "setup_initiate_props" });
    const checkout = connectCheckout({
      window: frame.window,
      sleep: never,
      addCardOnFileSupported: true,
      encoding: "object",
    });
    expect((await checkout.props).mode).toBe("setup");
    expect(frame.posted[0]!.message).toEqual({
      type: "custom_provider_ready",
      loaded: true,
      addCardOnFileSupported: true,
    });
    checkout.succeed();
    expect(frame.posted[1]!.message).toEqual({ type: "custom_element_success_response" });
  });

  test("a checkout page reports the outcome only to the sender of the payment", async () => {
    const frame = highLevel(1);
    const checkout = connectCheckout({ window: frame.window, sleep: never });
    await checkout.props;
    checkout.succeed("ch1");
    checkout.fail("declined");
    checkout.close();
    expect(frame.posted.slice(1)).toEqual([
      {
        message: '{"type":"custom_element_success_response","chargeId":"ch1"}',
        targetOrigin: "https://app.gohighlevel.com",
      },
      {
        message: '{"type":"custom_element_error_response","error":{"description":"declined"}}',
        targetOrigin: "https://app.gohighlevel.com",
      },
      { message: '{"type":"custom_element_close_response"}', targetOrigin: "https://app.gohighlevel.com" },
    ]);
  });

  test("a checkout page posts to any origin when the sender has none", async () => {
    const frame = fakeFrame((_message, { send }) => send(props, { origin: "null" }));
    const checkout = connectCheckout({ window: frame.window, sleep: never });
    await checkout.props;
    checkout.close();
    expect(frame.posted.at(-1)!.targetOrigin).toBe("*");
  });

  test("a checkout page ignores other windows, other origins and other messages", async () => {
    const frame = fakeFrame((_message, { send }) => {
      send({ ...props, amount: 2 }, { source: {} });
      send({ ...props, amount: 3 }, { origin: "https://elsewhere.example" });
      send("webpackHotUpdate");
      send(props);
    });
    const checkout = connectCheckout({ window: frame.window, sleep: never, origins: ["https://app.gohighlevel.com"] });
    expect(await checkout.props).toMatchObject({ amount: 1 });
  });

  test("a checkout page fails when HighLevel does not answer, and stops listening", async () => {
    const frame = fakeFrame();
    const checkout = connectCheckout({ window: frame.window, sleep: fakeSleep().sleep, timeoutMs: 2_000 });
    await expect(checkout.props).rejects.toMatchObject({ code: "ERR_GHL_CHECKOUT_UNAVAILABLE", reason: "timeout" });
    expect(frame.posted).toHaveLength(4);
    expect(frame.listening()).toBe(0);
  });

  test("a checkout page that is disconnected stops listening", async () => {
    const frame = fakeFrame();
    const checkout = connectCheckout({ window: frame.window, sleep: never });
    expect(frame.listening()).toBe(1);
    checkout.disconnect();
    await expect(checkout.props).rejects.toMatchObject({ reason: "disconnected" });
    expect(frame.listening()).toBe(0);
  });

  test("a checkout page outside a frame fails, and posts nothing", async () => {
    const checkout = connectCheckout({ window: topWindow(), sleep: never });
    await expect(checkout.props).rejects.toMatchObject({ reason: "not-embedded" });
    expect(() => checkout.succeed("ch1")).not.toThrow();
  });

  test.each([{ readyEveryMs: 0 }, { timeoutMs: Number.NaN }])("a checkout page cannot be created with %o", (wrong) => {
    expect(() => connectCheckout({ window: fakeFrame().window, ...wrong })).toThrow(ConfigurationError);
  });
});
