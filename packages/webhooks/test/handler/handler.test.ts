import fc from "fast-check";
import { beforeAll, describe, expect, it, vi } from "vitest";
import {
  createWebhookHandler,
  type DedupeStore,
  memoryDedupe,
  verifyWebhook,
  type WebhookError,
  type WebhookHandlerOptions,
} from "../../src/index.ts";
import { createTestSigner, type TestSigner } from "../../src/testing.ts";
import { APP_ID, at, now } from "../support.ts";

let signer: TestSigner;
beforeAll(async () => {
  signer = await createTestSigner();
});

/** Creates a handler that records which functions ran and which errors were reported. */
function recording(options: WebhookHandlerOptions = {}) {
  const ran: string[] = [];
  const errors: WebhookError[] = [];
  const handler = createWebhookHandler({
    keys: [signer.publicKey],
    now,
    on: { ContactCreate: (event) => void ran.push(`ContactCreate ${event.id}`) },
    onEvent: ({ name }) => void ran.push(`event ${name}`),
    onUnknown: ({ reason }) => void ran.push(`unknown ${reason}`),
    onError: (error) => void errors.push(error),
    ...options,
  });
  return { ran, errors, handler };
}

const contact = (fields: Readonly<Record<string, unknown>> = {}) => signer.request("ContactCreate", { now, fields });
const post = (body: string, headers: Record<string, string> = {}) =>
  new Request("https://receiver.example/", { method: "POST", body, headers });
const answer = async (response: Response) => ({
  status: response.status,
  type: response.headers.get("content-type"),
  body: (await response.json()) as Record<string, unknown>,
});

const handlerAnswer = async (handler: (request: Request) => Promise<Response>, request: Request) =>
  (await answer(await handler(request))).body;

function deferred() {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

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

describe("the log", () => {
  const SECRET = "jane@example.com";
  /** Collects the log lines of one run. The default log is `console.error`. */
  async function linesOf(options: WebhookHandlerOptions, request: Request): Promise<string[]> {
    const written = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const handler = createWebhookHandler({
      keys: [signer.publicKey],
      now,
      on: { ContactCreate: () => Promise.reject(new Error(`duplicate key ${SECRET}`)) },
      ...options,
    });
    await handler(request);
    const lines = written.mock.calls.map(([line]) => String(line));
    written.mockRestore();
    return lines;
  }

  it("the log names a function that threw and where, but no payload", async () => {
    const [line, ...more] = await linesOf({}, await contact({ email: SECRET }));
    expect(more).toEqual([]);
    expect(line).toContain("ERR_GHL_WEBHOOK_HANDLER_FAILED: a function failed: Error\n");
    expect(line).toContain("handler.test");
    expect(line).not.toContain(SECRET);
  });

  it("the log names a wrong key, without body and signature", async () => {
    const stranger = await createTestSigner();
    const request = await stranger.request("ContactCreate", { now, fields: { email: SECRET } });
    const [line, ...more] = await linesOf({}, request.clone());
    expect(more).toEqual([]);
    expect(line).toContain("ERR_GHL_WEBHOOK_SIGNATURE_MISMATCH");
    expect(line).not.toContain(SECRET);
    expect(line).not.toContain(request.headers.get("x-ghl-signature"));
  });

  it("the log has no line when nothing is wrong, when it is off, and when there is an onError", async () => {
    expect(await linesOf({}, new Request("https://receiver.example/"))).toEqual([]);
    expect(await linesOf({ log: false }, await contact())).toEqual([]);
    expect(await linesOf({ onError: () => undefined }, await contact())).toEqual([]);
  });

  it("the log goes to the function of the option, also with onError", async () => {
    const lines: string[] = [];
    await linesOf({ log: (line) => void lines.push(line), onError: () => undefined }, await contact());
    expect(lines).toHaveLength(1);
    expect(() => createWebhookHandler({ log: true as never })).toThrow(/log must be a function or false, got true/);
  });

  it("a log function that throws does not change the response", async () => {
    const handler = createWebhookHandler({
      log: () => {
        throw new Error("full");
      },
    });
    expect((await handler(post("{}"))).status).toBe(401);
  });
});

describe("a handler with a dedupe store", () => {
  it("a handler with a store handles a redelivery once and reports it as a duplicate", async () => {
    const { ran, handler } = recording({ dedupe: memoryDedupe({ now }) });
    const bodies = [];
    for (let attempt = 0; attempt < 3; attempt++)
      bodies.push((await answer(await handler(await contact({ id: "a" })))).body);
    expect(ran).toEqual(["event ContactCreate", "ContactCreate a"]);
    expect(bodies.slice(1)).toEqual(Array(2).fill({ received: true, handled: false, reason: "duplicate" }));
  });

  it("a handler with a store runs a failed event again", async () => {
    let calls = 0;
    const { handler } = recording({
      dedupe: memoryDedupe({ now }),
      on: { ContactCreate: () => (++calls === 1 ? Promise.reject(new Error("once")) : undefined) },
    });
    const statuses = [(await handler(await contact())).status, (await handler(await contact())).status];
    expect([statuses, calls]).toEqual([[500, 200], 2]);
  });

  it("a handler with a dedupe store asks for a redelivery while the same event is running, so that its failure loses nothing", async () => {
    const gate = deferred();
    const started = deferred();
    const { handler } = recording({
      dedupe: memoryDedupe({ now }),
      on: {
        ContactCreate: () => {
          started.resolve();
          return gate.promise;
        },
      },
    });
    const first = handler(await contact());
    await started.promise;
    const second = await handler(await contact());
    expect([second.status, second.headers.get("retry-after")]).toEqual([429, "30"]);
    gate.reject(new Error("late"));
    expect((await first).status).toBe(500);
  });

  it("a handler with a store never calls the store for an unverified delivery", async () => {
    const calls: string[] = [];
    const store: DedupeStore = {
      begin: (key) => {
        calls.push(key);
        return "new";
      },
      done: () => undefined,
      failed: () => undefined,
    };
    const { handler } = recording({ dedupe: store });
    await handler(post("{}"));
    expect(calls).toEqual([]);
  });

  it("a handler with a store fails closed when the store cannot begin", async () => {
    const store: DedupeStore = { begin: () => Promise.reject(new Error("down")), done: () => {}, failed: () => {} };
    const { ran, handler } = recording({ dedupe: store });
    expect((await handler(await contact())).status).toBe(500);
    expect(ran).toEqual([]);
  });

  it("a handler with a dedupe store does not ask for a redelivery when only the store fails after the work", async () => {
    const down = () => Promise.reject(new Error("down"));
    const { ran, errors, handler } = recording({ dedupe: { begin: () => "new", done: down, failed: down } });
    expect((await handler(await contact())).status).toBe(200);
    expect([ran.length, errors.length]).toEqual([2, 1]);
    const broken = recording({ dedupe: { begin: () => "new", done: down, failed: down }, onEvent: down });
    expect((await broken.handler(await contact())).status).toBe(500);
    expect(broken.errors).toHaveLength(2);
  });
});
