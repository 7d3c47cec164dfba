import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWebhookHandler } from "../../src/index.ts";
import { APP_ID, at, now } from "../support.ts";
import { answer, contact, post, recording, signer } from "./delivery.ts";

describe("a genuine delivery", () => {
  it("a genuine delivery runs onEvent, then the function for the event, with its context", async () => {
    const seen: unknown[] = [];
    const { ran, handler } = recording({
      on: {
        ContactCreate: (_, { tenant, args, verified, request }) =>
          void seen.push(tenant, args, verified.keyIndex, request.method),
      },
    });
    const response = await handler(await contact(), "env", "ctx");
    expect(await answer(response)).toEqual({
      status: 200,
      type: "application/json",
      body: { received: true, handled: true },
    });
    expect(ran).toEqual(["event ContactCreate"]);
    expect(seen).toEqual([{ locationId: "sample-location", companyId: "sample-company" }, ["env", "ctx"], 0, "POST"]);
  });

  it("a genuine delivery waits for asynchronous functions", async () => {
    const order: string[] = [];
    const later = (name: string) => Promise.resolve().then(() => void order.push(name));
    const { handler } = recording({ onEvent: () => later("first"), on: { ContactCreate: () => later("second") } });
    await handler(await contact());
    expect(order).toEqual(["first", "second"]);
  });

  it("a genuine delivery gets 200 when no function handles it", async () => {
    const { ran, handler } = recording();
    expect((await handler(await signer.request("TaskCreate", { now }))).status).toBe(200);
    expect(ran).toEqual(["event TaskCreate"]);
  });

  it("a genuine delivery takes the hint from ?event=, from a fixed name, from a function", async () => {
    const paid = (url: string) =>
      signer.request("InvoicePaid", { now, url, envelope: false, fields: { appId: APP_ID } });
    const appId = APP_ID;
    const hinted = recording({ appId });
    await hinted.handler(await paid("https://receiver.example/?event=InvoicePaid"));
    const fixed = recording({ appId, hint: "InvoicePaid" });
    await fixed.handler(await paid("https://receiver.example/"));
    const path = recording({ appId, hint: (request) => new URL(request.url).pathname.slice(1) });
    await path.handler(await paid("https://receiver.example/InvoicePaid"));
    const none = recording({ appId });
    await none.handler(await paid("https://receiver.example/"));
    expect([hinted.ran, fixed.ran, path.ran, none.ran]).toEqual([
      ["event InvoicePaid"],
      ["event InvoicePaid"],
      ["event InvoicePaid"],
      ["unknown type-missing"],
    ]);
  });
});

describe("a refused delivery runs nothing", () => {
  const cases: [string, number, string, () => Promise<Request>][] = [
    ["no signature", 401, "SIGNATURE_MISSING", async () => post("{}")],
    ["N/A as signature", 401, "SIGNATURE_MISSING", async () => post("{}", { "x-ghl-signature": "N/A" })],
    [
      "a bogus signature",
      401,
      "SIGNATURE_MISMATCH",
      async () => post("{}", { "x-ghl-signature": await signer.sign("[]") }),
    ],
    ["no form of a signature", 401, "SIGNATURE_MALFORMED", async () => post("{}", { "x-ghl-signature": "abc" })],
    ["the RSA header alone", 401, "SIGNATURE_MISSING", async () => post("{}", { "x-wh-signature": "a".repeat(684) })],
    ["another app", 401, "APP_MISMATCH", () => contact({ appId: "other" })],
    [
      "an old UNINSTALL",
      401,
      "TIMESTAMP_OUTSIDE_WINDOW",
      () => signer.request({ type: "UNINSTALL", appId: APP_ID, timestamp: at(1e9) }),
    ],
    ["a stamp of 2020", 401, "TIMESTAMP_OUTSIDE_WINDOW", () => contact({ timestamp: "2020-01-01T00:00:00Z" })],
    ["GET", 405, "METHOD_NOT_ALLOWED", async () => new Request("https://receiver.example/")],
    [
      "PUT",
      405,
      "METHOD_NOT_ALLOWED",
      async () => new Request("https://receiver.example/", { method: "PUT", body: "{}" }),
    ],
    ["too much", 413, "BODY_TOO_LARGE", () => contact({ name: "x".repeat(1024 * 1024) })],
  ];
  it.each(cases)("a refused delivery runs nothing: %s gets the status %i", async (_, status, name, make) => {
    const { ran, errors, handler } = recording({ appId: APP_ID });
    const response = await handler(await make());
    const code = `ERR_GHL_WEBHOOK_${name}`;
    const reference = `https://github.com/ghl-edge/ghl-edge/blob/main/docs/errors.md#${code.toLowerCase()}`;
    const { body, type } = await answer(response.clone());
    expect({ status: response.status, type }).toEqual({ status, type: "application/problem+json" });
    expect(body).toEqual({ type: reference, title: expect.any(String), status, code });
    expect(response.headers.get("allow")).toBe(status === 405 ? "POST" : null);
    expect(errors.map(({ code }) => code)).toEqual([`ERR_GHL_WEBHOOK_${name}`]);
    expect(ran).toEqual([]);
  });

  it("an unsigned body runs nothing", async () => {
    const { ran, handler } = recording();
    const header = fc.constantFrom("x-ghl-signature", "X-GHL-SIGNATURE", "x-wh-signature", "x-highlevel-signature");
    const value = fc.oneof(fc.base64String({ minLength: 88, maxLength: 88 }), fc.stringMatching(/^[!-~]{0,100}$/));
    await fc.assert(
      fc.asyncProperty(fc.string(), header, value, async (body, name, signature) => {
        expect((await handler(post(body, { [name]: signature }))).status).toBe(401);
      }),
      { numRuns: 100 },
    );
    expect(ran).toEqual([]);
  });

  it("a delivery whose body was read before runs nothing and gets the status 500", async () => {
    const { ran, handler } = recording();
    const request = await contact();
    await request.json();
    expect(await answer(await handler(request))).toMatchObject({
      status: 500,
      body: { code: "ERR_GHL_WEBHOOK_BODY_UNREADABLE" },
    });
    expect(ran).toEqual([]);
  });
});

