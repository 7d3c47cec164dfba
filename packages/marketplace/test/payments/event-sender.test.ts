import { describe, expect, test } from "vitest";
import { ConfigurationError, createPaymentEventSender, type PaymentEvent, SendError } from "../../src/payments.ts";
import { accepted, answer, fakeFetch, fakeSleep, type Reply } from "../fake-fetch.ts";

const TIMEOUT_MS = 7_777;
const location = { locationId: "l1", apiKey: "key-of-l1" };
const chargeSnapshot = { status: "succeeded", amount: 10_000, chargeId: "ch1", chargedAt: 1 } as const;
const subscriptionSnapshot = { id: "sub1", status: "active", trialEnd: 0, createdAt: 1, nextCharge: 2 } as const;
const begun = { chargeId: "ch1", ghlTransactionId: "t1", ghlSubscriptionId: "s1", marketplaceAppId: "app" };
const events: readonly PaymentEvent[] = [
  { event: "payment.captured", chargeId: "ch1", ghlTransactionId: "t1", chargeSnapshot, ...location },
  { event: "subscription.updated", ghlSubscriptionId: "s1", subscriptionSnapshot, ...location },
  { event: "subscription.trialing", ...begun, ...location },
  { event: "subscription.active", ...begun, ...location },
  {
    event: "subscription.charged",
    chargeId: "ch1",
    ghlSubscriptionId: "s1",
    subscriptionSnapshot,
    chargeSnapshot,
    ...location,
  },
];
const charged = events[4]!;

function setUp(replies: readonly Reply[], retry = {}) {
  const { fetch, calls } = fakeFetch(...replies);
  const { sleep } = fakeSleep((ms) => ms === TIMEOUT_MS);
  return { sender: createPaymentEventSender({ fetch, sleep, timeoutMs: TIMEOUT_MS, retry }), calls };
}

describe("an event", () => {
  test.each(events)("$event is posted as it is", async (event) => {
    const { sender, calls } = setUp([accepted()]);
    await sender.send(event);
    expect(calls).toMatchObject([
      { url: "https://backend.leadconnectorhq.com/payments/custom-provider/webhook", method: "POST", json: event },
    ]);
  });

  test.each(events.slice(0, 4))("$event reports a state and is retried", async (event) => {
    const { sender, calls } = setUp([new Error("lost"), answer(503), accepted()]);
    await sender.send(event);
    expect(calls).toHaveLength(3);
  });

  test("subscription.charged could count twice, so it is retried only after a refusal", async () => {
    const lost = setUp([new Error("lost")]);
    await expect(lost.sender.send(charged)).rejects.toMatchObject({
      code: "ERR_GHL_MARKETPLACE_NETWORK",
      ambiguous: true,
    });
    expect(lost.calls).toHaveLength(1);
    const busy = setUp([answer(429), accepted()]);
    await busy.sender.send(charged);
    expect(busy.calls).toHaveLength(2);
  });

  test("an event is retried as the option says", async () => {
    const all = setUp([answer(500), accepted()], { repeatUnknown: true });
    await all.sender.send(charged);
    expect(all.calls).toHaveLength(2);
    const none = setUp([answer(500)], { repeatUnknown: false });
    await expect(none.sender.send(events[0]!)).rejects.toBeInstanceOf(SendError);
    expect(none.calls).toHaveLength(1);
  });

  test.each(events.flatMap((event) => Object.keys(event).map((name) => [event, name] as const)))(
    "%o without %s is never sent",
    async (event, name) => {
      const { sender, calls } = setUp([accepted()]);
      const error = await sender.send({ ...event, [name]: "" } as PaymentEvent).catch((caught: Error) => caught);
      expect(error).toBeInstanceOf(ConfigurationError);
      expect((error as Error).message).not.toContain(location.apiKey);
      expect(calls).toHaveLength(0);
    },
  );

  test("an event that fails has no key in the error", async () => {
    const { sender } = setUp([answer(401, {}, JSON.stringify({ message: location.apiKey }))]);
    const error = (await sender.send(events[0]!).catch((caught: Error) => caught)) as SendError;
    expect(error.code).toBe("ERR_GHL_MARKETPLACE_CREDENTIALS");
    const { message, stack, cause, ...rest } = error;
    expect(JSON.stringify([message, stack, cause, rest])).not.toContain(location.apiKey);
  });
});
