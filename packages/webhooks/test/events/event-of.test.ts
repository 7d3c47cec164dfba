import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventName, eventNames, eventOf, tenantOf, wireType } from "../../src/index.ts";
import { sampleEvent } from "../../src/testing.ts";

const INVOICES = eventNames.filter((name) => name.startsWith("Invoice"));
const PRICES = eventNames.filter((name) => name.startsWith("Price"));
const TYPELESS = eventNames.filter((name) =>
  /^(Association|Invoice|ObjectSchema|Product|Relation)|^PriceCreate$/.test(name),
);
const DATA_TYPED = [
  "ProviderOutboundMessage",
  "PriceUpdate",
  "PriceDelete",
  "RecordCreate",
  "RecordUpdate",
  "RecordDelete",
];

it("the package knows 77 events, 18 of them documented without a type and 6 whose type is data", () => {
  expect(eventNames).toHaveLength(77);
  expect(TYPELESS).toHaveLength(18);
  for (const name of DATA_TYPED) expect(eventNames).toContain(name);
});

describe("the type of a payload", () => {
  it.each(eventNames)("the type of a payload identifies %s in any letter case", (name) => {
    const type = wireType(name);
    for (const spelled of [type, type.toLowerCase(), type.toUpperCase(), name]) {
      expect(eventOf({ type: spelled })).toEqual({ name, event: { type: spelled }, identifiedBy: "type" });
    }
  });

  it.each([
    ["INSTALL", "AppInstall"],
    ["UNINSTALL", "AppUninstall"],
    ["UPDATE", "AppUpdate"],
    ["PLAN_CHANGE", "PlanChange"],
    ["APP_PAYMENT_STATUS", "AppPaymentStatus"],
    ["EXTERNAL_AUTH_CONNECTED", "ExternalAuthConnected"],
    ["SaasPlanCreate", "SaaSPlanCreate"],
    ["ConversationUnreadUpdate", "ConversationUnreadWebhook"],
    ["ConversationProviderOutboundMessage", "ProviderOutboundMessage"],
  ])("%s identifies %s", (type, name) => {
    expect(eventName(type)).toBe(name);
    expect(eventOf({ type }).name).toBe(name);
  });

  it("the type of a payload wins over a hint, because it is signed and the URL is not", () => {
    expect(eventOf({ type: "InvoiceVoid", invoiceNumber: "1" }, "InvoicePaid")).toMatchObject({
      name: "InvoiceVoid",
      identifiedBy: "type",
    });
    expect(eventOf({ type: "ContactCreate" }, "RecordCreate").name).toBe("ContactCreate");
  });
});

describe("the letter case of a type", () => {
  it("the letter case of a type is ignored for A to Z alone, so a similar letter makes another name", () => {
    // `toLowerCase` turns the Kelvin sign into a k.
    const withK = eventNames.find((name) => /k/i.test(name)) ?? "";
    expect(eventName(withK.toUpperCase())).toBe(withK);
    expect(eventName(withK.replace(/k/i, "\u212A"))).toBeUndefined();
  });
});

describe("a hint", () => {
  it.each([...TYPELESS, ...DATA_TYPED, "VoiceAiCallEnd"])(
    "a hint identifies %s, which is unknown without it",
    (name) => {
      const known = eventNames.find((candidate) => candidate === name)!;
      const payload = sampleEvent(known, {}, { envelope: false });
      const alone = eventOf(payload);
      expect(alone).toMatchObject({
        name: "unknown",
        reason: DATA_TYPED.includes(name) ? "type-unrecognised" : "type-missing",
      });
      expect(alone.name === "unknown" && alone.candidates).toContain(name);
      for (const hint of [name, name.toLowerCase()]) {
        expect(eventOf(payload, hint)).toEqual({ name, event: payload, identifiedBy: "hint" });
      }
    },
  );

  it.each(["one_time", "recurring", "Recurring", "half_time"])(
    "a hint identifies every price event whose type is %s",
    (type) => {
      for (const name of ["PriceCreate", "PriceUpdate", "PriceDelete"] as const) {
        const payload = sampleEvent(name, { type });
        expect(eventOf(payload)).toMatchObject({ name: "unknown", reason: "type-unrecognised", candidates: PRICES });
        expect(eventOf(payload, name)).toEqual({ name, event: payload, identifiedBy: "hint" });
      }
    },
  );

  it.each([
    ["InvoicePaid", "invoiceNumber"],
    ["PriceUpdate", "product"],
    ["RecordUpdate", "objectKey"],
    ["RecordUpdate", "properties"],
  ] as const)("a hint identifies %s by %s with any data in type", (name, marker) => {
    for (const type of ["draft", "USER_DEFINED", "SMS", "custom_objects.pets", "Draft"])
      expect(eventOf({ type, [marker]: "x" }, name)).toMatchObject({ name, identifiedBy: "hint" });
  });

  it.each(["InvoiceRefunded", "PriceArchived", "LCInvoice"])(
    "a hint does not override %s, the name of a newer event",
    (type) => {
      for (const name of ["InvoicePaid", "PriceUpdate", "RecordUpdate"] as const) {
        const payload = sampleEvent(name, { type });
        expect(eventOf(payload, name)).toMatchObject({ reason: "hint-contradicted", candidates: [] });
      }
    },
  );

  it("a hint is ignored for every event whose type reads like a name", () => {
    const upper = eventNames.map(wireType).filter((type) => type === type.toUpperCase());
    // Types of lifecycle events. Payloads without a type have none of their fields.
    expect(upper).toEqual([
      "INSTALL",
      "APP_PAYMENT_STATUS",
      "UNINSTALL",
      "UPDATE",
      "EXTERNAL_AUTH_CONNECTED",
      "PLAN_CHANGE",
    ]);
    for (const name of eventNames.filter((one) => !upper.includes(wireType(one)))) {
      const newer = `${wireType(name)}Again`;
      expect(eventOf({ type: newer, invoiceNumber: "1" }, "InvoicePaid")).toMatchObject({ name: "unknown" });
    }
  });

  it("a hint does not win over the fields of the payload", () => {
    const record = sampleEvent("RecordCreate", {}, { envelope: false });
    expect(eventOf(record, "InvoicePaid")).toMatchObject({ name: "unknown", reason: "hint-contradicted" });
    const invoice = sampleEvent("InvoicePaid", {}, { envelope: false });
    expect(eventOf(invoice, "RelationCreate")).toMatchObject({
      name: "unknown",
      reason: "hint-contradicted",
      candidates: INVOICES,
    });
    expect(eventOf({ type: "BrandNewEvent" }, "ContactCreate")).toMatchObject({ reason: "hint-contradicted" });
  });

  it("a hint that names no event gives the reason hint-unrecognised", () => {
    expect(eventOf({}, "Invoice")).toMatchObject({ name: "unknown", reason: "hint-unrecognised" });
  });
});

