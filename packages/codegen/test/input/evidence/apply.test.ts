import { describe, expect, test } from "vitest";
import { applyEvidence } from "../../../src/input/evidence/apply.ts";
import type { Observation, Sureness } from "../../../src/input/evidence/evidence.ts";
import { shapeOf } from "../../../src/input/evidence/shape/shape.ts";
import { isObject, type Json, type JsonObject } from "../../../src/json/json.ts";

const CONTACT: JsonObject = {
  type: "object",
  required: ["id", "phone"],
  properties: {
    assignedTo: { type: "string" },
    id: { type: "string" },
    kind: { type: "string", enum: ["lead", "customer"] },
    phone: { type: "string" },
  },
};

interface Parts {
  readonly answer?: Json;
  readonly request?: Json;
  readonly schemas?: JsonObject;
}

const REFERENCE = { $ref: "#/components/schemas/Contact" };

/** A document with one operation. */
function documentOf({ answer = REFERENCE, request, schemas = { Contact: CONTACT } }: Parts): JsonObject {
  const body = request === undefined ? {} : { requestBody: { content: { "application/json": { schema: request } } } };
  const content = answer === null ? {} : { content: { "application/json": { schema: answer } } };
  const post = { operationId: "create", ...body, responses: { 201: { description: "", ...content } } };
  return { openapi: "3.1.0", paths: { "/contacts/": { post } }, components: { schemas } };
}

function seen(answers: readonly Json[], sureness: Sureness = "recorded", requests: readonly Json[] = []): Observation {
  const traffic = (values: readonly Json[]) =>
    values.length === 0 ? undefined : { count: values.length, shape: shapeOf(values) };
  return {
    operation: "POST /contacts",
    sources: ["a test"],
    sureness,
    date: undefined,
    version: undefined,
    status: [],
    answers: traffic(answers),
    requests: traffic(requests),
    query: [],
  };
}

/** The answer's schema and the components after what was seen. */
function after(document: JsonObject, observations: readonly Observation[], observed?: JsonObject) {
  const before = JSON.stringify(document);
  const result = applyEvidence(document, {
    observations,
    twin: observed === undefined ? undefined : { own: document, observed },
  });
  expect(JSON.stringify(document)).toBe(before);
  const post = get(result, "paths", "/contacts/", "post");
  return {
    answer: get(post, "responses", "201", "content", "application/json", "schema"),
    request: get(post, "requestBody", "content", "application/json", "schema"),
    schemas: get(result, "components", "schemas"),
  };
}

function get(value: Json, ...path: string[]): JsonObject {
  const found = path.reduce<Json>((position, key) => (isObject(position) ? (position[key] ?? {}) : {}), value);
  return isObject(found) ? found : {};
}

