import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Endpoint } from "../../src/domain/delivery/endpoint.ts";
import type { Gateway } from "../../src/entrypoint.ts";
import { isolate } from "../../src/worker.ts";
import { admin, administer, asOperator, codeOf, team } from "../support/calls/admin.ts";
import { deliver } from "../support/calls/gateway.ts";
import { addWorkflowReceiver, run } from "../support/calls/workflows.ts";
import { arrived, destination } from "../support/endpoints/endpoints.ts";
import { APP, DESTINATION, LOCATIONS } from "../support/setup/settings.ts";

const SECRET = "s3cret-path";
const SHOWN = `${DESTINATION}/…`;
const INVALID = [400, "ERR_GHL_GATEWAY_INPUT_INVALID"];
const change = { actor: "test", requestId: "test", nowMs: 1 };
const location = LOCATIONS[250]!;
const made: string[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const id of made.splice(0)) await isolate.readDirectory(env).endpoints.remove(id, change);
});

/** An address whose path and query are secrets, as those of Zapier and Slack. */
const address = () => {
  const path = `/${SECRET}/${crypto.randomUUID()}`;
  return { path, url: `${DESTINATION}${path}?token=${SECRET}` };
};

async function create(target: string, settings: object = {}): Promise<Endpoint> {
  const request = { name: "zap", app: APP, kind: "https", target, types: ["ContactCreate"], ...settings };
  const { endpoint } = await administer<{ endpoint: Endpoint }>("POST", "/admin/endpoints", request);
  made.push(endpoint.id);
  return endpoint;
}

async function viewer() {
  await administer("PUT", "/admin/operators/reader@example.com", { role: "viewer" });
  return asOperator(await team.token({ email: "reader@example.com" }));
}

/** Everything that D1 holds, as text. */
async function directory(): Promise<string> {
  const { results } = await env.DIRECTORY.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all<{
    name: string;
  }>();
  const tables = results.filter(({ name }) => !/^(sqlite|_cf|d1)/.test(name));
  const rows = tables.map(async ({ name }) => (await env.DIRECTORY.prepare(`SELECT * FROM ${name}`).all()).results);
  return JSON.stringify(await Promise.all(rows));
}

describe("the address of an endpoint", () => {
  it("the address of an endpoint is sealed at rest, shown to an admin alone, and used as it was given", async () => {
    const { path, url } = address();
    const endpoint = await create(url);
    expect(endpoint.target).toBe(url);
    expect(await directory()).not.toContain(SECRET);
    const at = `/admin/endpoints/${endpoint.id}`;
    expect(await administer("GET", at)).toMatchObject({ target: url });
    const reader = await viewer();
    for (const where of [at, `/admin/endpoints?app=${APP}`, `${at}/status`, `${at}/deliveries`, "/admin/audit"]) {
      const text = await (await admin("GET", where, { headers: reader })).text();
      expect(text, where).not.toContain(SECRET);
    }
    expect(await (await admin("GET", at, { headers: reader })).json()).toMatchObject({ target: SHOWN });
    const bind = exports.Gateway as unknown as (options: { props: unknown }) => Service<Gateway>;
    expect(await bind({ props: { admin: "viewer" } }).getEndpoint({ id: endpoint.id })).toMatchObject({
      value: { target: SHOWN },
    });
    expect(await bind({ props: { admin: "admin" } }).getEndpoint({ id: endpoint.id })).toMatchObject({
      value: { target: url },
    });
    await deliver("ContactCreate", { locationId: location });
    expect(await arrived({ path }, 1)).toHaveLength(1);
  });

  it("the address of an endpoint stays where it is omitted or sent as shown, and belongs to no other endpoint", async () => {
    const [first, second] = [address(), address()];
    const endpoint = await create(first.url);
    const at = `/admin/endpoints/${endpoint.id}`;
    const settings = { name: "zap", kind: "https", types: ["ContactCreate"] };
    for (const same of [{}, { target: SHOWN }, { target: first.url }])
      expect(await administer("PUT", at, { ...settings, ...same })).toMatchObject({ target: first.url });
    expect(await administer("PUT", at, { ...settings, target: second.url })).toMatchObject({ target: second.url });
    await deliver("ContactCreate", { locationId: location });
    expect(await arrived(second, 1)).toHaveLength(1);
    expect(await destination.received(first)).toEqual([]);
    expect(await directory()).not.toContain(SECRET);
    expect(await codeOf(await admin("PUT", at, { body: { ...settings, target: "https://other.example/…" } }))).toEqual(
      INVALID,
    );
    expect(
      await codeOf(await admin("POST", "/admin/endpoints", { body: { ...settings, app: APP, target: SHOWN } })),
    ).toEqual(INVALID);
  });
});

describe("the address that a workflow's action asks", () => {
  it("the address of an action's callback is sealed at rest, shown to an admin alone, and used as it was given", async () => {
    const [one, other] = [address(), address()];
    await destination.behave(one, { body: "{}" });
    await destination.behave(other, { body: "{}" });
    const action = await addWorkflowReceiver({ kind: "action", callback: { url: one.url } });
    const at = `/admin/workflow-receivers/${action.receiver.id}`;
    expect(action.receiver.callback).toEqual({ url: one.url });
    expect(await directory()).not.toContain(SECRET);
    const reader = await viewer();
    for (const where of [at, `/admin/workflow-receivers?app=${APP}`])
      expect(await (await admin("GET", where, { headers: reader })).text(), where).not.toContain(SECRET);
    const body = { extras: { locationId: location } };
    expect((await run(action, body)).status).toBe(200);
    const settings = { name: "test", location: null };
    const unchanged = await administer<{ receiver: object }>("PUT", at, { ...settings, callback: { url: SHOWN } });
    expect(unchanged.receiver).toMatchObject({ callback: { url: one.url } });
    expect((await run(action, body)).status).toBe(200);
    expect(await destination.received(one)).toHaveLength(2);
    await administer("PUT", at, { ...settings, callback: { url: other.url } });
    expect(await administer("GET", at)).toMatchObject({ callback: { url: other.url } });
    expect(
      await codeOf(await admin("PUT", at, { body: { ...settings, callback: { url: "https://other.example/…" } } })),
    ).toEqual(INVALID);
    expect(await directory()).not.toContain(SECRET);
    expect(await administer("GET", at)).toMatchObject({ callback: { url: other.url } });
  });
});

describe("an address in an event", () => {
  it("an address in an event is cut to its host for a viewer", async () => {
    const target = `https://services.leadconnectorhq.com/workflows-marketplace/triggers/execute/${SECRET}/def`;
    const trigger = await addWorkflowReceiver({ kind: "trigger", location });
    const subscription = { triggerData: { id: "t1", key: "k", filters: [], eventType: "CREATED", targetUrl: target } };
    const sent = await run(trigger, { ...subscription, extras: { locationId: location } });
    const { eventId } = (await sent.json()) as { eventId: string };
    const at = `/admin/events/${APP}/location:${location}:${new Date().toISOString().slice(0, 10)}/${eventId}`;
    expect(await (await admin("GET", at)).text()).toContain(SECRET);
    const shown = await admin("GET", at, { headers: await viewer() });
    const text = await shown.clone().text();
    expect(text).not.toContain(SECRET);
    expect(await shown.json()).toMatchObject({
      payload: { key: "k", change: "created", targetUrl: "https://services.leadconnectorhq.com/…" },
    });
  });
});
