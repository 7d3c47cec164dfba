import { describe, expect, it } from "vitest";
import { memoryDedupe, verifyWebhook, type WebhookHandlerOptions } from "../../src/index.ts";
import { APP_ID, at, now } from "../support.ts";
import { answer, contact, handlerAnswer, post, recording, signer } from "./delivery.ts";

describe("a signed but unusable delivery", () => {
  it("a signed delivery that is not JSON is reported to onError and gets 200, so that it is not sent again", async () => {
    const { ran, errors, handler } = recording();
    const response = await handler(post("hello", { "x-ghl-signature": await signer.sign("hello") }));
    expect(await answer(response)).toMatchObject({
      status: 200,
      body: { received: true, handled: false, reason: "ERR_GHL_WEBHOOK_NOT_JSON" },
    });
    expect(errors[0]?.code).toBe("ERR_GHL_WEBHOOK_NOT_JSON");
    expect(ran).toEqual([]);
  });

  it.each(["null", "7", "[]", '{"type":"SomethingNew"}'])("a body of %s goes to onUnknown", async (body) => {
    const { ran, handler } = recording();
    const response = await handler(post(body, { "x-ghl-signature": await signer.sign(body) }));
    expect(response.status).toBe(200);
    expect(ran[0]).toMatch(/^unknown /);
  });

  it("a signed delivery outside the window goes to onStale alone", async () => {
    const { ran, errors, handler } = recording({
      onStale: ({ name, verified }) => void ran.push(`${verified.freshness} ${name}`),
    });
    for (const ageMs of [1e9, -1e9]) expect((await handler(await contact({ timestamp: at(ageMs) }))).status).toBe(200);
    expect(ran).toEqual(["stale ContactCreate", "early ContactCreate"]);
    expect(errors).toEqual([]);
  });
});

describe("a late delivery", () => {
  const HOUR = 3_600_000;

  it.each([2, 25, 70, 73])("a late delivery that is %i h old runs once", async (hours) => {
    const { ran, handler } = recording({ dedupe: memoryDedupe({ now }) });
    const fields = { id: "a", timestamp: at(hours * HOUR) };
    const answers = [await handler(await contact(fields)), await handler(await contact(fields))];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(ran).toEqual(["event ContactCreate", "ContactCreate a"]);
  });

  it("a late delivery does not run again inside the window", async () => {
    let time = now();
    const { ran, handler } = recording({ now: () => time, dedupe: memoryDedupe({ now: () => time }) });
    for (const hours of [0, 1, 24, 72, 73, 74, 200]) {
      time = now() + hours * HOUR;
      await handler(await contact({ id: "a", timestamp: at(0) }));
    }
    expect(ran).toEqual(["event ContactCreate", "ContactCreate a"]);
  });

  it.each([undefined, "", "yesterday", "2026-11-21", "Sat Nov 21 2026", 1_790_000_000_000])(
    "an UNINSTALL with the timestamp %j does not run, and is kept aside where somebody keeps it",
    async (timestamp) => {
      const uninstall = () => signer.request({ type: "UNINSTALL", appId: APP_ID, timestamp });
      const refusing = recording({ on: { AppUninstall: () => void refusing.ran.push("uninstalled") } });
      expect((await handlerAnswer(refusing.handler, await uninstall())).code).toBe("ERR_GHL_WEBHOOK_TIMESTAMP_MISSING");
      expect(refusing.ran).toEqual([]);
      const keeping = recording({ onStale: ({ name }) => void keeping.ran.push(`aside ${name}`) });
      expect((await keeping.handler(await uninstall())).status).toBe(200);
      expect(keeping.ran).toEqual(["aside AppUninstall"]);
    },
  );
});

describe("a delivery that HighLevel truncated", () => {
  it("a delivery that HighLevel truncated goes to onTruncated, or without one to its function with the flag", async () => {
    const plain = recording({ on: { ContactCreate: (event) => void plain.ran.push(String(event.payloadTooLarge)) } });
    await plain.handler(await contact({ payloadTooLarge: true }));
    expect(plain.ran).toEqual(["event ContactCreate", "true"]);
    const { ran, handler } = recording({ onTruncated: ({ name }) => void ran.push(`truncated ${name}`) });
    await handler(await contact({ payloadTooLarge: true }));
    await handler(await contact({ payloadTooLarge: false, id: "b" }));
    expect(ran).toEqual(["truncated ContactCreate", "event ContactCreate", "ContactCreate b"]);
  });
});

describe("a function that fails", () => {
  const boom = new Error("no database");
  const failing = (options: WebhookHandlerOptions = {}) =>
    recording({ on: { ContactCreate: () => Promise.reject(boom) }, ...options });

  it.each([
    [undefined, 500, null],
    [429, 429, "30"],
    [503, 503, "30"],
  ])("a function that fails gets with failureStatus %s the status %s", async (failureStatus, status, retryAfter) => {
    const { errors, handler } = failing(failureStatus === undefined ? {} : { failureStatus });
    const response = await handler(await contact());
    expect([response.status, response.headers.get("retry-after")]).toEqual([status, retryAfter]);
    const text = await response.text();
    expect(JSON.parse(text).code).toBe("ERR_GHL_WEBHOOK_HANDLER_FAILED");
    expect(text).not.toContain("database");
    expect(errors[0]?.cause).toBe(boom);
  });

  it("a function that fails gets with failureStatus 200 a receipt that says it was not handled", async () => {
    const { handler } = failing({ failureStatus: 200 });
    expect((await answer(await handler(await contact()))).body).toMatchObject({ received: true, handled: false });
  });

  it("a WebhookError of a function is a failure and not a refusal", async () => {
    const { handler } = recording({
      on: { ContactCreate: () => verifyWebhook({ body: "", headers: {} }) },
    });
    expect(await answer(await handler(await contact()))).toMatchObject({
      status: 500,
      body: { code: "ERR_GHL_WEBHOOK_HANDLER_FAILED" },
    });
  });

  it("a failure in onEvent prevents the function for the event, and in onError changes nothing", async () => {
    const { ran, handler } = recording({
      onEvent: () => {
        throw boom;
      },
      onError: () => Promise.reject(boom),
    });
    expect((await handler(await contact())).status).toBe(500);
    expect(ran).toEqual([]);
  });
});
