import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  exposeSessionDetails,
  requestUserContext,
  type SessionWindow,
} from "../../src/user-context.ts";
import { fakeSleep } from "../fake-fetch.ts";
import { fakeFrame, topWindow } from "../fake-window.ts";

const answer = { message: "REQUEST_USER_DATA_RESPONSE", payload: "cipher" };
const never = fakeSleep(() => true).sleep;
const atOnce = fakeSleep().sleep;

describe("requestUserContext", () => {
  test("requestUserContext posts to the parent window and returns its payload", async () => {
    const frame = fakeFrame((_message, { send }) => send(answer));
    expect(await requestUserContext({ window: frame.window, sleep: never })).toBe("cipher");
    expect(frame.posted).toEqual([{ message: { message: "REQUEST_USER_DATA" }, targetOrigin: "*" }]);
    expect(frame.listening()).toBe(0);
  });

  test("requestUserContext ignores other messages and other windows", async () => {
    const frame = fakeFrame((_message, { send }) => {
      for (const other of [
        null,
        "text",
        {},
        { ...answer, message: "OTHER" },
        { ...answer, payload: {} },
        { ...answer, payload: "" },
      ]) {
        send(other);
      }
      send({ ...answer, payload: "forged" }, { source: {} });
      send(answer);
    });
    expect(await requestUserContext({ window: frame.window, sleep: never })).toBe("cipher");
  });

  test.each([
    ["a list", ["https://app.gohighlevel.com/"]],
    ["a function", (origin: string) => origin.endsWith(".gohighlevel.com")],
  ])("requestUserContext accepts an answer from the origins of %s alone", async (_name, origins) => {
    const frame = fakeFrame((_message, { send }) => {
      send({ ...answer, payload: "forged" }, { origin: "https://gohighlevel.com.elsewhere.example" });
      send(answer);
    });
    expect(await requestUserContext({ window: frame.window, origins, sleep: never })).toBe("cipher");
  });

  test("requestUserContext posts to the target origin of the option", async () => {
    const frame = fakeFrame((_message, { send }) => send(answer));
    await requestUserContext({ window: frame.window, targetOrigin: "https://crm.example", sleep: never });
    expect(frame.posted[0]!.targetOrigin).toBe("https://crm.example");
  });

  test("requestUserContext fails without an answer in time, and stops listening", async () => {
    const frame = fakeFrame();
    const { sleep, waits } = fakeSleep();
    await expect(requestUserContext({ window: frame.window, timeoutMs: 123, sleep })).rejects.toMatchObject({
      code: "ERR_GHL_USER_CONTEXT_UNAVAILABLE",
      reason: "timeout",
    });
    expect(waits).toEqual([123]);
    expect(frame.listening()).toBe(0);
  });

  test("requestUserContext fails at once outside a frame", async () => {
    await expect(requestUserContext({ window: topWindow(), sleep: never })).rejects.toMatchObject({
      reason: "not-embedded",
    });
  });

  test("requestUserContext refuses an invalid origin", async () => {
    await expect(requestUserContext({ window: fakeFrame().window, origins: ["gohighlevel"] })).rejects.toBeInstanceOf(
      ConfigurationError,
    );
  });
});

describe("exposeSessionDetails", () => {
  test("exposeSessionDetails calls HighLevel's function with the app's id", async () => {
    const ids: string[] = [];
    const window: SessionWindow = {
      exposeSessionDetails: async (appId) => {
        ids.push(appId);
        return "cipher";
      },
    };
    expect(await exposeSessionDetails("app-1", { window, sleep: never })).toBe("cipher");
    expect(ids).toEqual(["app-1"]);
  });

  test.each<[string, SessionWindow, typeof never]>([
    ["no-function", {}, never],
    ["no-payload", { exposeSessionDetails: () => ({ key: "x" }) }, never],
    ["no-payload", { exposeSessionDetails: () => "" }, never],
    [
      "no-payload",
      {
        exposeSessionDetails: () => {
          throw new Error("theirs");
        },
      },
      never,
    ],
    ["no-payload", { exposeSessionDetails: () => Promise.reject(new Error("theirs")) }, never],
    ["timeout", { exposeSessionDetails: () => new Promise(() => undefined) }, atOnce],
  ])("exposeSessionDetails fails with %s", async (reason, window, sleep) => {
    await expect(exposeSessionDetails("app-1", { window, sleep })).rejects.toMatchObject({
      code: "ERR_GHL_USER_CONTEXT_UNAVAILABLE",
      reason,
    });
  });

  test("exposeSessionDetails needs an app's id", async () => {
    await expect(exposeSessionDetails("", { window: {} })).rejects.toBeInstanceOf(ConfigurationError);
  });
});
