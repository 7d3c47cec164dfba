import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  createDeliveryVerifier,
  type DeliveryVerifierOptions,
  gatewayEventNames,
  verifyGatewayDelivery,
} from "../../src/gateway.ts";
import { eventNames, WebhookError } from "../../src/index.ts";
import { NOW, now } from "../support.ts";
import { bytes, code, DATA, delivery, envelope, FIELDS, ID, OTHER_SECRET, SECRET, THIRD_SECRET } from "./support.ts";

const MINUTE = 60_000;
const verifier = (options: Partial<DeliveryVerifierOptions> = {}) =>
  createDeliveryVerifier({ secrets: [SECRET], now, ...options });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a genuine delivery", () => {
  it("a genuine delivery has the fields that the gateway signed", async () => {
    const { type: name, ...fields } = FIELDS;
    const sent = await delivery();
    const want = { ...fields, name, event: JSON.parse(DATA), body: sent.body };
    expect(await verifyGatewayDelivery({ ...sent, secrets: [SECRET], now })).toEqual(want);
  });

  it("a genuine delivery may be bytes, a buffer or text, with headers of any supported type", async () => {
    const { body, headers } = await delivery(envelope({}, '{"name":"José"}'));
    const bodies = [body, (body as Uint8Array<ArrayBuffer>).buffer, new TextDecoder().decode(body as Uint8Array)];
    const capitals = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
    for (const form of bodies) {
      for (const given of [headers, new Headers(headers), capitals]) {
        const { event } = await verifier().verify({ body: form, headers: given });
        expect(event).toEqual({ name: "José" });
      }
    }
  });

  it.each([...eventNames, ...gatewayEventNames])("%s has its name", async (type) => {
    expect((await verifier().verify(await delivery(envelope({ type })))).name).toBe(type);
  });

  it.each(["unknown", "contact.merged", "contactcreate", "INSTALL", "constructor", "__proto__"])(
    "%s is an event without a name here, and keeps what it was called",
    async (type) => {
      const unknown = { name: "unknown", type, event: { a: 1 } };
      expect(await verifier().verify(await delivery(envelope({ type }, '{"a":1}')))).toMatchObject(unknown);
    },
  );

  it("the verifier imports its secrets once, even when 64 deliveries arrive before the first import ends", async () => {
    const sent = await delivery();
    const kept = verifier();
    const all = await Promise.all(Array.from({ length: 64 }, () => kept.verify(sent)));
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set([ID]));
    const imported = vi.spyOn(crypto.subtle, "importKey");
    await kept.verify(sent);
    expect(imported).not.toHaveBeenCalled();
  });
});

describe("a rotation of secrets", () => {
  const A = SECRET;
  const B = OTHER_SECRET;
  it.each([
    [[A], [A], 0],
    [[A], [B, A], 1],
    [[A, B], [A], 0],
    [[A, B], [B], 0],
    [[A, B], [B, A], 0],
    [[B], [A, B], 1],
    [[B, THIRD_SECRET], [A, THIRD_SECRET], 1],
  ])("case %#: a delivery signed with a known secret is accepted", async (signing, known, secretIndex) => {
    const attempt = await verifier({ secrets: known }).verifySignature(await delivery("{}", { secrets: signing }));
    expect(attempt).toEqual({ id: ID, attemptedAtMs: NOW, secretIndex });
  });

  it.each([
    [[A], [B]],
    [[A, B], [THIRD_SECRET]],
    [[B], [A, THIRD_SECRET]],
  ])("case %#: a delivery signed with unknown secrets is refused", async (signing, known) => {
    const forged = verifier({ secrets: known }).verify(await delivery(envelope(), { secrets: signing }));
    await expect(forged).rejects.toEqual(code("SIGNATURE_MISMATCH"));
  });
});

describe("the time of a delivery", () => {
  it.each([5, "now", {}, null])("the time of a delivery needs a clock: %j is refused at construction", (now) => {
    expect(() => createDeliveryVerifier({ secrets: [SECRET], now: now as never })).toThrow(code("CONFIGURATION"));
  });

  it.each([
    [5 * MINUTE, undefined],
    [-5 * MINUTE, undefined],
    [0, 0],
    [1e12, Number.POSITIVE_INFINITY],
  ])("the time of a delivery of %i ms ago passes with a tolerance of %s", async (ageMs, toleranceMs) => {
    const options = toleranceMs === undefined ? {} : { toleranceMs };
    expect((await verifier(options).verify(await delivery(envelope(), { ageMs }))).id).toBe(ID);
  });

  it.each([
    [5 * MINUTE + 1000, undefined],
    [-5 * MINUTE - 1000, undefined],
    [1000, 999],
    [-1000, 999],
  ])("the time of a delivery of %i ms ago is refused with a tolerance of %s", async (ageMs, toleranceMs) => {
    const options = toleranceMs === undefined ? {} : { toleranceMs };
    const refused = verifier(options).verify(await delivery(envelope(), { ageMs }));
    await expect(refused).rejects.toMatchObject({ code: "ERR_GHL_WEBHOOK_TIMESTAMP_OUTSIDE_WINDOW", ageMs });
  });

  it("the time of a delivery is that of the attempt, so an event of last week is accepted", async () => {
    const week = 7 * 24 * 60 * MINUTE;
    const old = envelope({ timestampMs: NOW - week, receivedAtMs: NOW - week });
    expect(await verifier().verify(await delivery(old))).toMatchObject({ timestampMs: NOW - week });
  });

  it("the time of a delivery is outside the window while the local clock is broken", async () => {
    const refused = verifier({ now: () => Number.NaN }).verify(await delivery());
    await expect(refused).rejects.toEqual(code("TIMESTAMP_OUTSIDE_WINDOW"));
  });
});

