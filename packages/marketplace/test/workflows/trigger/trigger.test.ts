import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  createTriggerSubscriptionHandler,
  type MarketplaceError,
  parseTriggerSubscription,
  type TriggerSubscription,
  TriggerSubscriptionError,
} from "../../../src/workflows.ts";
import { LOCATION_ID, SUBSCRIPTION, TARGET_PATH, TARGET_URL, WORKFLOW_ID } from "../samples.ts";

const { triggerData } = SUBSCRIPTION;
const changed = (trigger: object) => ({ ...SUBSCRIPTION, triggerData: { ...triggerData, ...trigger } });

describe("a subscription", () => {
  test.each([
    ["CREATED", "created"],
    ["UPDATED", "updated"],
    ["DELETED", "deleted"],
    ["deleted", "deleted"],
    ["PAUSED", "unknown"],
    ["toString", "unknown"],
  ])("a subscription of the event %s is %s", (eventType, event) => {
    expect(parseTriggerSubscription(changed({ eventType }))).toEqual({
      event,
      eventType,
      id: "trigger-1",
      key: "order_created",
      version: "1.3",
      filters: triggerData.filters,
      targetUrl: TARGET_URL,
      locationId: LOCATION_ID,
      workflowId: WORKFLOW_ID,
      companyId: "company-1",
    });
  });

  test("a subscription needs only its event and, unless it is deleted, its target", () => {
    const created = { triggerData: { eventType: "CREATED", targetUrl: TARGET_URL } };
    expect(parseTriggerSubscription(JSON.stringify(created))).toEqual({
      event: "created",
      eventType: "CREATED",
      filters: [],
      targetUrl: TARGET_URL,
    });
    const deleted = {
      triggerData: { eventType: "DELETED", filters: [1, { value: 0 }] },
      meta: { key: "k", version: 1 },
    };
    expect(parseTriggerSubscription(deleted)).toEqual({
      event: "deleted",
      eventType: "DELETED",
      key: "k",
      version: "1",
      filters: [{ value: 0 }],
    });
  });

  test.each([
    ["", undefined],
    ["[]", undefined],
    [{}, "triggerData.eventType"],
    [changed({ eventType: 1 }), "triggerData.eventType"],
    [changed({ targetUrl: undefined }), "triggerData.targetUrl"],
    [changed({ targetUrl: 1 }), "triggerData.targetUrl"],
    [changed({ targetUrl: TARGET_URL.replace("https", "http") }), "triggerData.targetUrl"],
    [
      changed({ targetUrl: "https://evil.example/workflows-marketplace/triggers/execute/a/b" }),
      "triggerData.targetUrl",
    ],
    [changed({ targetUrl: "https://services.leadconnectorhq.com/oauth/token" }), "triggerData.targetUrl"],
    [changed({ eventType: "DELETED", targetUrl: "https://evil.example/a" }), "triggerData.targetUrl"],
  ])("a subscription cannot be read from %o", (body, parameter) => {
    let refused: unknown;
    try {
      parseTriggerSubscription(body);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(TriggerSubscriptionError);
    expect((refused as TriggerSubscriptionError).parameter).toBe(parameter);
    expect(String(refused)).not.toMatch(/evil|trigger-of/);
  });

  test("a subscription may have a target on one of hosts", () => {
    const targetUrl = `https://api.agency.example/workflows-marketplace/triggers/execute/${TARGET_PATH}`;
    const read = parseTriggerSubscription(changed({ targetUrl }), { hosts: ["api.agency.example"] });
    expect(read.targetUrl).toBe(targetUrl);
  });
});

describe("the subscription handler", () => {
  const URL_ = "https://you.example/subscribe";
  const post = (body: unknown, user = "hl:secret"): Request =>
    new Request(URL_, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(user)}` },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  function setUp(options: object = {}) {
    const seen: TriggerSubscription[] = [];
    const errors: MarketplaceError[] = [];
    const handler = createTriggerSubscriptionHandler({
      auth: { kind: "basic", users: [{ username: "hl", password: "secret" }] },
      onSubscription: (subscription) => seen.push(subscription),
      onError: (error) => errors.push(error),
      ...options,
    });
    return { handler, seen, errors };
  }

  test("the subscription handler passes on the subscription, and answers after it is stored", async () => {
    const { handler, seen } = setUp();
    const response = await handler(post(SUBSCRIPTION));
    expect([response.status, await response.json()]).toEqual([200, { success: true }]);
    expect(seen).toMatchObject([{ event: "created", targetUrl: TARGET_URL }]);
  });

  test("the subscription handler answers 500 when it could not be stored", async () => {
    const { handler } = setUp({ onSubscription: () => Promise.reject(new Error(TARGET_URL)) });
    const response = await handler(post(SUBSCRIPTION));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain(TARGET_PATH);
  });

  test.each([
    [401, "ERR_GHL_WORKFLOW_AUTH", post(SUBSCRIPTION, "hl:wrong")],
    [401, "ERR_GHL_WORKFLOW_AUTH", new Request(URL_, { method: "POST" })],
    [400, "ERR_GHL_WORKFLOW_TRIGGER", post("{")],
    [400, "ERR_GHL_WORKFLOW_TRIGGER", post(changed({ targetUrl: "https://evil.example/a" }))],
    [405, "ERR_GHL_MARKETPLACE_METHOD_NOT_ALLOWED", new Request(URL_)],
    [413, "ERR_GHL_MARKETPLACE_BODY_TOO_LARGE", post("x".repeat(2_000))],
  ])("the subscription handler answers %i with the code %s", async (status, code, incoming) => {
    const { handler, seen, errors } = setUp({ maxBodyBytes: 1_000 });
    const response = await handler(incoming);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status, code });
    expect(text).not.toContain("evil");
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(seen).toHaveLength(0);
  });

  test("the subscription handler names the required scheme", async () => {
    const response = await setUp().handler(post(SUBSCRIPTION, "hl:wrong"));
    expect(response.headers.get("www-authenticate")).toBe('Basic realm="workflow", charset="UTF-8"');
  });

  test.each([
    { auth: undefined },
    { onSubscription: undefined },
    { hosts: ["https://x"] },
    { maxBodyBytes: Number.NaN },
  ])("the subscription handler cannot be created with %o", (wrong) => {
    expect(() => setUp(wrong)).toThrow(ConfigurationError);
  });

  const FILTERS_CALL = {
    data: { country: "US" },
    extras: { locationId: LOCATION_ID, workflowId: WORKFLOW_ID },
    meta: { key: "order_created", version: "1.3" },
  };
  const filter = { field: "state", title: "State", fieldType: "select", required: true, options: [] as object[] };

  test("the subscription handler answers a trigger's dynamic filters at the same URL, by the trigger's key", async () => {
    filter.options = [{ label: "Ohio", value: "OH" }];
    const calls: unknown[] = [];
    const filters = {
      order_created: (request: unknown) => {
        calls.push(request);
        return [filter];
      },
    };
    const { handler, seen } = setUp({ filters });
    const response = await handler(post(FILTERS_CALL));
    expect([response.status, await response.json()]).toEqual([200, { filters: [filter] }]);
    expect(calls).toEqual([
      {
        key: "order_created",
        version: "1.3",
        data: { country: "US" },
        locationId: LOCATION_ID,
        workflowId: WORKFLOW_ID,
        body: FILTERS_CALL,
      },
    ]);
    expect(seen).toHaveLength(0);
    expect((await handler(post(SUBSCRIPTION))).status).toBe(200);
    expect(seen).toHaveLength(1);
  });

  test.each([
    [404, "ERR_GHL_WORKFLOW_ACTION_UNKNOWN", { ...FILTERS_CALL, meta: { key: "toString" } }],
    [404, "ERR_GHL_WORKFLOW_ACTION_UNKNOWN", { data: {} }],
    [500, "ERR_GHL_WORKFLOW_ACTION_REPLY", { ...FILTERS_CALL, meta: { key: "wrong" } }],
    [500, "ERR_GHL_MARKETPLACE_HANDLER_FAILED", { ...FILTERS_CALL, meta: { key: "throws" } }],
    [400, "ERR_GHL_WORKFLOW_TRIGGER", { meta: { key: "order_created" } }],
  ])("the subscription handler answers %i with the code %s to a call for filters", async (status, code, body) => {
    const filters = {
      order_created: () => [filter],
      wrong: () => [{ field: "state", title: "" }],
      throws: () => Promise.reject(new Error("mine")),
    };
    const { handler, errors } = setUp({ filters });
    expect((await handler(post(body))).status).toBe(status);
    expect(errors.map((error) => error.code)).toEqual([code]);
  });

  test("the subscription handler answers the options of a filter only with credentials", async () => {
    const options = { states: ({ query }: { query: object }) => [{ label: JSON.stringify(query), value: "OH" }] };
    const { handler } = setUp({ options });
    const url = `${URL_}?options=states&of=US`;
    const headers = { authorization: `Basic ${btoa("hl:secret")}` };
    const response = await handler(new Request(url, { headers }));
    expect(await response.json()).toEqual({
      options: [{ label: '{"options":["states"],"of":["US"]}', value: "OH" }],
    });
    expect((await handler(new Request(url))).status).toBe(401);
    expect((await handler(new Request(URL_, { headers }))).status).toBe(405);
    expect((await handler(new Request(`${URL_}?options=none`, { headers }))).status).toBe(404);
  });

  test.each([{ filters: { a: 1 } }, { options: { a: {} } }, { onError: "console" }])(
    "the subscription handler cannot be created with %o",
    (wrong) => {
      expect(() => setUp(wrong)).toThrow(ConfigurationError);
    },
  );
});
