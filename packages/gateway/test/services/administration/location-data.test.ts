import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AuditEntry } from "../../../src/domain/administration-model.ts";
import type { Gateway } from "../../../src/entrypoint.ts";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import type { RemovedData } from "../../../src/services/administration/location-data.ts";
import { admin, administer, all, codeOf } from "../../support/calls/admin.ts";
import { deliver, installLocation, readContact } from "../../support/calls/gateway.ts";
import {
  addEndpoint,
  arrived,
  destination,
  dispatcher,
  removeEndpoint,
  type TestEndpoint,
} from "../../support/endpoints/endpoints.ts";
import { dayOf, storeEvents } from "../../support/endpoints/events.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.now();
const locations = LOCATIONS.slice(270, 290);
const endpoints: TestEndpoint[] = [];
const at = (id: string): string => `/admin/installations/${APP}/location/${id}/remove-data`;

afterEach(async () => {
  vi.restoreAllMocks();
  for (const endpoint of endpoints.splice(0)) await removeEndpoint(endpoint);
});

async function endpoint(...settings: Parameters<typeof addEndpoint>): Promise<TestEndpoint> {
  const added = await addEndpoint(...settings);
  endpoints.push(added);
  return added;
}

/** All steps from the first on; what they have removed in all. */
async function remove(id: string): Promise<Omit<RemovedData, "nextCursor"> & { steps: number }> {
  const sum = { tokens: false, inboxes: 0, events: 0, bufferedEvents: 0, deliveries: 0, directoryRows: 0, steps: 0 };
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const step: RemovedData = await administer("POST", at(id), cursor === undefined ? {} : { cursor });
    for (const name of ["inboxes", "events", "bufferedEvents", "deliveries", "directoryRows"] as const)
      sum[name] += step[name];
    sum.tokens ||= step.tokens;
    sum.steps++;
    cursor = step.nextCursor;
  }
  return sum;
}

