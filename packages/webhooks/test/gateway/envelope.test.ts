import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EnvelopeFields, verifyGatewayDelivery, writeEnvelope } from "../../src/gateway.ts";
import { JSON_VARIANTS } from "../json-variants.ts";
import { now } from "../support.ts";
import { bytes, code, DATA, delivery, envelope, FIELDS, ID, SECRET, text } from "./support.ts";

const HEAD =
  '{"id":"evt_01","type":"ContactCreate","timestamp":"2026-11-21T09:59:58.000Z","receivedAt":"2026-11-21T09:59:59.000Z",' +
  '"app":"main","resource":{"kind":"location","id":"loc1"},"source":"highlevel","data":';

it("an envelope has the fields of the contract", () => {
  expect(text(envelope())).toBe(`${HEAD}${DATA}}`);
  expect(text(envelope({ resource: null }, "null"))).toContain('"resource":null,"source":"highlevel","data":null}');
});

it("an envelope has only the documented members of the resource", () => {
  const resource = { kind: "company", id: "c1", secret: "s" } as const;
  expect(text(envelope({ resource }))).toContain('"resource":{"kind":"company","id":"c1"},');
});

describe("the data of an envelope", () => {
  it.each(Object.entries(JSON_VARIANTS))("the data of an envelope stays equal byte for byte: %s", async (_, data) => {
    const body = envelope({}, data);
    expect(text(body)).toBe(`${HEAD}${data}}`);
    const verified = await verifyGatewayDelivery({ ...(await delivery(body)), secrets: [SECRET], now });
    expect(verified.event).toEqual(JSON.parse(data));
    expect(verified.body).toEqual(body);
  });

  it("the data of an envelope loses its byte order mark, which is not JSON", () => {
    const data = new Uint8Array([0xef, 0xbb, 0xbf, ...bytes("[1]")]);
    expect(text(writeEnvelope(FIELDS, data))).toBe(`${HEAD}[1]}`);
  });

  it.each([
    ["nothing", ""],
    ["text", "hello"],
    ["half of an object", '{"a":'],
    ["what would close the envelope", '1}{"a":1'],
    ["what would say another type", '1,"type":"grant.suspended"'],
    ["what would say other data", '{},"data":{"paid":true}'],
    ["two byte order marks", "\ufeff\ufeff{}"],
    ["letters that are no UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
  ])("the data of an envelope must be JSON by itself: %s", (_, data) => {
    const write = () => writeEnvelope(FIELDS, typeof data === "string" ? bytes(data) : data);
    expect(write).toThrow(code("NOT_JSON"));
  });
});

it("any envelope is read as it was written", async () => {
  const time = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31") }).map(Number);
  const word = fc.string({ minLength: 1, unit: "binary" });
  const fields: fc.Arbitrary<EnvelopeFields> = fc.record({
    id: fc.constant(ID),
    type: word,
    timestampMs: time,
    receivedAtMs: time,
    app: word,
    resource: fc.option(fc.record({ kind: fc.constantFrom("location", "company"), id: word })),
    source: fc.constantFrom("highlevel", "gateway", "workflow"),
  });
  await fc.assert(
    fc.asyncProperty(fields, fc.json(), async (written, data) => {
      const body = writeEnvelope(written, bytes(data));
      const { name, event, ...fields } = await verifyGatewayDelivery({
        ...(await delivery(body)),
        secrets: [SECRET],
        now,
      });
      expect({ ...fields, event }).toEqual({ ...written, body, event: JSON.parse(data) });
      expect(name).toBe("unknown");
    }),
    { numRuns: 50 },
  );
});