describe("an answer that was seen", () => {
  test("an observed answer without a required member makes it optional, and one with null makes it nullable", () => {
    const { schemas } = after(documentOf({}), [
      seen([
        { id: "a", assignedTo: null },
        { id: "b", assignedTo: "u" },
      ]),
    ]);
    expect(schemas.Contact).toMatchObject({
      required: ["id"],
      properties: { assignedTo: { type: ["string", "null"] } },
    });
  });

  test("an observed answer with another type allows both", () => {
    const { schemas } = after(documentOf({}), [seen([{ id: "a", phone: 1, assignedTo: { id: "u" } }])]);
    expect(schemas.Contact).toMatchObject({
      properties: {
        phone: { type: ["string", "number"] },
        assignedTo: { anyOf: [{ type: "string" }, { type: "object", properties: { id: { type: "string" } } }] },
      },
    });
  });

  test("an observed answer with undocumented members describes them, and an object as an open one", () => {
    const value = {
      id: "a",
      phone: "1",
      dnd: true,
      dateAdded: "2026-07-17T08:00:00.000Z",
      source: { medium: "x" },
      tags: [],
    };
    const { schemas } = after(documentOf({}), [seen([value])]);
    expect(get(schemas, "Contact", "properties")).toMatchObject({
      dateAdded: { type: "string", format: "date-time" },
      dnd: { type: "boolean" },
      source: { type: "object", properties: { medium: { type: "string" } }, additionalProperties: true },
      tags: { type: "array", items: {} },
    });
    expect(get(schemas, "Contact").required).toEqual(["id", "phone"]);
  });

  test("a member that was observed as null alone gets the schema that the document gives others of that name", () => {
    const schemas = {
      Contact: CONTACT,
      Company: { type: "object", properties: { city: { type: "string" }, owner: REFERENCE } },
    };
    const { schemas: found } = after(
      documentOf({ answer: { anyOf: [REFERENCE, { $ref: "#/components/schemas/Company" }] }, schemas }),
      [],
    );
    expect(found).toHaveProperty("Company");
    const document = documentOf({
      answer: { type: "object", properties: { contact: REFERENCE, company: { $ref: "#/components/schemas/Company" } } },
      schemas,
    });
    const { schemas: described } = after(document, [
      seen([{ contact: { id: "a", phone: "1", city: null, fax: null } }]),
    ]);
    expect(get(described, "Contact", "properties")).toMatchObject({ city: { type: ["string", "null"] }, fax: {} });
  });

  test("an observed answer inside a member is described inside it, and keeps its schema", () => {
    const { answer } = after(documentOf({}), [seen([{ contact: { id: "a", phone: "1" } }])]);
    expect(answer).toMatchObject({ required: ["contact"], properties: { contact: REFERENCE } });
  });

  test("an observed answer under another name is described under that name, and the envelope's schema goes", () => {
    const schemas = { Contact: CONTACT, Envelope: { type: "object", properties: { person: REFERENCE } } };
    const document = documentOf({ answer: { $ref: "#/components/schemas/Envelope" }, schemas });
    const { answer, schemas: left } = after(document, [seen([{ contact: { id: "a", phone: "1" } }])]);
    expect(answer).toMatchObject({ properties: { contact: REFERENCE } });
    expect(Object.keys(left)).toEqual(["Contact"]);
  });

  test("an observed answer is described where the document describes nothing", () => {
    const { answer } = after(documentOf({ answer: null }), [seen([{ contact: { id: "a" } }])]);
    expect(answer).toMatchObject({
      type: "object",
      properties: { contact: { properties: { id: { type: "string" } } } },
    });
  });
});

describe("ids", () => {
  const OPEN: JsonObject = {
    type: "object",
    properties: { id: { type: "string" }, contactId: { type: "string" }, email: { type: "string" } },
  };
  const document = documentOf({ schemas: { Contact: OPEN } });
  const required = (observations: readonly Observation[], twin?: JsonObject) =>
    get(after(document, observations, twin).schemas, "Contact").required;
  const one = { id: "a", contactId: "c", email: "e" };

  test("ids that were never absent are required: a record's own at once, another record's from the second time on", () => {
    expect(required([seen([one])])).toEqual(["id"]);
    expect(required([seen([one, one])])).toEqual(["contactId", "id"]);
    expect(required([seen([one, { id: "b" }])])).toEqual(["id"]);
  });

  test("ids that one source claims are optional, and so is one that a claim lacks", () => {
    expect(required([seen([one, one], "claimed")])).toBeUndefined();
    expect(required([seen([one, one]), seen([{ contactId: "c" }], "claimed")])).toEqual(["contactId"]);
  });

  test("ids of other records are optional where the observed generation describes the answer otherwise", () => {
    expect(required([seen([one, one])], documentOf({ schemas: { Contact: OPEN } }))).toEqual(["contactId", "id"]);
    expect(required([seen([one, one])], documentOf({}))).toEqual(["id"]);
  });
});

describe("a claim of one source", () => {
  test("a claim of one source makes members optional and nullable and adds some, but changes no type and no envelope", () => {
    const claim = seen([{ id: "a", phone: 1, assignedTo: null, dnd: true }], "claimed");
    const { schemas } = after(documentOf({}), [claim, seen([{ id: "b" }], "claimed")]);
    expect(get(schemas, "Contact")).toMatchObject({
      required: ["id"],
      properties: { assignedTo: { type: ["string", "null"] }, dnd: { type: "boolean" }, phone: { type: "string" } },
    });
    const { answer } = after(documentOf({}), [seen([{ contact: { id: "a", phone: "1" } }], "claimed")]);
    expect(answer).toMatchObject(REFERENCE);
  });
});

