import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { verifyGatewayDelivery } from "@ghl-edge/webhooks/gateway";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import { admin, codeOf } from "../../support/calls/admin.ts";
import { call } from "../../support/calls/gateway.ts";
import {
  addWorkflowReceiver,
  eventsIn,
  inboxOf,
  run,
  type TestWorkflowReceiver,
} from "../../support/calls/workflows.ts";
import { addEndpoint, arrived, removeEndpoint } from "../../support/endpoints/endpoints.ts";
import { APP, LOCATIONS, WIDE_APP } from "../../support/setup/settings.ts";

const locations = LOCATIONS.slice(144, 186);
const nextLocation = (): string => locations.shift()!;
const REFUSED = [401, "ERR_GHL_GATEWAY_WORKFLOW_REFUSED"];
const inboxes = async (): Promise<number> => (await listDurableObjectIds(env.WEBHOOK_INBOX)).length;
const broken = () => Promise.reject(new Error("broken"));

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a workflow's webhook", () => {
  it("a workflow's webhook is stored before it is answered, and delivered as an event", async () => {
    const location = nextLocation();
    const receiver = await addWorkflowReceiver({ name: "new leads" });
    const endpoint = await addEndpoint({ types: ["workflow.*"] });
    const body = { location: { id: location }, contact_id: "c1", customData: { plan: "gold" } };
    const response = await run(receiver, body, { headers: { "content-type": "application/json; charset=utf-8" } });
    const { eventId } = (await response.clone().json()) as { eventId: string };
    expect([response.status, await response.json()]).toEqual([200, { success: true, eventId }]);
    expect(await eventsIn(location)).toMatchObject([{ name: "workflow.webhook", source: "workflow" }]);
    const [received] = await arrived(endpoint, 1);
    const delivery = await verifyGatewayDelivery({ ...received!, secrets: [endpoint.secret] });
    expect(delivery).toMatchObject({
      id: eventId,
      name: "workflow.webhook",
      source: "workflow",
      app: APP,
      resource: { kind: "location", id: location },
      event: { receiver: "new leads", method: "POST", query: {}, contentType: "application/json", body },
    });
    await removeEndpoint(endpoint);
  });

  it.each<[string, (location: string) => [string, RequestInit], object]>([
    [
      "a query, lists in it",
      (location) => [`?location_id=${location}&tag=a&tag=b`, { method: "GET" }],
      { method: "GET", query: { tag: ["a", "b"] }, contentType: null, body: null },
    ],
    [
      "a form",
      (location) => [
        "",
        {
          method: "PUT",
          body: new URLSearchParams([
            ["locationId", location],
            ["tag", "a"],
            ["tag", "b"],
          ]),
        },
      ],
      { method: "PUT", contentType: "application/x-www-form-urlencoded", body: { tag: ["a", "b"] } },
    ],
    [
      "JSON whose parts are texts",
      (location) => ["", { method: "POST", body: JSON.stringify({ location: JSON.stringify({ id: location }) }) }],
      { method: "POST" },
    ],
    [
      "text beside a query",
      (location) => [
        `?locationId=${location}`,
        { method: "DELETE", body: "bye", headers: { "content-type": "text/plain" } },
      ],
      { method: "DELETE", contentType: "text/plain", body: "bye" },
    ],
  ])("a workflow's webhook in the form of %s finds its location", async (_what, request, data) => {
    const location = nextLocation();
    const receiver = await addWorkflowReceiver();
    const [query, init] = request(location);
    const response = await call(receiver.path + query, {
      ...init,
      headers: { ...init.headers, "x-secret": receiver.secret! },
    });
    expect(response.status).toBe(200);
    expect(await eventsIn(location)).toMatchObject([{ data: { receiver: "test", ...data } }]);
  });

  it("a workflow's webhook that comes twice is two runs", async () => {
    const location = nextLocation();
    const receiver = await addWorkflowReceiver();
    const responses = await Promise.all([1, 2, 3].map(() => run(receiver, { locationId: location })));
    const ids = await Promise.all(responses.map(async (one) => ((await one.json()) as { eventId: string }).eventId));
    expect(new Set(ids).size).toBe(3);
    expect(await eventsIn(location)).toHaveLength(3);
  });

  it("a workflow's webhook belongs to its receiver's location where it names none, and to no other", async () => {
    const location = nextLocation();
    await run(await addWorkflowReceiver({ location }), { any: 1 });
    expect(await eventsIn(location)).toMatchObject([{ data: { body: { any: 1 } } }]);
    const mark = crypto.randomUUID();
    await run(await addWorkflowReceiver(), { mark });
    expect((await eventsIn(undefined)).at(-1)).toMatchObject({ data: { body: { mark } } });
  });

  it("a workflow's webhook of another location than its receiver's is refused", async () => {
    const [mine, other] = [nextLocation(), nextLocation()];
    const response = await run(await addWorkflowReceiver({ location: mine }), { locationId: other });
    expect(await codeOf(response)).toEqual([403, "ERR_GHL_GATEWAY_WORKFLOW_LOCATION"]);
    expect(await eventsIn(other)).toEqual([]);
  });
});

