import { describe, expect, it, vi } from "vitest";
import {
  createGatewayHandler,
  type GatewayHandlerOptions,
  memoryDedupe,
  verifyGatewayBatch,
  verifyGatewayDelivery,
  writeBatch,
} from "../../src/gateway.ts";
import { NOW, now } from "../support.ts";
import { bytes, code, delivery, envelope, SECRET, type SignedDelivery, text } from "./support.ts";

const event = (id: string) => ({ id, body: envelope({ id }, JSON.stringify({ email: `${id}@example.com` })) });
async function batch(...ids: string[]): Promise<SignedDelivery> {
  const { id, body } = await writeBatch(ids.map(event));
  return delivery(body, { id });
}
const verify = (signed: SignedDelivery) => verifyGatewayBatch({ ...signed, secrets: [SECRET], now });
const ids = (count: number) => Array.from({ length: count }, (_, index) => `evt_${index}`);

describe("the body of a batch", () => {
  it("a batch contains each envelope byte for byte, and its id depends on its events alone", async () => {
    const { id, body } = await writeBatch([event("evt_1"), event("evt_2")]);
    expect(text(body)).toBe(`{"events":[${text(event("evt_1").body)},${text(event("evt_2").body)}]}`);
    expect(id).toMatch(/^batch_[0-9a-f]{32}$/);
    expect((await writeBatch([event("evt_2"), event("evt_1")])).id).toBe(id);
    expect((await writeBatch([event("evt_1")])).id).not.toBe(id);
  });

  it.each([0, 101])("a batch of %s events is refused", async (count) => {
    await expect(writeBatch(ids(count).map(event))).rejects.toThrow(`envelopes must be 1 to 100, got ${count}`);
  });
});

describe("verifying a batch", () => {
  it("a genuine batch has its events in order", async () => {
    const deliveries = await verify(await batch("evt_2", "evt_1"));
    expect(deliveries.map(({ id, event }) => [id, event])).toEqual([
      ["evt_2", { email: "evt_2@example.com" }],
      ["evt_1", { email: "evt_1@example.com" }],
    ]);
  });

  it("a single delivery is a batch of one", async () => {
    expect(await verify(await delivery())).toMatchObject([{ name: "ContactCreate" }]);
  });

  it("the verification of a single delivery refuses a batch", async () => {
    const signed = await batch("evt_1");
    await expect(verifyGatewayDelivery({ ...signed, secrets: [SECRET], now })).rejects.toEqual(code("NOT_ENVELOPE"));
  });

  it("a batch with another body has no valid signature", async () => {
    const { headers } = await batch("evt_1");
    const { body } = await batch("evt_2");
    await expect(verify({ headers, body })).rejects.toEqual(code("SIGNATURE_MISMATCH"));
  });

  it.each([
    ["other events", '{"events":[{"id":"evt_9"}]}'],
    ["no events", '{"events":[]}'],
    ["no list", '{"events":{"length":1}}'],
    ["more than a hundred events", JSON.stringify({ events: ids(101).map((id) => ({ id })) })],
    ["an event twice", '{"events":[{"id":"evt_1"},{"id":"evt_1"}]}'],
    ["an event without an envelope", '{"events":[{"id":"evt_1"}]}'],
    ["an envelope alone", text(envelope())],
  ])("a signed batch with %s is refused", async (_what, body) => {
    const { id } = await writeBatch([event("evt_1")]);
    await expect(verify(await delivery(bytes(body), { id }))).rejects.toEqual(code("NOT_ENVELOPE"));
  });

  it("a signed body with events under the id of a single event is refused", async () => {
    const { body } = await writeBatch([event("evt_1"), event("evt_2")]);
    await expect(verify(await delivery(body, { id: "evt_1" }))).rejects.toEqual(code("NOT_ENVELOPE"));
  });
});

