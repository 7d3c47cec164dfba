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

it("knows 77 events, 18 of them documented without a type, 6 whose type is data", () => {
  expect(eventNames).toHaveLength(77);
  expect(TYPELESS).toHaveLength(18);
  for (const name of DATA_TYPED) expect(eventNames).toContain(name);
});

describe("type", () => {
  it.each(eventNames)("%s is told by its own type, in any letter case", (name) => {
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
  ])("%s is %s", (type, name) => {
    expect(eventName(type)).toBe(name);
    expect(eventOf({ type }).name).toBe(name);
  });

  it("wins over a hint: it was signed, the URL was not", () => {
    expect(eventOf({ type: "InvoiceVoid", invoiceNumber: "1" }, "InvoicePaid")).toMatchObject({
      name: "InvoiceVoid",
      identifiedBy: "type",
    });
    expect(eventOf({ type: "ContactCreate" }, "RecordCreate").name).toBe("ContactCreate");
  });
});

describe("case", () => {
  it("is that of A to Z alone: a letter that only looks like one of a name makes another name", () => {
    // The Kelvin sign: `toLowerCase` makes it a k.
    const withK = eventNames.find((name) => /k/i.test(name)) ?? "";
    expect(eventName(withK.toUpperCase())).toBe(withK);
    expect(eventName(withK.replace(/k/i, "\u212A"))).toBeUndefined();
  });
});

describe("hint", () => {
  it.each([...TYPELESS, ...DATA_TYPED, "VoiceAiCallEnd"])("%s is unknown without and told with it", (name) => {
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
  });

  it.each(["one_time", "recurring", "Recurring", "half_time"])("tells every price event whose type is %s", (type) => {
    for (const name of ["PriceCreate", "PriceUpdate", "PriceDelete"] as const) {
      const payload = sampleEvent(name, { type });
      expect(eventOf(payload)).toMatchObject({ name: "unknown", reason: "type-unrecognised", candidates: PRICES });
      expect(eventOf(payload, name)).toEqual({ name, event: payload, identifiedBy: "hint" });
    }
  });

  it.each([
    ["InvoicePaid", "invoiceNumber"],
    ["PriceUpdate", "product"],
    ["RecordUpdate", "objectKey"],
    ["RecordUpdate", "properties"],
  ] as const)("tells %s by %s, whatever word that is no name of an event stands in type", (name, marker) => {
    for (const type of ["draft", "USER_DEFINED", "SMS", "custom_objects.pets", "Draft"])
      expect(eventOf({ type, [marker]: "x" }, name)).toMatchObject({ name, identifiedBy: "hint" });
  });

  it.each(["InvoiceRefunded", "PriceArchived", "LCInvoice"])(
    "does not override %s, the name of a newer event",
    (type) => {
      for (const name of ["InvoicePaid", "PriceUpdate", "RecordUpdate"] as const) {
        const payload = sampleEvent(name, { type });
        expect(eventOf(payload, name)).toMatchObject({ reason: "hint-contradicted", candidates: [] });
      }
    },
  );

  it("reads like a name whatever names an event that is told by its type", () => {
    const upper = eventNames.map(wireType).filter((type) => type === type.toUpperCase());
    // Words of the app's life; what carries no type has none of their fields.
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

  it("is not believed against the fields", () => {
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

  it("that names nothing is said to name nothing", () => {
    expect(eventOf({}, "Invoice")).toMatchObject({ name: "unknown", reason: "hint-unrecognised" });
  });
});

describe("unknown", () => {
  it.each(["OrderUpdate", "OrderDelete", "TaskUpdate"])("%s is a name of older guides, no event", (type) => {
    expect(eventNames).not.toContain(type);
    expect(eventOf({ type })).toMatchObject({ name: "unknown", reason: "legacy-name", event: { type } });
  });

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
  ])("%j: %s", (payload, reason) => {
    expect(eventOf(payload)).toMatchObject({ name: "unknown", reason, event: payload });
  });

  it("never throws, and never names what names nothing", () => {
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
  // It always names itself, so a URL never makes an event of it.
  expect(eventOf([{ planId: "p" }], "SaaSPlanCreate")).toMatchObject({ name: "unknown", reason: "not-an-event" });
});

describe("tenant", () => {
  it.each(eventNames.filter((name) => name !== "SaaSPlanCreate"))("%s: the sample's location is found", (name) => {
    const classified = eventOf(sampleEvent(name), name);
    expect(tenantOf(classified).locationId).toBe("sample-location");
  });

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
  ])("%j: %j", (payload, tenant) => {
    expect(tenantOf(eventOf(payload))).toEqual(tenant);
  });
});
