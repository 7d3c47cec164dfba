import { describe, expect, test } from "vitest";
import { MethodNotAllowedError, parseWorkflowWebhook, WorkflowWebhookError } from "../../../src/workflows.ts";
import { CONTACT_ID, LOCATION_ID, STANDARD_WEBHOOK, WORKFLOW_ID } from "../samples.ts";

const URL_ = "https://you.example/workflow";

function parse(body: unknown, contentType = "application/json", { query = "", method = "POST" } = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "content-type": contentType };
  return parseWorkflowWebhook(
    new Request(URL_ + query, { method, headers, ...(method === "GET" ? {} : { body: text }) }),
  );
}

describe("the body of a workflow's webhook", () => {
  test.each([
    ['{"a":1}', "application/json; charset=utf-8", { kind: "json", value: { a: 1 } }],
    ['{"a":1}', "application/vnd.api+json", { kind: "json", value: { a: 1 } }],
    [" [1]", "text/plain", { kind: "json", value: [1] }],
    ['{"a":1}', "application/x-www-form-urlencoded", { kind: "json", value: { a: 1 } }],
    ['{"a":1}', "", { kind: "json", value: { a: 1 } }],
    ["1", "application/json", { kind: "json", value: 1 }],
    ["a=1&a=2&b=x+y", "application/x-www-form-urlencoded", { kind: "form", fields: { a: ["1", "2"], b: ["x y"] } }],
    ["{a}=1", "Application/X-WWW-Form-Urlencoded", { kind: "form", fields: { "{a}": ["1"] } }],
    ["a=1", "text/plain", { kind: "text", text: "a=1" }],
    ["{not json", "text/plain", { kind: "text", text: "{not json" }],
    ["<a/>", "application/xml", { kind: "text", text: "<a/>" }],
    ["", "application/json", { kind: "none" }],
    [" \n", "", { kind: "none" }],
  ])("a webhook's body is read by its content: %s as %s", async (text, contentType, body) => {
    expect((await parse(text, contentType)).body).toEqual(body);
  });

  test("the body of a workflow's webhook is refused when its content type is JSON but it is not", async () => {
    await expect(parse('{"name":"Ada "the" first"}')).rejects.toBeInstanceOf(WorkflowWebhookError);
    await expect(parse("a=1")).rejects.toBeInstanceOf(WorkflowWebhookError);
  });

  test("the body of a workflow's webhook has the media type alone as content type", async () => {
    expect((await parse("{}", "Application/JSON; charset=utf-8")).contentType).toBe("application/json");
    expect((await parseWorkflowWebhook(new Request(URL_))).contentType).toBe("");
  });

  test.each(["PATCH", "HEAD", "OPTIONS"])(
    "the body of a workflow's webhook is not read when it is %s",
    async (method) => {
      const incoming = new Request(URL_, { method });
      await expect(parseWorkflowWebhook(incoming)).rejects.toBeInstanceOf(MethodNotAllowedError);
    },
  );
});

describe("the data of the Webhook action", () => {
  const expected = {
    locationId: LOCATION_ID,
    contactId: CONTACT_ID,
    workflowId: WORKFLOW_ID,
    contact: {
      id: CONTACT_ID,
      firstName: "Ada",
      lastName: "Byron",
      fullName: "Ada Byron",
      email: "ada@example.com",
      tags: ["lead", "newsletter"],
    },
    customData: { source: "landing page" },
  };
  const flat = (separate: (group: string, member: string) => string): URLSearchParams =>
    new URLSearchParams(
      Object.entries(STANDARD_WEBHOOK).flatMap(([name, value]) =>
        typeof value === "string"
          ? [[name, value]]
          : Object.entries(value).map(([member, each]) => [separate(name, member), String(each)]),
      ),
    );
  const json = new URLSearchParams(
    Object.entries(STANDARD_WEBHOOK).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

  test("the data of the Webhook action is found in JSON", async () => {
    expect(await parse(STANDARD_WEBHOOK)).toMatchObject(expected);
  });

  test.each([
    ["dots", flat((group, member) => `${group}.${member}`)],
    ["brackets", flat((group, member) => `${group}[${member}]`)],
    ["JSON text", json],
  ])("the data of the Webhook action is found in a form and in a query, with %s", async (_name, pairs) => {
    expect(await parse(pairs.toString(), "application/x-www-form-urlencoded")).toMatchObject(expected);
    expect(await parse("", "", { query: `?${pairs}`, method: "GET" })).toMatchObject(expected);
  });

  test.each([
    { locationId: LOCATION_ID, contactId: CONTACT_ID, workflowId: WORKFLOW_ID },
    { location_id: LOCATION_ID, contact_id: CONTACT_ID, workflow_id: WORKFLOW_ID },
    { "location.id": LOCATION_ID, "contact.id": CONTACT_ID, "workflow.id": WORKFLOW_ID },
    { location: { id: LOCATION_ID }, contact: { id: ` ${CONTACT_ID} ` }, workflow: { id: WORKFLOW_ID } },
    { extras: { locationId: LOCATION_ID, contactId: CONTACT_ID, workflowId: WORKFLOW_ID } },
    { customData: { location_id: LOCATION_ID, contact_id: CONTACT_ID, workflow_id: WORKFLOW_ID } },
  ])("the data of the Webhook action has ids in the format of a user: %o", async (body) => {
    const { locationId, contactId, workflowId } = await parse(body);
    expect({ locationId, contactId, workflowId }).toEqual({
      locationId: LOCATION_ID,
      contactId: CONTACT_ID,
      workflowId: WORKFLOW_ID,
    });
  });

  test("the data of the Webhook action takes precedence over the custom data, and the body over the query", async () => {
    const body = { contact_id: "c1", customData: { contact_id: "c2", location_id: "l2" } };
    const webhook = await parse(body, "application/json", { query: "?contact_id=c3&locationId=l3" });
    expect(webhook).toMatchObject({ contactId: "c1", locationId: "l3" });
  });

  test.each(["{{contact.id}}", "", "null value", "../contacts", 7, null, ["c1"], { id: "c1" }])(
    "%o is no contact's id",
    async (contactId) => {
      expect(await parse({ contact_id: contactId })).not.toHaveProperty("contactId");
    },
  );

  test("the data of the Webhook action has no id when two are given, and one when it is given twice", async () => {
    const both = await parse("", "", {
      query: "?contact_id=c1&contact_id=c2&locationId=l1&locationId=l1",
      method: "GET",
    });
    expect(both).not.toHaveProperty("contactId");
    expect(both).toMatchObject({ locationId: "l1", query: { contact_id: ["c1", "c2"] } });
  });

  test("the data of the Webhook action is missing in another body", async () => {
    for (const body of [[STANDARD_WEBHOOK], '"text"', "null"]) {
      const webhook = await parse(body);
      expect(webhook).not.toHaveProperty("contactId");
      expect(webhook).toMatchObject({ contact: { tags: [] }, customData: {} });
    }
  });

  test("the data of the Webhook action does not change a prototype", async () => {
    const body =
      '{"__proto__":{"id":"evil"},"customData":{"__proto__":{"polluted":true}},"location":{"__proto__":{"id":"l1"}}}';
    const { customData, ...webhook } = await parse(body);
    expect(webhook).not.toHaveProperty("locationId");
    expect((customData as { polluted?: unknown }).polluted).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