describe("handling a batch", () => {
  function recording(options: Partial<GatewayHandlerOptions> = {}) {
    const ran: string[] = [];
    const errors: string[] = [];
    const handler = createGatewayHandler({
      secrets: [SECRET],
      now,
      onEvent(_delivery, { id }) {
        ran.push(id);
        if (id.startsWith("bad")) throw new Error("failed");
      },
      onError: (error) => void errors.push(error.code),
      ...options,
    });
    const send = async ({ body, headers }: SignedDelivery) => {
      const request = new Request("https://receiver.example/", { method: "POST", body: body as BodyInit, headers });
      const response = await handler(request);
      return { status: response.status, body: await response.json() };
    };
    return { ran, errors, send };
  }

  it("a batch runs the functions for each event", async () => {
    const { ran, send } = recording();
    expect(await send(await batch("evt_1", "evt_2", "evt_3"))).toEqual({
      status: 200,
      body: { received: true, handled: true },
    });
    expect(ran).toEqual(["evt_1", "evt_2", "evt_3"]);
  });

  it("the response names the events that failed, and each is reported", async () => {
    const { errors, send } = recording();
    expect(await send(await batch("evt_1", "bad_2", "evt_3", "bad_4"))).toEqual({
      status: 200,
      body: { received: true, handled: false, failed: [{ id: "bad_2" }, { id: "bad_4" }] },
    });
    expect(errors).toEqual(["ERR_GHL_WEBHOOK_HANDLER_FAILED", "ERR_GHL_WEBHOOK_HANDLER_FAILED"]);
  });

  it("a batch of which all events fail is answered as a failed delivery", async () => {
    const { errors, send } = recording();
    expect(await send(await batch("bad_1", "bad_2"))).toMatchObject({ status: 500 });
    expect(errors).toHaveLength(2);
  });

  it("a batch with failures is accepted as a whole when failed events are not to come again", async () => {
    const { errors, send } = recording({ failureStatus: 200 });
    expect(await send(await batch("evt_1", "bad_2"))).toEqual({ status: 200, body: { received: true, handled: true } });
    expect(errors).toHaveLength(1);
  });

  it("a batch runs only those events that have not been handled", async () => {
    const { ran, send } = recording({ dedupe: memoryDedupe() });
    await send(await batch("evt_1", "bad_2"));
    await send(await delivery(event("evt_3").body, { id: "evt_3" }));
    expect(await send(await batch("evt_1", "bad_2", "evt_3", "evt_4"))).toMatchObject({
      body: { failed: [{ id: "bad_2" }] },
    });
    expect(ran).toEqual(["evt_1", "bad_2", "evt_3", "bad_2", "evt_4"]);
  });

  it("an event that is being handled comes again later, and the others of its batch do not", async () => {
    let release = (): void => {};
    const waits = new Promise<void>((resolve) => (release = resolve));
    const { send } = recording({
      dedupe: memoryDedupe(),
      onEvent: (_delivery, { id }) => (id === "evt_1" ? waits : undefined),
    });
    const first = send(await delivery(event("evt_1").body, { id: "evt_1" }));
    await vi.waitFor(async () =>
      expect(await send(await batch("evt_1", "evt_2"))).toMatchObject({
        status: 200,
        body: { failed: [{ id: "evt_1", retryAfterMs: 30_000 }] },
      }),
    );
    release();
    expect(await first).toMatchObject({ status: 200 });
  });

  it("a batch runs at most eight events at the same time, or as many as set", async () => {
    const highest = async (options: Partial<GatewayHandlerOptions>) => {
      let [running, most] = [0, 0];
      const { send } = recording({
        ...options,
        async onEvent() {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 1));
          running--;
        },
      });
      await send(await batch(...ids(30)));
      return most;
    };
    expect(await highest({})).toBe(8);
    expect(await highest({ concurrency: 1 })).toBe(1);
  });

  it("events that are not begun in time come again, and those that were handled do not", async () => {
    let nowMs = NOW;
    const { send } = recording({
      concurrency: 1,
      now: () => nowMs,
      onEvent() {
        nowMs += 6_000;
      },
    });
    expect(await send(await batch("evt_1", "evt_2", "evt_3"))).toMatchObject({
      status: 200,
      body: { failed: [{ id: "evt_3" }] },
    });
  });

  it("a batch with a body that is too large is refused", async () => {
    const { ran, send } = recording({ maxBodyBytes: 100 });
    expect(await send(await batch("evt_1"))).toMatchObject({ status: 413 });
    expect(ran).toEqual([]);
  });

  it.each([0, 101, 1.5])("a concurrency of %s is refused", (concurrency) => {
    expect(() => createGatewayHandler({ secrets: [SECRET], concurrency })).toThrow("concurrency");
  });
});
