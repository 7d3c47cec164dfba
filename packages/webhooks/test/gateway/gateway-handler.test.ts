import { describe, expect, it } from "vitest";
import { createGatewayHandler, type GatewayHandlerOptions, memoryDedupe } from "../../src/gateway.ts";
import type { WebhookError } from "../../src/index.ts";
import { NOW, now } from "../support.ts";
import { bytes, DATA, delivery, envelope, FIELDS, ID, OTHER_SECRET, SECRET, type SignedDelivery } from "./support.ts";

/** Creates a handler that records which functions ran and which errors were reported. */
function recording(options: Partial<GatewayHandlerOptions> = {}) {
  const ran: string[] = [];
  const errors: WebhookError[] = [];
  const handler = createGatewayHandler({
    secrets: [SECRET],
    now,
    on: {
      ContactCreate: (contact) => void ran.push(`ContactCreate ${contact.email}`),
      "grant.reauth_required": ({ source, code }) => void ran.push(`reauth ${source} ${code}`),
    },
    onEvent: ({ name }) => void ran.push(`event ${name}`),
    onUnknown: ({ type }) => void ran.push(`unknown ${type}`),
    onError: (error) => void errors.push(error),
    ...options,
  });
  return { ran, errors, handler };
}

const post = ({ body, headers }: SignedDelivery, method = "POST") =>
  new Request("https://receiver.example/", {
    method,
    body: body as BodyInit,
    headers: { "content-type": "application/json", ...headers },
  });
const answer = async (response: Response) => ({ status: response.status, body: (await response.json()) as unknown });
const handled = { status: 200, body: { received: true, handled: true } };

describe("a genuine delivery", () => {
  it("a genuine delivery runs onEvent, then the function for the event, with the fields of the envelope", async () => {
    const seen: unknown[] = [];
    const { ran, handler } = recording({
      on: {
        ContactCreate(contact, { request, args, ...fields }) {
          seen.push(contact, fields, args, request.method);
        },
      },
    });
    const { type: _, ...fields } = FIELDS;
    expect(await answer(await handler(post(await delivery()), "env", "ctx"))).toEqual(handled);
    expect(ran).toEqual(["event ContactCreate"]);
    expect(seen).toEqual([JSON.parse(DATA), { ...fields, body: envelope() }, ["env", "ctx"], "POST"]);
  });

  it("a genuine delivery of a gateway event runs its function", async () => {
    const { ran, handler } = recording();
    const fields = { type: "grant.reauth_required", source: "gateway", resource: null } as const;
    const body = envelope(fields, '{"source":"refreshable","code":"invalid_grant"}');
    expect(await answer(await handler(post(await delivery(body))))).toEqual(handled);
    expect(ran).toEqual(["event grant.reauth_required", "reauth refreshable invalid_grant"]);
  });

  it.each(["unknown", "contact.merged", "hasOwnProperty"])(
    "a genuine delivery of %s goes to onUnknown alone",
    async (type) => {
      const { ran, handler } = recording();
      expect(await answer(await handler(post(await delivery(envelope({ type })))))).toEqual(handled);
      expect(ran).toEqual([`unknown ${type}`]);
    },
  );

  it("a genuine delivery gets 200 when no function handles it", async () => {
    const handler = createGatewayHandler({ secrets: [SECRET], now });
    for (const type of ["ContactCreate", "unknown"])
      expect((await handler(post(await delivery(envelope({ type }))))).status).toBe(200);
  });

  it("a genuine delivery with the largest payload of HighLevel and its envelope is accepted", async () => {
    const { handler } = recording();
    const body = envelope({}, JSON.stringify("x".repeat(1024 * 1024 - 2)));
    expect((await handler(post(await delivery(body)))).status).toBe(200);
  });
});