describe("the body of a delivery", () => {
  const streamed = (chunks: Uint8Array[], fail?: Error, headers: Record<string, string> = {}) => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk) controller.enqueue(chunk);
        else if (fail) controller.error(fail);
        else controller.close();
      },
      cancel() {
        cancelled = true;
      },
    });
    const init = { method: "POST", body, headers, duplex: "half" };
    return { request: new Request("https://receiver.example/", init as RequestInit), wasCancelled: () => cancelled };
  };
  const bytes = (text: string) => new TextEncoder().encode(text);

  it("a body in several chunks is verified as a whole", async () => {
    const { ran, handler } = recording();
    const headers = { "x-ghl-signature": await signer.sign('{"type":"ContactCreate","id":"é"}') };
    const all = bytes('{"type":"ContactCreate","id":"é"}');
    const { request } = streamed([all.slice(0, 30), all.slice(30, 31), all.slice(31)], undefined, headers);
    expect((await handler(request)).status).toBe(200);
    expect(ran).toContain("ContactCreate é");
  });

  it("a body without an announced length is cut off at the limit", async () => {
    const { errors, handler } = recording({ maxBodyBytes: 10 });
    const endless = streamed(Array.from({ length: 100 }, () => bytes("12345")));
    expect((await handler(endless.request)).status).toBe(413);
    expect(errors[0]?.code).toBe("ERR_GHL_WEBHOOK_BODY_TOO_LARGE");
  });

  it("a body that announces too many bytes is not read", async () => {
    const { handler } = recording({ maxBodyBytes: 10 });
    const request = post("{}", { "content-length": "11" });
    expect((await handler(request)).status).toBe(413);
    expect(request.bodyUsed).toBe(false);
  });

  it("a body of exactly the limit is accepted", async () => {
    const body = '{"type":"NoteCreate"}';
    const { handler } = recording({ maxBodyBytes: body.length });
    expect((await handler(post(body, { "x-ghl-signature": await signer.sign(body) }))).status).toBe(200);
  });

  it("a body that is incomplete gets 500, so that it is sent again", async () => {
    const { ran, handler } = recording();
    const { request } = streamed([bytes("{")], new Error("lost"));
    expect(await answer(await handler(request))).toMatchObject({
      status: 500,
      body: { code: "ERR_GHL_WEBHOOK_BODY_UNREADABLE" },
    });
    expect(ran).toEqual([]);
  });
});

it.each([0, -1, Number.NaN, 1.5, "1000"])("createWebhookHandler refuses maxBodyBytes %j", (maxBodyBytes) => {
  expect(() => createWebhookHandler({ maxBodyBytes: maxBodyBytes as number })).toThrow(
    expect.objectContaining({ code: "ERR_GHL_WEBHOOK_CONFIGURATION" }),
  );
});

it.each([0, 199, 204, 302, 600, 1.5])("createWebhookHandler refuses failureStatus %s", (failureStatus) => {
  expect(() => createWebhookHandler({ failureStatus })).toThrow(
    expect.objectContaining({ code: "ERR_GHL_WEBHOOK_CONFIGURATION" }),
  );
});
