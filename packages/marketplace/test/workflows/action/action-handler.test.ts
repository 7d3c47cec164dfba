import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  createWorkflowActionHandler,
  type MarketplaceError,
  parseWorkflowAction,
  type WorkflowAction,
  WorkflowActionError,
} from "../../../src/workflows.ts";
import { ACTION, CONTACT_ID, LOCATION_ID, WORKFLOW_ID } from "../samples.ts";

const URL_ = "https://you.example/action";
const TOKEN = "token-of-the-action";
const BRANCH = { id: "3f0c6a58-91d4-4e7b-8a26-c5b7d1e09f42", name: "Yes", fields: { answer: "yes" } };
const branching = { ...ACTION, data: { ...ACTION.data, branches: [BRANCH] } };

function request(method: string, body?: unknown, { query = "", token = TOKEN } = {}): Request {
  return new Request(URL_ + query, {
    method,
    headers: { "x-key": token },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

function setUp(options: object = {}) {
  const seen: WorkflowAction[] = [];
  const errors: MarketplaceError[] = [];
  const handler = createWorkflowActionHandler({
    auth: { kind: "header", name: "X-Key", values: [TOKEN] },
    actions: {
      send_message: (action) => {
        seen.push(action);
        return { messageId: "m1" };
      },
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  return { handler, seen, errors };
}

describe("an execution of an action", () => {
  test("an execution of an action is dispatched by its key, and answered with the output", async () => {
    const { handler, seen } = setUp();
    const response = await handler(request("POST", ACTION));
    expect([response.status, await response.json()]).toEqual([200, { messageId: "m1" }]);
    expect(seen).toEqual([
      {
        key: "send_message",
        version: "1.0",
        data: ACTION.data,
        branches: [],
        locationId: LOCATION_ID,
        contactId: CONTACT_ID,
        workflowId: WORKFLOW_ID,
        extras: ACTION.extras,
        body: ACTION,
      },
    ]);
  });

  test.each(["POST", "PUT", "PATCH", "DELETE"])("an execution of an action may be a %s", async (method) => {
    expect((await setUp().handler(request(method, ACTION))).status).toBe(200);
  });

  test("an execution of an action may be a GET with its parts in the query", async () => {
    const { handler, seen } = setUp();
    const query = new URLSearchParams({
      "meta[key]": "send_message",
      "data.message": "Hello",
      extras: JSON.stringify(ACTION.extras),
    });
    expect((await handler(request("GET", undefined, { query: `?${query}` }))).status).toBe(200);
    expect(seen).toMatchObject([{ key: "send_message", data: { message: "Hello" }, locationId: LOCATION_ID }]);
  });

  test("an execution of an action without an output is an empty object", async () => {
    const { handler } = setUp({ actions: { send_message: async () => undefined } });
    expect(await (await handler(request("POST", ACTION))).json()).toEqual({});
  });

  test("an execution of an action chooses a branch", async () => {
    const { handler } = setUp({ actions: { send_message: () => ({ branchId: BRANCH.id, answer: "yes" }) } });
    const response = await handler(request("POST", branching));
    expect(await response.json()).toEqual({ branchId: BRANCH.id, answer: "yes" });
    expect((await handler(request("POST", ACTION))).status).toBe(200);
  });

  test.each([{ branchId: "another" }, { branchId: "" }, { branchId: 1 }, null, [1], "text"])(
    "an execution of an action is a 500 rather than %o, which HighLevel could not read",
    async (output) => {
      const { handler, errors } = setUp({ actions: { send_message: () => output } });
      const response = await handler(request("POST", branching));
      expect(await response.json()).toMatchObject({ status: 500, code: "ERR_GHL_WORKFLOW_ACTION_REPLY" });
      expect(errors).toHaveLength(1);
    },
  );

  test("an execution of an action is dispatched by its version when there are functions by version", async () => {
    const { handler } = setUp({
      actions: {
        send_message: { "1.0": () => ({ v: 1 }), default: () => ({ v: "other" }) },
        old: { "1.0": () => ({}) },
      },
    });
    const versioned = async (key: string, version: unknown) => {
      const response = await handler(request("POST", { ...ACTION, meta: { key, version } }));
      return [response.status, await response.json()];
    };
    expect(await versioned("send_message", "1.0")).toEqual([200, { v: 1 }]);
    expect(await versioned("send_message", "2.0")).toEqual([200, { v: "other" }]);
    expect(await versioned("send_message", undefined)).toEqual([200, { v: "other" }]);
    expect(await versioned("send_message", "constructor")).toEqual([200, { v: "other" }]);
    expect(await versioned("old", "2.0")).toMatchObject([404, { parameter: "meta.version" }]);
  });

  test.each(["nobodys-action", "constructor", "__proto__", "toString"])(
    "an execution of the unknown action %s is 404",
    async (key) => {
      const { handler, seen } = setUp();
      const response = await handler(request("POST", { ...ACTION, meta: { key, version: "1.0" } }));
      expect(response.status).toBe(404);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ code: "ERR_GHL_WORKFLOW_ACTION_UNKNOWN", parameter: "meta.key" });
      expect(text).not.toContain(key);
      expect(seen).toHaveLength(0);
    },
  );

  test.each([
    [401, "ERR_GHL_WORKFLOW_AUTH", request("POST", ACTION, { token: "wrong" })],
    [401, "ERR_GHL_WORKFLOW_AUTH", request("POST", "{", { token: "wrong" })],
    [400, "ERR_GHL_WORKFLOW_ACTION", request("POST", "{")],
    [400, "ERR_GHL_WORKFLOW_ACTION", request("POST", [ACTION])],
    [400, "ERR_GHL_WORKFLOW_ACTION", request("POST", { data: {} })],
    [405, "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED", new Request(URL_, { method: "OPTIONS" })],
    [413, "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE", request("POST", "x".repeat(2_000))],
  ])("an execution of an action is answered %i with the code %s", async (status, code, incoming) => {
    const { handler, seen, errors } = setUp({ maxBodyBytes: 1_000 });
    const response = await handler(incoming);
    expect(await response.json()).toMatchObject({ status, code });
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(seen).toHaveLength(0);
  });

  test("an execution of an action is 500 when its function throws", async () => {
    const { handler } = setUp({ actions: { send_message: () => Promise.reject(new Error(TOKEN)) } });
    const response = await handler(request("POST", ACTION));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain(TOKEN);
  });
});

describe("a field's options", () => {
  const options = { sender: ({ query }: { query: object }) => [{ label: JSON.stringify(query), value: "US" }] };

  test("a field's options have HighLevel's format", async () => {
    const response = await setUp({ options }).handler(request("GET", undefined, { query: "?options=sender&active=1" }));
    expect(await response.json()).toEqual({
      options: [{ label: '{"options":["sender"],"active":["1"]}', value: "US" }],
    });
  });

  test("a field's options do not contain the secret", async () => {
    const auth = { kind: "query", name: "key", values: [TOKEN] };
    const { handler } = setUp({ auth, options });
    const response = await handler(new Request(`${URL_}?options=sender&key=${TOKEN}`));
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain(TOKEN);
  });

  test.each([
    [404, "ERR_GHL_WORKFLOW_ACTION_UNKNOWN", request("GET", undefined, { query: "?options=other" })],
    [404, "ERR_GHL_WORKFLOW_ACTION_UNKNOWN", request("GET", undefined, { query: "?options=constructor" })],
    [405, "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED", request("POST", ACTION, { query: "?options=sender" })],
    [401, "ERR_GHL_WORKFLOW_AUTH", request("GET", undefined, { query: "?options=sender", token: "wrong" })],
  ])("a field's options are answered %i with the code %s", async (status, code, incoming) => {
    expect(await (await setUp({ options }).handler(incoming)).json()).toMatchObject({ status, code });
  });

  test.each([undefined, {}, [{}], [{ label: "A" }], [{ label: "A", value: 1 }], [null], [{ label: "", value: "a" }]])(
    "a field's options are a 500 where they are %o",
    async (wrong) => {
      const { handler } = setUp({ options: { sender: () => wrong } });
      const response = await handler(request("GET", undefined, { query: "?options=sender" }));
      expect(await response.json()).toMatchObject({ status: 500, code: "ERR_GHL_WORKFLOW_ACTION_REPLY" });
    },
  );
});

describe("a dynamic field", () => {
  const sections = [
    {
      section: "Sender",
      fields: [
        { field: "from", title: "From", fieldType: "select", required: true, options: [{ label: "A", value: "a" }] },
      ],
    },
  ];
  const fields = { send_message: ({ data }: WorkflowAction) => (data.message === "Hello" ? sections : []) };

  test("a dynamic field is built from the values entered so far", async () => {
    const { handler, seen } = setUp({ fields });
    expect(await (await handler(request("POST", ACTION, { query: "?fields" }))).json()).toEqual({ inputs: sections });
    const other = { ...ACTION, data: {} };
    expect(await (await handler(request("POST", other, { query: "?fields=1" }))).json()).toEqual({ inputs: [] });
    expect(seen).toHaveLength(0);
  });

  test.each([
    [
      404,
      "ERR_GHL_WORKFLOW_ACTION_UNKNOWN",
      request("POST", { ...ACTION, meta: { key: "other" } }, { query: "?fields" }),
    ],
    [400, "ERR_GHL_WORKFLOW_ACTION", request("POST", {}, { query: "?fields" })],
    [405, "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED", request("GET", undefined, { query: "?fields" })],
  ])("a dynamic field is answered %i with the code %s", async (status, code, incoming) => {
    expect(await (await setUp({ fields }).handler(incoming)).json()).toMatchObject({ status, code });
  });

  test.each([
    undefined,
    [{ fields: [] }],
    [{ section: "S" }],
    [{ section: "S", fields: [{ title: "T", fieldType: "string" }] }],
    [{ section: "S", fields: [{ field: "f", title: "T", fieldType: "select", options: [{ label: "A" }] }] }],
  ])("a dynamic field is answered 500 when it is %o", async (wrong) => {
    const { handler } = setUp({ fields: { send_message: () => wrong } });
    const response = await handler(request("POST", ACTION, { query: "?fields" }));
    expect(await response.json()).toMatchObject({ status: 500, code: "ERR_GHL_WORKFLOW_ACTION_REPLY" });
  });
});

describe("parseWorkflowAction", () => {
  test.each([{}, { data: null, extras: null, meta: null }, { data: "text", extras: [], meta: 1 }])(
    "parseWorkflowAction reads %o, in which everything is missing",
    (body) => {
      expect(parseWorkflowAction(body)).toEqual({ data: {}, branches: [], extras: {}, body });
    },
  );

  test("parseWorkflowAction reads branches in data and outside it, and removes them from data", () => {
    for (const body of [branching, { ...ACTION, branches: [BRANCH, { name: "none" }, "x"] }]) {
      expect(parseWorkflowAction(JSON.stringify(body))).toMatchObject({ data: ACTION.data, branches: [BRANCH] });
      expect(parseWorkflowAction(body).data).not.toHaveProperty("branches");
    }
  });

  test("parseWorkflowAction preserves the extras that a pausing action must send back", () => {
    const extras = { ...ACTION.extras, stepId: "s1", statusId: "t1" };
    expect(parseWorkflowAction({ ...ACTION, extras }).extras).toEqual(extras);
  });

  test.each(["", "{", "[]", "null", "1"])("parseWorkflowAction refuses %s", (text) => {
    expect(() => parseWorkflowAction(text)).toThrow(WorkflowActionError);
  });
});

test.each([
  { actions: undefined },
  { actions: { a: 1 } },
  { actions: { a: {} } },
  { actions: { a: { "1.0": "x" } } },
  { options: { a: 1 } },
  { fields: { a: null } },
  { auth: undefined },
])("a handler cannot be created with %o", (wrong) => {
  expect(() => setUp(wrong)).toThrow(ConfigurationError);
});