describe("a refused delivery runs nothing", () => {
  it.each<[string, number, string, () => Promise<Request>]>([
    ["no signature", 401, "SIGNATURE_MISSING", async () => post({ body: "{}", headers: {} as never })],
    [
      "a secret of somebody else",
      401,
      "SIGNATURE_MISMATCH",
      async () => post(await delivery(envelope(), { secrets: [OTHER_SECRET] })),
    ],
    [
      "a body that was written again",
      401,
      "SIGNATURE_MISMATCH",
      async () => post({ ...(await delivery(envelope({}, '{"a": 1.0}'))), body: envelope({}, '{"a":1}') }),
    ],
    [
      "six minutes late",
      401,
      "TIMESTAMP_OUTSIDE_WINDOW",
      async () => post(await delivery(envelope(), { ageMs: 360_000 })),
    ],
    ["PUT", 405, "METHOD_NOT_ALLOWED", async () => post(await delivery(), "PUT")],
    ["too much", 413, "BODY_TOO_LARGE", async () => post(await delivery("x".repeat(2 * 1024 * 1024 + 1)))],
    ["HighLevel's own bytes", 422, "NOT_ENVELOPE", async () => post(await delivery(DATA))],
    ["no JSON", 422, "NOT_JSON", async () => post(await delivery("hello"))],
  ])("a refused delivery runs nothing: %s gets the status %i", async (_, status, name, make) => {
    const { ran, errors, handler } = recording({ dedupe: memoryDedupe({ now }) });
    const code = `ERR_GHL_WEBHOOK_${name}`;
    const type = `https://github.com/ghl-edge/ghl-edge/blob/main/docs/errors.md#${code.toLowerCase()}`;
    const problem = { type, title: expect.any(String) as unknown, status, code };
    expect(await answer(await handler(await make()))).toEqual({ status, body: problem });
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(ran).toEqual([]);
  });

  it("createGatewayHandler refuses a wrong option at once", () => {
    for (const wrong of [{ secrets: [] }, { toleranceMs: -1 }, { failureStatus: 204 }, { maxBodyBytes: 0 }])
      expect(() => recording(wrong)).toThrow(expect.objectContaining({ code: "ERR_GHL_WEBHOOK_CONFIGURATION" }));
  });
});

describe("dedupe", () => {
  it("dedupe uses the webhook-id: an attempt with a new signature is a duplicate, another id is another event", async () => {
    const { ran, handler } = recording({ dedupe: memoryDedupe({ now }), onEvent: () => undefined });
    const answers = [];
    for (const [id, ageMs] of [[ID, 60_000] as const, [ID, 0] as const, ["evt_02", 0] as const])
      answers.push((await answer(await handler(post(await delivery(envelope({ id }), { id, ageMs }))))).body);
    expect(answers).toEqual([handled.body, { received: true, handled: false, reason: "duplicate" }, handled.body]);
    expect(ran).toEqual(Array(2).fill("ContactCreate ada@example.com"));
  });

  it("dedupe lets the next attempt run after a failure, also with another failureStatus", async () => {
    let calls = 0;
    const { errors, handler } = recording({
      dedupe: memoryDedupe({ now }),
      failureStatus: 410,
      on: { ContactCreate: () => (++calls === 1 ? Promise.reject(new Error("no database")) : undefined) },
    });
    const first = await answer(await handler(post(await delivery(envelope(), { ageMs: 5000 }))));
    expect(first).toMatchObject({ status: 410, body: { code: "ERR_GHL_WEBHOOK_HANDLER_FAILED" } });
    expect(JSON.stringify(first)).not.toContain("database");
    expect((await handler(post(await delivery()))).status).toBe(200);
    expect([calls, errors.length]).toEqual([2, 1]);
  });

  it("dedupe is not used for a delivery that is not genuine", async () => {
    const keys: string[] = [];
    const begin = (key: string) => {
      keys.push(key);
      return "new" as const;
    };
    const { handler } = recording({ dedupe: { begin, done: () => undefined, failed: () => undefined } });
    await handler(post({ ...(await delivery()), body: bytes("{}") }));
    await handler(post(await delivery(DATA)));
    expect(keys).toEqual([]);
    await handler(post(await delivery()));
    expect(keys).toEqual([ID]);
  });
});

it("createGatewayHandler uses the clock of its options", async () => {
  const late = recording({ now: () => NOW + 301_000 });
  expect((await late.handler(post(await delivery()))).status).toBe(401);
});
