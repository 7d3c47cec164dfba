import { describe, expect, it } from "vitest";
import { eventNames, schemas, wireType } from "../../src/index.ts";
import { sampleEvent } from "../../src/testing.ts";

const validate = (name: keyof typeof schemas, value: unknown) => {
  const result = schemas[name]["~standard"].validate(value);
  return result.issues?.map(({ path = [] }) => path.join(".")) ?? "fits";
};

it.each(eventNames)("the schema of %s accepts its sample and returns the same object", (name) => {
  const sample = sampleEvent(name);
  const standard = schemas[name]["~standard"];
  expect(standard).toMatchObject({ version: 1, vendor: "ghl-edge" });
  expect(standard.validate(sample)).toEqual({ value: sample });
  expect((standard.validate(sample) as { value: unknown }).value).toBe(sample);
});

describe("a schema", () => {
  it("a schema accepts unknown fields, new enumeration values and null", () => {
    expect(validate("ContactCreate", { type: "ContactCreate", newField: { a: 1 }, email: null })).toBe("fits");
    expect(validate("AppPaymentStatus", { type: "APP_PAYMENT_STATUS", newStatus: "REFUNDED", userId: null })).toBe(
      "fits",
    );
    expect(validate("InvoicePaid", {})).toBe("fits");
    expect(validate("UserUpdate", { anything: [1] })).toBe("fits");
  });

  it("a schema accepts both variants when the documents show two", () => {
    expect(validate("ProviderOutboundMessage", { type: "Email", emailTo: "a@b.co" })).toBe("fits");
    expect(validate("ProviderOutboundMessage", { type: "Email", emailTo: ["a@b.co"] })).toBe("fits");
    for (const value of ["a", 1, [1, "a"], { a: 1 }]) {
      expect(validate("ContactCreate", { type: "ContactCreate", customFields: [{ id: "i", value }] })).toBe("fits");
    }
    const plan = sampleEvent("SaaSPlanCreate");
    expect(validate("SaaSPlanCreate", [plan, plan])).toBe("fits");
  });
});

describe("a captured value", () => {
  it("a captured value is accepted although a document contradicts it", () => {
    const fits = (name: keyof typeof schemas, fields: object) => validate(name, { type: wireType(name), ...fields });
    expect(fits("OpportunityCreate", { assignedTo: null })).toBe("fits");
    expect(fits("InboundMessage", { from: {}, to: {} })).toBe("fits");
    expect(fits("InboundMessage", { from: "a", to: ["a"], mentions: [{}], messageTypeId: 1 })).toBe("fits");
    expect(fits("OrderCreate", { items: [{ product: { taxes: [1, { rate: 1 }] } }] })).toBe("fits");
    expect(fits("ContactDelete", { dndSettings: { RCS: { status: "active" } } })).toBe("fits");
    expect(fits("ContactCreate", { attributionSource: { medium: "form", mediumId: null } })).toBe("fits");
  });

  it("a captured value does not widen other types of the field", () => {
    expect(validate("InboundMessage", { type: "InboundMessage", from: [], to: 1 })).toEqual(["from", "to"]);
    const taxes = [1, "7 %", { rate: "7" }];
    expect(validate("OrderCreate", { type: "OrderCreate", items: [{ product: { taxes } }] })).toEqual([
      "items.0.product.taxes.1",
      "items.0.product.taxes.2.rate",
    ]);
    const result = schemas.OrderCreate["~standard"].validate({ type: "OrderCreate", items: [{ product: { taxes } }] });
    expect(result.issues?.[0]?.message).toBe("must be number or object, got string");
  });
});

describe("the issues of a payload", () => {
  const contact = (fields: object) => validate("ContactCreate", { type: "ContactCreate", ...fields });

  it("the issues of a payload carry the path of each wrong value", () => {
    expect(contact({ email: 5, dnd: "yes", tags: ["a", 2], attachments: {} })).toEqual([
      "email",
      "dnd",
      "tags.1",
      "attachments",
    ]);
    expect(contact({ customFields: [{ id: "a", value: true }, 7] })).toEqual([
      "customFields.0.value",
      "customFields.1",
    ]);
    expect(contact({ timestamp: 5, appId: {} })).toEqual(["timestamp", "appId"]);
    expect(validate("InvoicePaid", { contactDetails: { address: { city: 1 } }, amountPaid: "5" })).toEqual([
      "contactDetails.address.city",
      "amountPaid",
    ]);
    expect(
      validate("ContactDndUpdate", { type: "ContactDndUpdate", firstName: 1, dndSettings: { SMS: "off" } }),
    ).toEqual(["firstName", "dndSettings.SMS"]);
    expect(validate("SaaSPlanCreate", [sampleEvent("SaaSPlanCreate"), { type: "SaasPlanCreate", planId: 1 }])).toEqual([
      "1.planId",
    ]);
  });

  it("the issues of a payload name the expected and the received type", () => {
    const result = schemas.ProviderOutboundMessage["~standard"].validate({ type: "Email", emailTo: 1, userId: 2 });
    expect(result.issues).toEqual([
      { message: "must be string, got number", path: ["userId"] },
      { message: "must be string or array, got number", path: ["emailTo"] },
    ]);
  });

  it.each([[undefined], [null], ["text"], [5], [[]], [[{}]]])(
    "the issues of a payload refuse %j, which is not a single event",
    (value) => {
      expect(validate("ContactCreate", value)).toEqual([""]);
    },
  );

  it("the issues of a payload name a missing required field", () => {
    expect(validate("ExternalAuthConnected", { type: "EXTERNAL_AUTH_CONNECTED" })).toEqual(["authType"]);
    expect(validate("ExternalAuthConnected", { type: "EXTERNAL_AUTH_CONNECTED", authType: null })).toEqual([
      "authType",
    ]);
  });

  it("the issues of a payload distinguish events with equal fields by type", () => {
    for (const name of ["ContactCreate", "AppInstall", "OpportunityDelete"] as const) {
      const { type: _, ...untyped } = sampleEvent(name);
      expect(validate(name, untyped)).toEqual(["type"]);
      expect(validate(name, { ...untyped, type: "ContactDelete" })).toEqual(["type"]);
      expect(validate(name, { ...untyped, type: wireType(name).toLowerCase() })).toBe("fits");
    }
    expect(validate("InvoicePaid", { type: "InvoiceVoid" })).toEqual(["type"]);
    expect(validate("PriceUpdate", { type: "InvoiceVoid" })).toEqual(["type"]);
    for (const name of ["PriceUpdate", "PriceCreate"] as const) {
      expect(validate(name, { type: "one_time" })).toBe("fits");
      expect(validate(name, { type: name })).toBe("fits");
    }
    expect(validate("ConversationUpdate", { type: "one_time" })).toEqual(["type"]);
  });

  it("the issues of a payload ignore inherited members such as constructor", () => {
    expect(validate("ContactCreate", JSON.parse('{"type":"ContactCreate","__proto__":{"email":5}}'))).toBe("fits");
  });
});
