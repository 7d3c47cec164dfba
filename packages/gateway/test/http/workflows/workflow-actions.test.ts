import { createDeliveryVerifier } from "@ghl-edge/webhooks/gateway";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import { codeOf } from "../../support/calls/admin.ts";
import { addWorkflowReceiver, eventsIn, run, type TestWorkflowReceiver } from "../../support/calls/workflows.ts";
import { destination as called } from "../../support/endpoints/endpoints.ts";
import { DESTINATION, LOCATIONS } from "../../support/setup/settings.ts";

const locations = LOCATIONS.slice(190, 220);
let location: string;
let path: string;
/** An action whose output the back end of the tests returns. */
let action: TestWorkflowReceiver;

const sent = (more: object = {}) => ({
  data: { amount: "10", branches: [{ id: "paid", name: "Paid", fields: {} }] },
  extras: { locationId: location, contactId: "c1", workflowId: "w1", stepId: "s1" },
  meta: { key: "charge", version: "1.0" },
  ...more,
});
const says = (body: string, more: object = {}) => called.behave({ path }, { body, ...more });

beforeEach(async () => {
  location = locations.shift()!;
  path = `/${crypto.randomUUID()}`;
  action = await addWorkflowReceiver({ kind: "action", name: "actions", callback: { url: DESTINATION + path } });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a run of an action", () => {
  it("a run of an action is stored, then answered with what the app says", async () => {
    await says('{"branchId":"paid","receipt":"r1"}');
    const response = await run(action, sent());
    expect([response.status, await response.json()]).toEqual([200, { branchId: "paid", receipt: "r1" }]);
    const [event, ...more] = await eventsIn(location);
    expect(more).toEqual([]);
    const data = {
      receiver: "actions",
      key: "charge",
      version: "1.0",
      data: { amount: "10" },
      extras: { locationId: location, contactId: "c1", workflowId: "w1", stepId: "s1" },
    };
    expect(event).toMatchObject({ name: "workflow.action", source: "workflow", data });
    const [{ body, headers } = { body: "", headers: {} }] = await called.received({ path });
    await createDeliveryVerifier({ secrets: [action.callbackSecret!] }).verifySignature({ body, headers });
    expect(JSON.parse(body)).toEqual({
      type: "workflow.action",
      app: action.receiver.app,
      data: {
        ...data,
        branches: [{ id: "paid", name: "Paid", fields: {} }],
        eventId: `evt_${event!.dedupeKey.slice(0, 32)}`,
      },
    });
  });

  it("a run of an action that needs no backend callback is answered with nothing", async () => {
    const quiet = await addWorkflowReceiver({ kind: "action" });
    const response = await run(quiet, sent());
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect(await eventsIn(location)).toHaveLength(1);
  });

  it("a run of an action may be a GET with its parts in the URL, and an app's own payload", async () => {
    const quiet = await addWorkflowReceiver({ kind: "action", location });
    const query = new URLSearchParams({ "data[amount]": "10", "meta.key": "charge", extras: '{"contactId":"c1"}' });
    expect((await run({ ...quiet, path: `${quiet.path}?${query}` }, undefined, { method: "GET" })).status).toBe(200);
    expect((await run(quiet, { own: true })).status).toBe(200);
    expect(await eventsIn(location)).toMatchObject([
      { data: { key: "charge", data: { amount: "10" }, extras: { contactId: "c1" } } },
      { data: { key: null, version: null, data: {} } },
    ]);
  });

  it.each<[string, string, object]>([
    ["is away", '{"receipt":"r1"}', { status: 503 }],
    ["says nothing", "", {}],
    ["gives no object", '["r1"]', {}],
    ["names a branch that there is not", '{"branchId":"elsewhere"}', {}],
    ["gives too much", JSON.stringify({ receipt: "x".repeat(65_536) }), {}],
  ])("a run of an action whose app %s is stored and not answered: nothing is guessed", async (_what, body, more) => {
    await says(body, more);
    expect(await codeOf(await run(action, sent()))).toEqual([502, "ERR_GHL_GATEWAY_WORKFLOW_UNANSWERED"]);
    expect(await eventsIn(location)).toHaveLength(1);
  });

  it("a run of an action that cannot be stored causes no backend callback", async () => {
    await says("{}");
    vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(() => Promise.reject(new Error("broken")));
    const large = sent({ data: { text: "x".repeat(130_000) } });
    expect(await codeOf(await run(action, large))).toEqual([429, "ERR_GHL_GATEWAY_WEBHOOK_NOT_STORED"]);
    expect(await called.count({ path })).toMatchObject({ count: 0 });
  });

  it("a run of an action that is malformed is refused", async () => {
    for (const body of ["", "[]", "no JSON"])
      expect(await codeOf(await run(action, body))).toEqual([400, "ERR_GHL_GATEWAY_WORKFLOW_UNREADABLE"]);
    expect(await codeOf(await run(action, "x".repeat(1_048_577)))).toEqual([413, "ERR_GHL_GATEWAY_WEBHOOK_TOO_LARGE"]);
    expect((await run(action, sent(), { method: "OPTIONS" })).headers.get("allow")).toContain("PATCH");
  });
});

describe("the options and fields of an action's form", () => {
  const at = (query: string): TestWorkflowReceiver => ({ ...action, path: action.path + query });

  it("the form of an action is filled by a backend callback, and is no event", async () => {
    await says('[{"label":"One","value":"1"}]');
    const options = await run(at("?options=plans&for=gold"), undefined, { method: "GET" });
    expect(await options.json()).toEqual({ options: [{ label: "One", value: "1" }] });
    await says('[{"section":"S","fields":[{"field":"f","title":"F","fieldType":"string"}]}]');
    const fields = await run(at("?fields"), sent());
    expect(await fields.json()).toEqual({
      inputs: [{ section: "S", fields: [{ field: "f", title: "F", fieldType: "string" }] }],
    });
    const questions = (await called.received({ path })).map(({ body }) => JSON.parse(body) as unknown);
    expect(questions).toMatchObject([
      { type: "workflow.options", data: { receiver: "actions", options: "plans", query: { for: ["gold"] } } },
      { type: "workflow.fields", data: { key: "charge", data: { amount: "10" } } },
    ]);
    expect(await eventsIn(location)).toEqual([]);
  });

  it("the form of an action is not answered with what HighLevel could not read, and not without a callback", async () => {
    const UNANSWERED = [502, "ERR_GHL_GATEWAY_WORKFLOW_UNANSWERED"];
    await says('[{"label":"One"}]');
    expect(await codeOf(await run(at("?options=plans"), undefined, { method: "GET" }))).toEqual(UNANSWERED);
    const quiet = await addWorkflowReceiver({ kind: "action" });
    const form = { ...quiet, path: `${quiet.path}?fields` };
    expect(await codeOf(await run(form, sent()))).toEqual(UNANSWERED);
    expect((await run(at("?options=plans"), sent())).headers.get("allow")).toBe("GET");
    expect((await run(at("?fields"), undefined, { method: "GET" })).headers.get("allow")).toBe("POST");
    const elsewhere = await addWorkflowReceiver({
      kind: "action",
      location: "elsewhere",
      callback: { url: DESTINATION + path },
    });
    expect(await codeOf(await run({ ...elsewhere, path: `${elsewhere.path}?fields` }, sent()))).toEqual([
      403,
      "ERR_GHL_GATEWAY_WORKFLOW_LOCATION",
    ]);
    expect(await eventsIn(location)).toEqual([]);
  });
});
