import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  createInboundWebhookSender,
  InboundWebhookUrlError,
  readInboundWebhookUrl,
  type WorkflowSenderOptions,
} from "../../../src/workflows.ts";
import { answer, fakeFetch, fakeSleep, type Reply } from "../../fake-fetch.ts";
import { INBOUND_URL, SECRET_PATH } from "../samples.ts";

const TIMEOUT_MS = 7_777;
const PAYLOAD = { email: "ada@example.com", order: { total: 12 } };
/** An answer in the format of HighLevel. */
const taken = (): Response => answer(200, {}, '{"status":"taken","id":"Req1"}');

function setUp(replies: readonly (Reply | (() => Reply))[], options: WorkflowSenderOptions = {}) {
  const { fetch, calls } = fakeFetch(...replies);
  const { sleep, waits } = fakeSleep((ms) => ms === TIMEOUT_MS);
  const sender = createInboundWebhookSender({ fetch, sleep, random: () => 1, timeoutMs: TIMEOUT_MS, ...options });
  return { sender, calls, waits };
}

describe("an inbound webhook", () => {
  test("an inbound webhook is a POST of the payload to the URL alone", async () => {
    const { sender, calls } = setUp([taken()]);
    expect(await sender.send(INBOUND_URL, PAYLOAD)).toEqual({ outcome: "accepted", id: "Req1" });
    expect(calls).toMatchObject([{ url: INBOUND_URL, method: "POST", json: PAYLOAD, redirect: "manual" }]);
    expect(calls[0]!.headers.get("content-type")).toBe("application/json");
  });

  test("an inbound webhook may be a PUT, to a URL that was read before", async () => {
    const { sender, calls } = setUp([answer(201, {}, "<html>")]);
    const url = readInboundWebhookUrl(INBOUND_URL);
    expect(await sender.send(url, PAYLOAD, { method: "PUT" })).toEqual({ outcome: "accepted" });
    expect(calls).toMatchObject([{ url: INBOUND_URL, method: "PUT", json: PAYLOAD }]);
  });

  test("an inbound webhook may be a GET, with the payload in its query", async () => {
    const { sender, calls } = setUp([taken()]);
    const payload = { email: "a+b@example.com", age: 3, vip: false, note: null };
    await sender.send(`${INBOUND_URL}?source=shop`, payload, { method: "GET" });
    const [call] = calls;
    expect(call).toMatchObject({ method: "GET", json: undefined });
    expect(Object.fromEntries(new URL(call!.url).searchParams)).toEqual({
      source: "shop",
      email: "a+b@example.com",
      age: "3",
      vip: "false",
    });
  });

  test.each([
    ["a refusal", answer(404), "ERR_GHL_MARKETPLACE_REFUSED", "refused"],
    ["a redirect", answer(302, { location: "https://evil.example" }), "ERR_GHL_MARKETPLACE_REDIRECT", "unknown"],
    ["a server error", answer(502), "ERR_GHL_MARKETPLACE_SERVER", "unknown"],
    ["a lost connection", new TypeError(`fetch failed for ${INBOUND_URL}`), "ERR_GHL_MARKETPLACE_NETWORK", "unknown"],
  ])(
    "an inbound webhook is not retried after %s, because it could start the workflow twice",
    async (_name, reply, code, outcome) => {
      const { sender, calls } = setUp([reply]);
      expect(await sender.send(INBOUND_URL, PAYLOAD)).toMatchObject({ outcome, error: { code } });
      expect(calls).toHaveLength(1);
    },
  );

  test("an inbound webhook without an answer is unknown after the time limit", async () => {
    const { fetch } = fakeFetch("never");
    const { sleep } = fakeSleep();
    const sender = createInboundWebhookSender({ fetch, sleep });
    expect(await sender.send(INBOUND_URL, PAYLOAD)).toMatchObject({
      outcome: "unknown",
      error: { code: "ERR_GHL_MARKETPLACE_TIMEOUT" },
    });
  });

  test("an inbound webhook is retried after 429, which is a refusal", async () => {
    const { sender, calls, waits } = setUp([answer(429, { "retry-after": "2" }), taken()]);
    expect(await sender.send(INBOUND_URL, PAYLOAD)).toMatchObject({ outcome: "accepted" });
    expect([calls.length, waits]).toEqual([2, [2_000]]);
  });

  test("an inbound webhook is retried after an unknown outcome with repeatUnknown, with the same payload", async () => {
    const payload = structuredClone(PAYLOAD);
    const change = (): Reply => {
      payload.order.total = 13;
      return answer(500);
    };
    const { sender, calls } = setUp([change, taken()], { retry: { repeatUnknown: true } });
    const idempotency = { field: "event_id", key: "evt-1" };
    expect(await sender.send(INBOUND_URL, payload, { idempotency })).toMatchObject({ outcome: "accepted" });
    expect(calls.map(({ json }) => json)).toEqual(Array(2).fill({ ...PAYLOAD, event_id: "evt-1" }));
  });

  test("an inbound webhook with an unknown outcome stays unknown when its retry is refused", async () => {
    const { sender } = setUp([answer(500), answer(404)], { retry: { repeatUnknown: true } });
    expect(await sender.send(INBOUND_URL, PAYLOAD)).toMatchObject({ outcome: "unknown", error: { status: 500 } });
  });

  test("an inbound webhook that the signal aborts is unknown, and before it is sent rejects with the signal's reason", async () => {
    const stop = new AbortController();
    const cut = (): Reply => {
      stop.abort(new Error("enough"));
      return "never";
    };
    const { sender, calls } = setUp([cut]);
    expect(await sender.send(INBOUND_URL, PAYLOAD, { signal: stop.signal })).toEqual({ outcome: "unknown" });
    await expect(sender.send(INBOUND_URL, PAYLOAD, { signal: stop.signal })).rejects.toThrow("enough");
    expect(calls).toHaveLength(1);
  });

  test("an inbound webhook that fails has neither its URL nor its payload in the error", async () => {
    for (const reply of [new Error(INBOUND_URL), answer(400, {}, JSON.stringify({ message: PAYLOAD.email }))]) {
      const { error } = await setUp([reply]).sender.send(INBOUND_URL, PAYLOAD);
      const { message, stack, cause, ...rest } = error!;
      expect(message).toContain("the inbound webhook");
      const said = JSON.stringify([message, stack, cause, rest]);
      for (const secret of [SECRET_PATH, "webhook-trigger", PAYLOAD.email]) expect(said).not.toContain(secret);
    }
  });

  test.each([
    ["https://evil.example/hooks/abc", PAYLOAD, {}, InboundWebhookUrlError],
    [INBOUND_URL, [1], {}, ConfigurationError],
    [INBOUND_URL, null, {}, ConfigurationError],
    [INBOUND_URL, "text", {}, ConfigurationError],
    [INBOUND_URL, { id: 1n }, {}, ConfigurationError],
    [INBOUND_URL, PAYLOAD, { method: "DELETE" }, ConfigurationError],
    [INBOUND_URL, PAYLOAD, { method: "GET" }, ConfigurationError],
    [INBOUND_URL, PAYLOAD, { idempotency: { field: "", key: "k" } }, ConfigurationError],
    [INBOUND_URL, PAYLOAD, { idempotency: { field: "f", key: "" } }, ConfigurationError],
    [INBOUND_URL, PAYLOAD, { idempotency: { field: "email", key: "k" } }, ConfigurationError],
  ])("an inbound webhook to %s with %o and %o is never sent", async (url, payload, options, expected) => {
    const { sender, calls } = setUp([taken()]);
    await expect(sender.send(url, payload as object, options as object)).rejects.toBeInstanceOf(expected);
    expect(calls).toHaveLength(0);
  });

  test("an inbound webhook goes to another host only when hosts contains it", async () => {
    const { sender, calls } = setUp([taken()], { hosts: ["api.agency.example"] });
    await sender.send("https://api.agency.example/hooks/abc", PAYLOAD);
    expect(calls[0]!.url).toBe("https://api.agency.example/hooks/abc");
  });
});

test.each([{ timeoutMs: 0 }, { retry: { maxAttempts: 0 } }, { hosts: ["https://x.example"] }])(
  "a sender is not made with %o",
  (wrong) => {
    expect(() => createInboundWebhookSender(wrong)).toThrow(ConfigurationError);
  },
);