describe("a caller without the secret", () => {
  const request = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    call(path, { method: "POST", headers, body: "{}" });

  it("a caller without the secret is refused in the same words, whatever is missing", async () => {
    const [receiver, disabled, removed] = [
      await addWorkflowReceiver(),
      await addWorkflowReceiver({ state: "disabled" }),
      await addWorkflowReceiver(),
    ];
    await admin("DELETE", `/admin/workflow-receivers/${removed.receiver.id}`);
    const before = await inboxes();
    const right = { "x-secret": receiver.secret! };
    const refused: [string, Record<string, string>?][] = [
      [receiver.path],
      [receiver.path, { "x-secret": "" }],
      [receiver.path, { "x-secret": receiver.secret!.slice(0, -1) }],
      [receiver.path, { "x-secret": `${receiver.secret}, ${receiver.secret}` }],
      [receiver.path, { authorization: `Bearer ${receiver.secret}` }],
      [`${receiver.path}?x-secret=${receiver.secret}`],
      [receiver.path, { "x-secret": disabled.secret! }],
      [disabled.path, { "x-secret": disabled.secret! }],
      [removed.path, { "x-secret": removed.secret! }],
      [`/workflows/${WIDE_APP}/${receiver.receiver.id}`, right],
      [`/workflows/nobody/${receiver.receiver.id}`, right],
      [`/workflows/${APP}/wr_${"0".repeat(28)}`, right],
      [`/workflows/${APP}/anything`, right],
    ];
    const answers = refused.map(async ([path, headers]) => {
      const response = await request(path, headers);
      const { requestId: _own, ...problem } = (await response.json()) as Record<string, unknown>;
      return { status: response.status, challenge: response.headers.get("www-authenticate"), problem };
    });
    const [first, ...others] = await Promise.all(answers);
    expect([first!.status, first!.problem.code]).toEqual(REFUSED);
    for (const other of others) expect(other).toEqual(first);
    expect(await inboxes()).toBe(before);
  });

  it.each<[string, object, (secret: string) => [string, Record<string, string>]]>([
    ["bearer", { kind: "bearer" }, (secret) => ["", { authorization: `Bearer ${secret}` }]],
    ["basic", { kind: "basic", name: "flow" }, (secret) => ["", { authorization: `Basic ${btoa(`flow:${secret}`)}` }]],
    ["header", { kind: "header", name: "X-Key" }, (secret) => ["", { "x-key": secret }]],
    ["query", { kind: "query", name: "key" }, (secret) => [`?key=${secret}&a=1`, {}]],
  ])("a caller without the secret is refused by %s, where that is how it authenticates", async (_kind, auth, carry) => {
    const location = nextLocation();
    const { path, secret } = await addWorkflowReceiver({ auth, location });
    const [query, headers] = carry(secret!);
    expect((await request(path + query, headers)).status).toBe(200);
    const [wrongQuery, wrongHeaders] = carry(`${secret!.slice(0, -1)}-`);
    expect(await codeOf(await request(path + wrongQuery, wrongHeaders))).toEqual(REFUSED);
    expect(await codeOf(await request(path))).toEqual(REFUSED);
    // The secret in a URL is in no event.
    expect(JSON.stringify(await eventsIn(location))).not.toContain(secret);
    expect(await eventsIn(location)).toHaveLength(1);
  });

  it("a caller with a secret that was replaced is refused once the overlap is over", async () => {
    const receiver = await addWorkflowReceiver();
    const rotate = (body: object) =>
      admin("POST", `/admin/workflow-receivers/${receiver.receiver.id}/secrets`, { body });
    const { secret } = (await (await rotate({ of: "auth", overlapHours: 1 })).json()) as { secret: string };
    const next: TestWorkflowReceiver = { ...receiver, secret };
    for (const one of [receiver, next]) expect((await run(one, {})).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_601_000 });
    expect((await run(next, {})).status).toBe(200);
    expect(await codeOf(await run(receiver, {}))).toEqual(REFUSED);
  });
});

