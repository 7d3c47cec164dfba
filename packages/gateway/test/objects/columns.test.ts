import { listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { EventUnprocessable } from "@ghl-edge/webhooks/gateway";
import { expect, it, vi } from "vitest";
import { createEventOutbox } from "../../src/objects/event-outbox.ts";
import { readObjects } from "../../src/platform/env.ts";
import { isolate } from "../../src/worker.ts";
import { administer } from "../support/calls/admin.ts";
import {
  call,
  deliver,
  installCompany,
  installLocation,
  leaveOfDay,
  readContact,
  upstream,
} from "../support/calls/gateway.ts";
import { addWorkflowReceiver } from "../support/calls/workflows.ts";
import { addEndpoint, arrived, destination, dispatcher } from "../support/endpoints/endpoints.ts";
import { APP, COMPANY, LOCATIONS } from "../support/setup/settings.ts";

const [OWN, DERIVED] = LOCATIONS as [string, string];
const STRANGER = "str4nger000000000001";
const today = new Date().toISOString().slice(0, 10);
const resource = { kind: "location", id: OWN } as const;

const namespaces = {
  TokenGrant: env.TOKEN_GRANT,
  ResourceCoordinator: env.RESOURCE_COORDINATOR,
  WebhookInbox: env.WEBHOOK_INBOX,
  EventBuffer: env.EVENT_BUFFER,
  EndpointDispatcher: env.ENDPOINT_DISPATCHER,
};

interface Named extends Record<string, SqlStorageValue> {
  readonly name: string;
}

const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table'
AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%cf_%' AND name <> 'd1_migrations'`;

/** Every object that there is, by its class. */
async function objects(): Promise<[string, DurableObjectStub][]> {
  const found = Object.entries(namespaces).map(async ([name, namespace]) => {
    const ids = await listDurableObjectIds(namespace as DurableObjectNamespace);
    return ids.map((id): [string, DurableObjectStub] => [name, (namespace as DurableObjectNamespace).get(id)]);
  });
  return (await Promise.all(found)).flat();
}

/** Gives every table the column that a later version may have, and empties what an object knows by heart. */
async function addColumns(): Promise<ReadonlySet<string>> {
  const altered = new Set<string>();
  for (const [name, stub] of await objects()) {
    await runInDurableObject(stub, (_object, state) => {
      const { sql } = state.storage;
      for (const { name: table } of sql.exec<Named>(TABLES).toArray()) {
        altered.add(`${name}.${table}`);
        if (!sql.exec(`SELECT * FROM ${table} LIMIT 0`).columnNames.includes("later"))
          sql.exec(`ALTER TABLE ${table} ADD COLUMN later TEXT`);
        sql.exec(`UPDATE ${table} SET later = 'kept'`);
      }
    });
    await runInDurableObject(stub, (_object, state) => state.abort("another version")).catch(() => {});
  }
  const { results } = await env.DIRECTORY.prepare(TABLES).all<Named>();
  for (const { name } of results) {
    altered.add(`DIRECTORY.${name}`);
    await env.DIRECTORY.prepare(`ALTER TABLE ${name} ADD COLUMN later TEXT`).run();
    await env.DIRECTORY.prepare(`UPDATE ${name} SET later = 'kept'`).run();
  }
  return altered;
}

/** Rows that have lost what the later version had written into them. */
const ofDirectory = async (table: string, where: string): Promise<unknown> =>
  env.DIRECTORY.prepare(`SELECT later FROM ${table} WHERE ${where}`).first("later");

/** A signed event that is stored, but has no effects. */
async function post(type: string, payload: Record<string, unknown>): Promise<void> {
  const { body, signature } = await upstream.sign(type, payload);
  const response = await call(`/webhooks/${APP}`, { method: "POST", headers: { "x-ghl-signature": signature }, body });
  expect(response.status).toBe(200);
}

/** Drives what writes: into every table of every object, and of the directory. */
async function work(round: string): Promise<void> {
  const { inactivity, jobCursors } = isolate.readDirectory(env);
  await jobCursors.write("inactivity", round);
  const endpoint = await addEndpoint({ name: round });
  await installLocation(OWN);
  await installCompany([DERIVED]);
  expect((await readContact(OWN)).status).toBe(200);
  expect((await readContact(DERIVED)).status).toBe(200);
  await administer("PUT", `/admin/installations/${APP}/location/${OWN}/private-token`, {
    token: `pit-${round}-00000000`,
  });
  await administer("POST", "/admin/api-keys", { name: round, app: APP });
  await administer("PUT", "/admin/operators/later@example.com", { role: "viewer" });
  await addWorkflowReceiver({ name: round });
  await inactivity.noteLooks([{ location: { app: APP, resource, day: today }, lastAtMs: 1, isDone: false }]);
  // Nothing is installed there.
  await post("ContactCreate", { locationId: STRANGER, round });
  // Older than HighLevel would redeliver it.
  const timestamp = new Date(Date.now() - 5 * 86_400_000).toISOString();
  await post("ContactCreate", { locationId: OWN, round, timestamp });
  // Before there is something to deliver: a delivery that is taken would end nothing.
  await destination.behave(endpoint, { status: 410 });
  // Their hand-over fails at first, so that it is written down.
  await deliver("ContactCreate", { locationId: OWN, round });
  await leaveOfDay(OWN, round === "before" ? 40_000 : 10_000);
  await arrived(endpoint, 1);
  // 410 disables an endpoint, which the directory and the other endpoints have to be notified of.
  await vi.waitFor(async () => {
    await runDurableObjectAlarm(dispatcher(endpoint));
    const { state } = (await isolate.readDirectory(env).endpoints.find(endpoint.endpoint.id))!;
    expect(state).toBe("disabled");
  }, 20_000);
  const buffer = env.EVENT_BUFFER.getByName(`${APP}:0`);
  const { body } = await upstream.sign("INSTALL", { locationId: OWN });
  const event = {
    dedupeKey: crypto.randomUUID().replaceAll("-", "").padEnd(64, "0"),
    name: "AppInstall",
    type: "INSTALL",
    webhookId: undefined,
    eventAtMs: Date.now(),
    quarantined: false,
    source: "highlevel",
    signature: undefined,
    lifecycle: undefined,
    body: new TextEncoder().encode(body),
  } as const;
  await buffer.buffer({ app: APP, resource, day: today }, event);
  await runDurableObjectAlarm(buffer);
  const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${OWN}:${today}`);
  const open = await addEndpoint({ name: `${round} replay` });
  expect((await inbox.replay(open.endpoint.id, { dryRun: false, limit: 10 })).matched).toBeGreaterThan(1);
  await arrived(open, 1);
  const data: EventUnprocessable = { eventId: "evt_0", eventType: "x", endpointId: null, attempts: 1, errorName: "x" };
  await runInDurableObject(inbox, async (_object, { storage }) => {
    const outbox = createEventOutbox(storage.sql, readObjects(env));
    const uniqueId = crypto.randomUUID();
    outbox.add({ app: APP, resource, name: "event.unprocessable", data, atMs: Date.now(), uniqueId });
    expect(await outbox.send()).toBe(true);
  });
  const uninstalled = await call(`/admin/installations/${APP}/location/${OWN}`, {
    method: "DELETE",
    headers: { authorization: "Bearer gateway-admin-key-000000000000000" },
  });
  expect(uninstalled.status).toBe(200);
}

it("every statement of this version works with tables that have a column more, and keeps what is in it", async () => {
  await work("before");
  const altered = await addColumns();
  // These are the tables that existed when this was written. A later table may be missing here.
  const reached = [
    "DIRECTORY.api_key",
    "DIRECTORY.audit",
    "DIRECTORY.check_secret",
    "DIRECTORY.endpoint",
    "DIRECTORY.inbox",
    "DIRECTORY.installation",
    "DIRECTORY.job_cursor",
    "DIRECTORY.operator",
    "DIRECTORY.undelivered_event",
    "DIRECTORY.inactivity",
    "DIRECTORY.workflow_receiver",
    "EndpointDispatcher.delivery",
    "EndpointDispatcher.event_outbox",
    "EndpointDispatcher.dispatcher",
    "EventBuffer.held_event",
    "EventBuffer.held_resource",
    "EventBuffer.buffered_event",
    "EventBuffer.spent_state",
    "ResourceCoordinator.event_outbox",
    "TokenGrant.location",
    "TokenGrant.tenant",
    "TokenGrant.token_record",
    "WebhookInbox.event",
    "WebhookInbox.event_outbox",
    "WebhookInbox.event_task",
    "WebhookInbox.inbox",
  ];
  expect(reached.filter((table) => !altered.has(table))).toEqual([]);
  await work("later");
  for (const [table, where] of [
    ["installation", `resource_id = '${OWN}'`],
    ["operator", "name = 'later@example.com'"],
    ["inactivity", `resource = 'location:${OWN}'`],
    ["check_secret", "id = 1"],
    ["undelivered_event", "reason = 'stale'"],
  ] as const)
    expect(await ofDirectory(table, where), table).toBe("kept");
  const company = env.TOKEN_GRANT.getByName(`${APP}:company:${COMPANY}`);
  await runInDurableObject(company, (_object, { storage: { sql } }) => {
    for (const table of ["tenant", "token_record", "location"])
      expect(sql.exec(`SELECT later FROM ${table} LIMIT 1`).one(), table).toEqual({ later: "kept" });
  });
}, 180_000);