/** Everything that names a location, wherever it is kept, but the audit and the marks that an installation ended. */
async function found(id: string): Promise<string[]> {
  const where: string[] = [];
  const { results } = await env.DIRECTORY.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all<{
    name: string;
  }>();
  for (const { name } of results.filter(({ name }) => !/^(sqlite|_cf|d1|audit)/.test(name))) {
    const rows = await env.DIRECTORY.prepare(`SELECT * FROM ${name}`).all();
    if (JSON.stringify(rows.results).includes(id)) where.push(name);
  }
  for (const one of endpoints) {
    const rows = await runInDurableObject(dispatcher(one), (_object, { storage: { sql } }) =>
      JSON.stringify(sql.exec("SELECT *, CAST(body AS TEXT) AS text FROM delivery").toArray()),
    );
    if (rows.includes(id)) where.push(`dispatcher ${one.endpoint.name}`);
  }
  for (let day = -31; day <= 1; day++) {
    const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${id}:${dayOf(NOW_MS + day * DAY_MS)}`);
    if ((await inbox.events({}, 1)).length > 0) where.push(`inbox ${day}`);
  }
  const buffer = env.EVENT_BUFFER.getByName(`${APP}:0`);
  const buffered = await runInDurableObject(buffer, (_object, { storage: { sql } }) =>
    sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'buffered_event'").toArray().length === 0
      ? ""
      : JSON.stringify(sql.exec("SELECT tenant FROM buffered_event").toArray()),
  );
  if (buffered.includes(id)) where.push("event buffer");
  const { privateIntegration, pendingApproval, grant } = await env.TOKEN_GRANT.getByName(
    `${APP}:location:${id}`,
  ).status();
  if (privateIntegration ?? pendingApproval) where.push("grant");
  if (grant !== undefined && grant.status !== "uninstalled") where.push("installed");
  return where;
}

/** A location with something in every place. */
async function fill(id: string): Promise<void> {
  await installLocation(id);
  await administer("PUT", `/admin/installations/${APP}/location/${id}/private-token`, {
    token: "pit-of-this-location",
  });
  await storeEvents([1, 2, 9].map((day) => ({ location: id, atMs: NOW_MS - day * DAY_MS })));
  await deliver("ContactCreate", { locationId: id });
}

/** An event on its way to the location's inbox, for some seconds. */
async function storeAll(id: string): Promise<void> {
  const resource = { kind: "location", id } as const;
  const event = {
    dedupeKey: crypto.randomUUID().replaceAll("-", "").padEnd(64, "0"),
    name: "AppInstall",
    type: "INSTALL",
    webhookId: undefined,
    eventAtMs: NOW_MS,
    quarantined: false,
    source: "highlevel",
    signature: undefined,
    lifecycle: undefined,
    body: new TextEncoder().encode("{}"),
  } as const;
  await env.EVENT_BUFFER.getByName(`${APP}:0`).buffer({ app: APP, resource, day: dayOf(NOW_MS) }, event);
}

describe("removing a location's data", () => {
  it("removing a location's data removes it from every place, says what it was, and touches no other location", async () => {
    const [mine, other] = [locations.shift()!, locations.shift()!];
    const [good, dead] = [await endpoint({ name: "good" }), await endpoint({ name: "dead", shards: 2 })];
    await destination.behave(dead, { status: 500 });
    for (const id of [mine, other]) await fill(id);
    await arrived(good, 8);
    await arrived(dead, 8);
    const before = await found(other);
    expect((await found(mine)).length).toBeGreaterThan(7);
    for (const id of [mine, other]) await storeAll(id);
    const removed = await remove(mine);
    expect(removed).toMatchObject({ tokens: true, inboxes: 4 });
    expect(removed.bufferedEvents).toBeGreaterThanOrEqual(1);
    expect(removed.events).toBeGreaterThanOrEqual(4);
    expect(removed.deliveries).toBeGreaterThanOrEqual(8);
    expect(removed.directoryRows).toBeGreaterThanOrEqual(5);
    expect(await found(mine)).toEqual([]);
    expect(await codeOf(await readContact(mine))).toEqual([404, "ERR_GHL_GATEWAY_NOT_INSTALLED"]);
    // None of its events is sent: an alarm that was set before finds nothing.
    await runDurableObjectAlarm(env.EVENT_BUFFER.getByName(`${APP}:0`));
    for (const shard of [0, 1]) await runDurableObjectAlarm(dispatcher(dead, shard));
    expect(await found(mine)).toEqual([]);
    expect((await found(other)).filter((where) => where !== "event buffer")).toEqual(
      before.filter((where) => where !== "event buffer"),
    );
    expect((await readContact(other)).status).toBe(200);
    const { items } = await all<AuditEntry>(`/admin/audit?app=${APP}&`, 200);
    const lines = items.filter(({ target }) => target === `location:${mine}`);
    expect(lines.map(({ action }) => action)).toContain("location.data_removed");
    expect(lines.map(({ action }) => action)).toContain("installation.installed");
  });

  it("removing a location's data may be repeated, and completes what a crash has left", async () => {
    const id = locations.shift()!;
    await endpoint({ name: "good" });
    await fill(id);
    await storeAll(id);
    let calls = 0;
    const { erase: original } = WebhookInbox.prototype;
    vi.spyOn(WebhookInbox.prototype, "erase").mockImplementation(function (this: WebhookInbox) {
      return ++calls > 20 ? Promise.reject(new Error("broken")) : original.call(this);
    });
    expect(await codeOf(await admin("POST", at(id), { body: {} }))).toEqual([
      503,
      "ERR_GHL_GATEWAY_OBJECT_UNREACHABLE",
    ]);
    vi.restoreAllMocks();
    expect(await remove(id)).toMatchObject({ tokens: false });
    expect(await found(id)).toEqual([]);
    expect(await remove(id)).toMatchObject({
      tokens: false,
      inboxes: 0,
      events: 0,
      bufferedEvents: 0,
      deliveries: 0,
      directoryRows: 0,
    });
  });

  it("removing a location's data is refused for a company, for a viewer, and for a cursor of another list", async () => {
    const bind = exports.Gateway as unknown as (options: { props: unknown }) => Service<Gateway>;
    const ref = { app: APP, id: "nobody" } as const;
    expect(await bind({ props: { admin: "viewer" } }).removeLocationData(ref)).toMatchObject({ ok: false });
    const removing = bind({ props: { admin: "admin" } });
    expect(await removing.removeLocationData(ref)).toMatchObject({ ok: true, value: { tokens: false, events: 0 } });
    const company = { app: APP, kind: "company", id: "c" };
    expect(await removing.removeLocationData(company)).toMatchObject({ ok: false });
    const cursor = btoa(JSON.stringify(["other", ""]));
    expect(await codeOf(await admin("POST", at("nobody"), { body: { cursor } }))).toEqual([
      400,
      "ERR_GHL_GATEWAY_INPUT_INVALID",
    ]);
  });
});

it("events are kept as long as the app says, also after an UNINSTALL", async () => {
  const id = locations.shift()!;
  const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${id}:${dayOf(NOW_MS - 6 * DAY_MS)}`);
  await storeEvents([{ location: id, atMs: NOW_MS - 6 * DAY_MS }]);
  await vi.waitFor(async () => expect(await inbox.events({}, 1)).toHaveLength(1));
  await runDurableObjectAlarm(inbox);
  expect(await inbox.events({}, 1)).toHaveLength(1);
  const apps = JSON.parse(env.APPS) as Record<string, object>;
  apps[APP] = { ...apps[APP], eventRetentionDays: 5 };
  const shorter = { ...env, APPS: JSON.stringify(apps) };
  await runInDurableObject(inbox, async (object) => {
    Object.defineProperty(object, "env", { value: shorter });
    await object.alarm();
  });
  expect(await inbox.events({}, 1)).toHaveLength(0);
});