describe("a workflow's webhook that cannot be read", () => {
  it("a workflow's webhook is refused for a wrong method, size or form", async () => {
    const location = nextLocation();
    const webhook = await addWorkflowReceiver({ location });
    expect((await run(webhook, {}, { method: "PATCH" })).headers.get("allow")).toBe("GET, POST, PUT, DELETE");
    expect(await codeOf(await run(webhook, "x".repeat(1_048_577)))).toEqual([413, "ERR_GHL_GATEWAY_WEBHOOK_TOO_LARGE"]);
    // Each of these is six characters in JSON.
    expect(await codeOf(await run(webhook, "\u0001".repeat(400_000)))).toEqual([
      413,
      "ERR_GHL_GATEWAY_WEBHOOK_TOO_LARGE",
    ]);
    const half = await run(webhook, '{"name":"say "hi""}', { headers: { "content-type": "application/json" } });
    expect(await codeOf(half)).toEqual([400, "ERR_GHL_GATEWAY_WORKFLOW_UNREADABLE"]);
    expect(await eventsIn(location)).toEqual([]);
    expect((await run(webhook, "x".repeat(1_048_576))).status).toBe(200);
  });
});

describe("a failure inside", () => {
  const NOT_STORED = [429, "ERR_GHL_GATEWAY_WEBHOOK_NOT_STORED"];

  it("a workflow's webhook whose inbox cannot be reached goes by the queue, and arrives once", async () => {
    const location = nextLocation();
    const receiver = await addWorkflowReceiver();
    const store = vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(broken);
    const { eventId } = (await (await run(receiver, { locationId: location })).json()) as { eventId: string };
    store.mockRestore();
    await vi.waitFor(async () => expect(await eventsIn(location)).toHaveLength(1), { timeout: 20_000, interval: 200 });
    expect(await inboxOf(location).event(eventId)).toMatchObject({ name: "workflow.webhook" });
  });

  it("a workflow's webhook is 429 where the queue or the directory is away, too, so that it is sent again", async () => {
    const location = nextLocation();
    const receiver = await addWorkflowReceiver();
    const prepare = vi.spyOn(Object.getPrototypeOf(env.DIRECTORY) as D1Database, "prepare").mockImplementation(() => {
      throw new Error("broken");
    });
    const away = await run(receiver, { locationId: location });
    expect(away.headers.get("retry-after")).toBe("60");
    expect(await codeOf(away)).toEqual(NOT_STORED);
    prepare.mockRestore();
    vi.spyOn(WebhookInbox.prototype, "store").mockImplementation(broken);
    vi.spyOn(Object.getPrototypeOf(env.OVERFLOW) as Queue, "send").mockImplementation(broken);
    expect(await codeOf(await run(receiver, { locationId: location }))).toEqual(NOT_STORED);
    vi.restoreAllMocks();
    expect((await run(receiver, { locationId: location })).status).toBe(200);
    expect(await eventsIn(location)).toHaveLength(1);
  });

  it("a workflow's webhook survives a directory that is away for a moment", async () => {
    const location = nextLocation();
    const receiver = await addWorkflowReceiver({ location });
    expect((await run(receiver, {})).status).toBe(200);
    vi.spyOn(Object.getPrototypeOf(env.DIRECTORY) as D1Database, "prepare").mockImplementation(() => {
      throw new Error("broken");
    });
    expect((await run(receiver, {})).status).toBe(200);
    // A wrong secret is not let in, and not reported apart from an outage.
    expect(await codeOf(await run({ ...receiver, secret: "wrong" }, {}))).toEqual(NOT_STORED);
  });

  it("a workflow's webhook is 429 also after an unexpected failure", async () => {
    const receiver = await addWorkflowReceiver();
    expect((await run(receiver, {})).status).toBe(200);
    vi.spyOn(crypto.subtle, "digest").mockImplementation(broken);
    expect(await codeOf(await run(receiver, {}))).toEqual(NOT_STORED);
  });
});