describe("a payload without a name", () => {
  it.each(["OrderUpdate", "OrderDelete", "TaskUpdate"])(
    "a payload without a name has the reason legacy-name for %s, a name from older guides",
    (type) => {
      expect(eventNames).not.toContain(type);
      expect(eventOf({ type })).toMatchObject({ name: "unknown", reason: "legacy-name", event: { type } });
    },
  );

  it.each([
    [{ type: "CallCreate" }, "type-unrecognised"],
    [{ type: "SMS", messageId: "m" }, "type-unrecognised"],
    [{}, "type-missing"],
    [{ type: "" }, "type-missing"],
    [{ type: 7 }, "type-missing"],
    [{ type: "constructor" }, "type-unrecognised"],
    [JSON.parse('{"__proto__":{"type":"INSTALL"}}'), "type-missing"],
    [null, "not-an-event"],
    ["INSTALL", "not-an-event"],
    [[], "not-an-event"],
    [[{ type: "ContactCreate" }], "not-an-event"],
    [[{ type: "SaasPlanCreate" }, { type: "ContactCreate" }], "not-an-event"],
    [[[{ type: "SaasPlanCreate" }]], "not-an-event"],
  ])("a payload without a name like %j has the reason %s", (payload, reason) => {
    expect(eventOf(payload)).toMatchObject({ name: "unknown", reason, event: payload });
  });

  it("a payload without a name never makes eventOf throw and never gets a name", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.option(fc.string(), { nil: undefined }), (payload, hint) => {
        const { name } = eventOf(payload, hint);
        tenantOf(eventOf(payload, hint));
        expect(name).toBe("unknown");
      }),
    );
  });
});

it("SaaSPlanCreate may be one plan or a list of plans", () => {
  const plan = sampleEvent("SaaSPlanCreate");
  expect(eventOf(plan).name).toBe("SaaSPlanCreate");
  expect(eventOf([plan, plan])).toEqual({ name: "SaaSPlanCreate", event: [plan, plan], identifiedBy: "type" });
  // Its items always have a type, so a hint never names it.
  expect(eventOf([{ planId: "p" }], "SaaSPlanCreate")).toMatchObject({ name: "unknown", reason: "not-an-event" });
});

describe("tenantOf", () => {
  it.each(eventNames.filter((name) => name !== "SaaSPlanCreate"))(
    "tenantOf finds the location of the sample of %s",
    (name) => {
      const classified = eventOf(sampleEvent(name), name);
      expect(tenantOf(classified).locationId).toBe("sample-location");
    },
  );

  it.each([
    [{ type: "InvoicePaid", altId: "l", altType: "location" }, { locationId: "l" }],
    [{ type: "InvoicePaid", altId: "c", altType: "company" }, {}],
    [{ type: "OrderCreate", altId: "a", altType: "other", locationId: "l" }, { locationId: "l" }],
    [
      { type: "LocationCreate", id: "l", companyId: "c" },
      { locationId: "l", companyId: "c" },
    ],
    [{ type: "INSTALL", companyId: "c" }, { companyId: "c" }],
    [[{ type: "SaasPlanCreate", companyId: "c", locationId: 3 }], { companyId: "c" }],
    [{ type: "New", locationId: "l", altId: "a" }, { locationId: "l" }],
    [[], {}],
    [null, {}],
  ])("tenantOf reads from %j the tenant %j", (payload, tenant) => {
    expect(tenantOf(eventOf(payload))).toEqual(tenant);
  });
});