it.each([
  ["no secret", { secrets: [] }],
  ["an empty secret", { secrets: [""] }],
  ["a secret of another form", { secrets: ["secret"] }],
  ["a negative tolerance", { toleranceMs: -1 }],
  ["a tolerance that is no number", { toleranceMs: Number.NaN }],
])("createDeliveryVerifier refuses %s before any delivery", (_, options) => {
  expect(() => verifier(options)).toThrow(code("CONFIGURATION"));
});

describe("the headers of a delivery", () => {
  it.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
    "the headers of a delivery must include %s",
    async (name) => {
      const { body, headers } = await delivery();
      for (const value of [undefined, "", " ", "N/A"]) {
        const without = { ...headers, [name]: value };
        await expect(verifier().verify({ body, headers: without })).rejects.toEqual(code("SIGNATURE_MISSING"));
      }
    },
  );

  it.each<[string, (headers: Record<string, string>) => Record<string, string | string[]>]>([
    ["an id with a full stop", () => ({ "webhook-id": "evt.01" })],
    ["an id that is too long", () => ({ "webhook-id": "x".repeat(257) })],
    ["two ids", () => ({ "webhook-id": [ID, ID] })],
    ["a time that is no number", () => ({ "webhook-timestamp": "soon" })],
    ["a time in exponents", () => ({ "webhook-timestamp": "1e9" })],
    ["a time before 1970", () => ({ "webhook-timestamp": "-1" })],
    ["two times", (headers) => ({ "webhook-timestamp": [headers["webhook-timestamp"]!, "1"] })],
    ["no version", (headers) => ({ "webhook-signature": headers["webhook-signature"]!.slice(3) })],
    ["another version", (headers) => ({ "webhook-signature": headers["webhook-signature"]!.replace("v1", "v1a") })],
    ["a cut signature", (headers) => ({ "webhook-signature": headers["webhook-signature"]!.slice(0, -4) })],
    ["an unpadded one", (headers) => ({ "webhook-signature": headers["webhook-signature"]!.slice(0, -1) })],
    ["hex", () => ({ "webhook-signature": `v1,${"ab".repeat(22)}` })],
    ["a good one with a cut one", (headers) => ({ "webhook-signature": `${headers["webhook-signature"]} v1,AAAA` })],
    ["the header twice", (headers) => ({ "webhook-signature": Array(2).fill(headers["webhook-signature"]!) })],
    ["nine", (headers) => ({ "webhook-signature": Array(9).fill(headers["webhook-signature"]!).join(" ") })],
  ])("the headers of a delivery are malformed with %s", async (_, change) => {
    const { body, headers } = await delivery();
    const changed = { ...headers, ...change({ ...headers }) };
    await expect(verifier().verify({ body, headers: changed })).rejects.toEqual(code("SIGNATURE_MALFORMED"));
  });

  it("the headers of a delivery may have signatures of later versions, and eight of this one", async () => {
    const { body, headers } = await delivery();
    const own = headers["webhook-signature"];
    const wrong = `v1,${btoa("x".repeat(32))}`;
    for (const signature of [`v1a,AAAA ${own}`, `${own} v2,x`, [...Array(7).fill(wrong), own].join(" ")]) {
      const changed = { ...headers, "webhook-signature": signature };
      expect((await verifier().verify({ body, headers: changed })).id).toBe(ID);
    }
  });

  it("the headers of a delivery have one spelling: the unused bits of base64 must be zero", async () => {
    const { body, headers } = await delivery();
    const own = headers["webhook-signature"];
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const twin = `${own.slice(0, -2)}${letters[letters.indexOf(own.at(-2)!) + 1]}=`;
    expect(atob(twin.slice(3))).toBe(atob(own.slice(3)));
    const changed = { ...headers, "webhook-signature": twin };
    await expect(verifier().verify({ body, headers: changed })).rejects.toEqual(code("SIGNATURE_MALFORMED"));
  });
});

