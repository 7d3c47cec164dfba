import { describe, expect, test } from "vitest";
import { ConfigurationError, createTriggerSender, TriggerTargetUrlError } from "../../../src/workflows.ts";
import { accepted, answer, fakeFetch, fakeSleep, type Reply } from "../../fake-fetch.ts";
import { INBOUND_URL, TARGET_PATH, TARGET_URL } from "../samples.ts";

const TIMEOUT_MS = 7_777;
const TOKEN = "token-of-the-location";
const PAYLOAD = { order: { id: "o1", total: 12 } };

function setUp(replies: readonly (Reply | (() => Reply))[], options: object = {}) {
  const { fetch, calls } = fakeFetch(...replies);
  const { sleep } = fakeSleep((ms) => ms === TIMEOUT_MS);
  const sender = createTriggerSender({ accessToken: TOKEN, fetch, sleep, timeoutMs: TIMEOUT_MS, ...options });
  return { sender, calls };
}

describe("a trigger", () => {
  test("a trigger is a POST of the payload with the location's token", async () => {
    const { sender, calls } = setUp([accepted()]);
    expect(await sender.fire(TARGET_URL, PAYLOAD)).toEqual({ outcome: "accepted" });
    expect(calls).toMatchObject([{ url: TARGET_URL, method: "POST", json: PAYLOAD, redirect: "manual" }]);
    expect(calls[0]!.headers.get("authorization")).toBe(`Bearer ${TOKEN}`);
    expect(calls[0]!.headers.get("version")).toBe("2021-07-28");
  });

  test("a trigger accepts a function for the token, and another version", async () => {
    let count = 0;
    const { sender, calls } = setUp([accepted()], { accessToken: async () => `token-${++count}`, version: "v3" });
    await sender.fire(TARGET_URL, PAYLOAD);
    await sender.fire(new URL(TARGET_URL), PAYLOAD);
    expect(calls.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer token-1", "Bearer token-2"]);
    expect(calls[0]!.headers.get("version")).toBe("v3");
  });

  test("a trigger is sent without a token when accessToken is null", async () => {
    const { sender, calls } = setUp([accepted()], { accessToken: null });
    await sender.fire(TARGET_URL, PAYLOAD);
    expect([...calls[0]!.headers.keys()].sort()).toEqual(["accept", "content-type"]);
  });

  test.each([
    [answer(401), "ERR_GHL_MARKETPLACE_CREDENTIALS", "refused"],
    [answer(404), "ERR_GHL_MARKETPLACE_REFUSED", "refused"],
    [answer(500), "ERR_GHL_MARKETPLACE_SERVER", "unknown"],
    [new Error(TARGET_URL), "ERR_GHL_MARKETPLACE_NETWORK", "unknown"],
  ])("a trigger is not retried after %o, because it could start the workflow twice", async (reply, code, outcome) => {
    const { sender, calls } = setUp([reply]);
    const { error, ...result } = await sender.fire(TARGET_URL, PAYLOAD);
    expect([result, error?.code, calls.length]).toEqual([{ outcome }, code, 1]);
    const { message, stack, cause, ...rest } = error!;
    const said = JSON.stringify([message, stack, cause, rest]);
    expect(message).toContain("the trigger");
    for (const secret of [TARGET_PATH, TOKEN, "o1"]) expect(said).not.toContain(secret);
  });

  test("a trigger is retried after 429, and with repeatUnknown after other failures", async () => {
    const busy = setUp([answer(429), accepted()]);
    expect(await busy.sender.fire(TARGET_URL, PAYLOAD)).toEqual({ outcome: "accepted" });
    const lost = setUp([answer(503), accepted()], { retry: { repeatUnknown: true } });
    const idempotency = { field: "eventId", key: "e1" };
    expect(await lost.sender.fire(TARGET_URL, PAYLOAD, { idempotency })).toEqual({ outcome: "accepted" });
    expect(lost.calls.map(({ json }) => json)).toEqual(Array(2).fill({ ...PAYLOAD, eventId: "e1" }));
  });

  test.each([
    "https://evil.example/workflows-marketplace/triggers/execute/a/b",
    TARGET_URL.replace("https", "http"),
    "https://services.leadconnectorhq.com/oauth/token",
    INBOUND_URL,
    "",
  ])("a trigger at %s gets neither payload nor token", async (target) => {
    let tokens = 0;
    const { sender, calls } = setUp([accepted()], { accessToken: () => `token-${++tokens}` });
    await expect(sender.fire(target, PAYLOAD)).rejects.toBeInstanceOf(TriggerTargetUrlError);
    expect([tokens, calls.length]).toEqual([0, 0]);
  });

  test("a trigger is not sent without a token, with an invalid payload, or when it was aborted", async () => {
    const { sender, calls } = setUp([accepted()], { accessToken: () => "" });
    await expect(sender.fire(TARGET_URL, PAYLOAD)).rejects.toBeInstanceOf(ConfigurationError);
    await expect(sender.fire(TARGET_URL, [1])).rejects.toBeInstanceOf(ConfigurationError);
    const broken = setUp([accepted()], { accessToken: () => Promise.reject(new Error("no token")) });
    await expect(broken.sender.fire(TARGET_URL, PAYLOAD)).rejects.toThrow("no token");
    const stop = new AbortController();
    const late = setUp([accepted()], {
      accessToken: () => {
        stop.abort(new Error("enough"));
        return TOKEN;
      },
    });
    await expect(late.sender.fire(TARGET_URL, PAYLOAD, { signal: stop.signal })).rejects.toThrow("enough");
    expect([calls, broken.calls, late.calls]).toEqual([[], [], []]);
  });
});

test.each([{ accessToken: "" }, { accessToken: undefined }, { hosts: [""] }, { timeoutMs: -1 }])(
  "a sender is not made with %o",
  (wrong) => {
    expect(() => setUp([accepted()], wrong)).toThrow(ConfigurationError);
  },
);