describe("a schema that requests and answers share", () => {
  const document = documentOf({ request: REFERENCE });

  test("a schema that requests and answers share gets a copy for requests only where answers change it", () => {
    const { request, answer, schemas } = after(document, [seen([{ id: "a" }])]);
    expect(answer).toEqual(REFERENCE);
    expect(request).toEqual({ $ref: "#/components/schemas/ContactInput" });
    expect(schemas.ContactInput).toEqual(CONTACT);
    const plain = { type: "object", properties: { name: { type: "string" }, traceId: { type: "string" } } };
    const same = after(documentOf({ request: REFERENCE, schemas: { Contact: plain } }), []);
    expect(Object.keys(same.schemas)).toEqual(["Contact"]);
  });

  test("a schema that requests and answers share is loosened for requests by what was sent, but not in answers", () => {
    const { schemas } = after(document, [seen([], "reported", [{ phone: "1" }, { phone: "2" }])]);
    expect(schemas.ContactInput).toMatchObject({ required: ["phone"] });
    expect(schemas.Contact).toMatchObject({ required: ["id", "phone"] });
  });

  test("a shared schema is loosened by one recorded exchange, and not by one sender or one author's word", () => {
    const requestAfter = (sureness: Sureness, requests: readonly Json[]) =>
      after(document, [seen([], sureness, requests)]).schemas.ContactInput;
    expect(requestAfter("recorded", [{ phone: "1" }])).toMatchObject({ required: ["phone"] });
    expect(requestAfter("reported", [{ phone: "1" }])).toMatchObject({ required: ["id", "phone"] });
    expect(requestAfter("claimed", [{ phone: "1" }, { phone: "2" }])).toMatchObject({ required: ["id", "phone"] });
  });
});

describe("every answer", () => {
  test("every answer keeps its enums open, and requests keep theirs closed", () => {
    const { schemas } = after(documentOf({ request: REFERENCE }), []);
    expect(get(schemas, "Contact", "properties").kind).toEqual({
      type: "string",
      "x-extensible-enum": ["lead", "customer"],
    });
    expect(get(schemas, "ContactInput", "properties").kind).toEqual({ type: "string", enum: ["lead", "customer"] });
  });

  test("every answer keeps the discriminators of a union closed", () => {
    const member = (type: string) => ({ type: "object", properties: { type: { type: "string", enum: [type] } } });
    const { answer } = after(documentOf({ answer: { oneOf: [member("sms"), member("email")] } }), []);
    expect(JSON.stringify(answer)).not.toContain("x-extensible-enum");
  });

  test("every answer may have traceId, but not a record that also stands in lists", () => {
    const list = {
      type: "object",
      properties: { contact: { type: "object", properties: {} }, more: { type: "array", items: REFERENCE } },
    };
    expect(get(after(documentOf({ answer: list }), []).answer, "properties").traceId).toEqual({ type: "string" });
    const nested = { ...CONTACT, properties: { ...(CONTACT.properties as JsonObject), partner: REFERENCE } };
    const { answer, schemas } = after(documentOf({ schemas: { Contact: nested } }), []);
    expect(answer).toEqual({ allOf: [REFERENCE, { type: "object", properties: { traceId: { type: "string" } } }] });
    expect(get(schemas, "Contact", "properties")).not.toHaveProperty("traceId");
    expect(after(documentOf({ answer: { type: "array", items: { type: "string" } } }), []).answer).toEqual({
      type: "array",
      items: { type: "string" },
    });
  });
});

describe("a cursor that records hold", () => {
  test("a cursor that records have can be passed back as it came", () => {
    const request = { type: "object", properties: { searchAfter: { type: "array", items: { type: "string" } } } };
    const answer = { type: "object", properties: { contacts: { type: "array", items: REFERENCE } } };
    const value = { contacts: [{ id: "a", phone: "1", sort: [1, "a"] }] };
    const { request: after1 } = after(documentOf({ request, answer }), [seen([value])]);
    expect(get(after1, "properties", "searchAfter")).toEqual({ type: "array", items: { type: ["string", "number"] } });
  });
});