describe("a forgery is refused", () => {
  const flipped = (value: string, bit: number) => {
    const index = (bit >> 3) % value.length;
    const turned = String.fromCharCode(value.charCodeAt(index) ^ (1 << (bit & 7)));
    return value.slice(0, index) + turned + value.slice(index + 1);
  };

  it("a forgery is refused with any one bit of id, time, signature or body inverted", async () => {
    const kept = verifier({ toleranceMs: Number.POSITIVE_INFINITY });
    const id = fc.stringMatching(/^[\w:-]{1,40}$/);
    const body = fc.uint8Array({ minLength: 1, maxLength: 200 });
    const part = fc.constantFrom("webhook-id", "webhook-timestamp", "webhook-signature", "body");
    const bit = fc.nat(8 * 256);
    await fc.assert(
      fc.asyncProperty(id, fc.nat(2 ** 31), body, part, bit, async (id, ageSeconds, body, part, bit) => {
        const { headers } = await delivery(body, { id, ageMs: NOW - ageSeconds * 1000 });
        expect((await kept.verifySignature({ body, headers })).id).toBe(id);
        const turned = body.slice();
        if (part === "body") turned[(bit >> 3) % turned.length]! ^= 1 << (bit & 7);
        const changed = part === "body" ? headers : { ...headers, [part]: flipped(headers[part], bit) };
        const error = await kept.verifySignature({ body: turned, headers: changed }).then(
          () => "accepted",
          (refused: unknown) => refused,
        );
        expect(error).toBeInstanceOf(WebhookError);
        expect((error as WebhookError).code).toMatch(/^ERR_GHL_WEBHOOK_SIGNATURE_(MISMATCH|MALFORMED|MISSING)$/);
      }),
      { numRuns: 500 },
    );
  });

  it("a forgery is refused with a captured signature under another id or at another time", async () => {
    const { body, headers } = await delivery();
    for (const change of [{ "webhook-id": "evt_02" }, { "webhook-timestamp": String(NOW / 1000 + 1) }]) {
      const forged = verifier().verify({ body, headers: { ...headers, ...change } });
      await expect(forged).rejects.toEqual(code("SIGNATURE_MISMATCH"));
    }
  });

  it("a forgery is refused with an error that contains nothing of the delivery or the secret", async () => {
    const { body, headers } = await delivery(envelope({}, '{"card":"4242"}'));
    const cases = [{ "webhook-id": "evt_02" }, { "webhook-signature": "v1,AAAA" }, { "webhook-timestamp": "1" }];
    for (const change of cases) {
      const error: unknown = await verifier()
        .verify({ body, headers: { ...headers, ...change } })
        .catch((refused: unknown) => refused);
      const said = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error);
      for (const secretPart of ["4242", SECRET.slice(6), headers["webhook-signature"].slice(3), "AAAA"])
        expect(said).not.toContain(secretPart);
    }
  });
});

describe("a signed body that is not the envelope", () => {
  it.each(["hello", "", '{"a":'])("a signed body that is not the envelope is refused as not JSON: %j", async (body) => {
    await expect(verifier().verify(await delivery(body))).rejects.toEqual(code("NOT_JSON"));
  });

  const full = JSON.parse(new TextDecoder().decode(envelope())) as Record<string, unknown>;
  const without = (field: string) => Object.fromEntries(Object.entries(full).filter(([name]) => name !== field));

  it.each<[string, unknown]>([
    ["HighLevel's own payload", JSON.parse(DATA)],
    ["a list of envelopes", [full]],
    ["a number", 7],
    ["nothing", null],
    ...Object.keys(full).map((field): [string, unknown] => [`without ${field}`, without(field)]),
    ["the id of another event", { ...full, id: "evt_02" }],
    ["a time that is none", { ...full, timestamp: "soon" }],
    ["a time as a number", { ...full, receivedAt: NOW }],
    ["a resource of no kind", { ...full, resource: { kind: "planet", id: "p" } }],
    ["a resource without an id", { ...full, resource: { kind: "location" } }],
    ["a resource that is a text", { ...full, resource: "loc1" }],
    ["a source of no kind", { ...full, source: "elsewhere" }],
    ["members of its prototype alone", JSON.parse(`{"__proto__":${JSON.stringify(full)}}`)],
  ])("a signed body that is not the envelope is refused with %s", async (_, payload) => {
    const sent = await delivery(JSON.stringify(payload));
    await expect(verifier().verify(sent)).rejects.toEqual(code("NOT_ENVELOPE"));
    expect((await verifier().verifySignature(sent)).id).toBe(ID);
  });

  it("a signed body that is not the envelope can be verified by its signature alone", async () => {
    const raw = new Uint8Array([0, 255, 10, 13]);
    const sent = await delivery(raw);
    expect(await verifier().verifySignature(sent)).toEqual({ id: ID, attemptedAtMs: NOW, secretIndex: 0 });
    const other = { ...sent, body: bytes("other") };
    await expect(verifier().verifySignature(other)).rejects.toEqual(code("SIGNATURE_MISMATCH"));
  });
});
