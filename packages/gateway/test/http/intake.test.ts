import { listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { SentEvent } from "@ghl-edge/emulator";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp, createTrafficApp } from "../../src/app.ts";
import { HOLD_MS, MAX_HELD_PER_RESOURCE } from "../../src/objects/event-buffer/held-events.ts";
import { isolate } from "../../src/worker.ts";
import { call, upstream } from "../support/calls/gateway.ts";
import { addWorkflowReceiver, run } from "../support/calls/workflows.ts";
import { APP, LOCATIONS, SMALL_APP, SMALL_CLIENT_ID } from "../support/setup/settings.ts";

/** Events that are let in: late events, events of nobody, and tenants that nobody has installed. */
const locations = [...LOCATIONS];
const next = (): string => locations.shift()!;
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();
const today = (): string => hoursAgo(0).slice(0, 10);
const appId = SMALL_CLIENT_ID.slice(0, 24);

function post({ body, signature }: Pick<SentEvent, "body" | "signature">, app: string): Promise<Response> {
  return call(`/webhooks/${app}`, { method: "POST", headers: { "x-ghl-signature": signature }, body });
}
const outcomeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { outcome: string }).outcome;
const inboxes = async (): Promise<number> => (await listDurableObjectIds(env.WEBHOOK_INBOX)).length;
const heldEventsObject = () => env.EVENT_BUFFER.getByName(`${SMALL_APP}:held:0`);
const rows = (app: string, name: string): Promise<Record<string, unknown>[]> =>
  runInDurableObject(env.WEBHOOK_INBOX.getByName(`${app}:${name}`), (_object, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'event'").toArray().length === 0
      ? []
      : storage.sql.exec("SELECT * FROM event ORDER BY seq").toArray(),
  );
const namesAt = async (location: string): Promise<unknown[]> =>
  (await rows(SMALL_APP, `location:${location}:${today()}`)).map(({ name }) => name);
/** Data of the reports of one app. */
const reports = async (app: string, reportName: string): Promise<Record<string, unknown>[]> =>
  // A test that moves the clock by hours may report in the inbox of tomorrow.
  (
    await Promise.all(
      [0, 86_400_000].map((ms) => rows(app, `none:${new Date(Date.now() + ms).toISOString().slice(0, 10)}`)),
    )
  )
    .flat()
    .filter(({ name }) => name === reportName)
    .map(({ body }) => JSON.parse(new TextDecoder().decode(body as ArrayBuffer)) as Record<string, unknown>);

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("an event that has no effects", () => {
  it("an event that has no effects is counted, and reported once an hour for each reason", async () => {
    const location = next();
    const sent = [
      ["stale", await upstream.sign("ContactCreate", { locationId: location, timestamp: hoursAgo(74) })],
      ["early", await upstream.sign("ContactCreate", { locationId: location, timestamp: hoursAgo(-1) })],
      ["undated", await upstream.sign("TaskCreate", { locationId: location, timestamp: null })],
      ["stale", await upstream.sign("ContactCreate", { locationId: location, timestamp: hoursAgo(1_000) })],
    ] as const;
    for (const [, event] of sent) expect(await outcomeOf(await post(event, APP))).toBe("quarantined");
    // A repetition is no other event.
    expect(await outcomeOf(await post(sent[0][1], APP))).toBe("duplicate");
    const counted = await env.DIRECTORY.prepare(
      "SELECT reason, count FROM undelivered_event WHERE app = ? ORDER BY reason",
    )
      .bind(APP)
      .all();
    expect(counted.results).toEqual([
      { reason: "early", count: 1 },
      { reason: "stale", count: 2 },
      { reason: "undated", count: 1 },
    ]);
    const reported = await reports(APP, "event.quarantined");
    expect(reported.map(({ reason }) => reason)).toEqual(["stale", "early", "undated"]);
    expect(reported[2]).toMatchObject({
      count: 1,
      eventType: "TaskCreate",
      resource: { id: location },
      signedAtMs: null,
    });
    expect(reported[0]?.eventId).toMatch(/^evt_[0-9a-f]{32}$/);
  });

  it("an event that has no effects is acknowledged also where it cannot be counted", async () => {
    vi.spyOn(Object.getPrototypeOf(env.DIRECTORY) as D1Database, "batch").mockRejectedValue(new Error("broken"));
    const sent = await upstream.sign("ContactCreate", { locationId: next(), timestamp: hoursAgo(74) });
    expect(await outcomeOf(await post(sent, APP))).toBe("quarantined");
  });
});

describe("an event without an app", () => {
  it.each(["INSTALL", "UNINSTALL", "ContactCreate", "InboundMessage"])(
    "an event without an app is refused where HighLevel writes one: %s",
    async (type) => {
      const before = await inboxes();
      const sent = await upstream.sign(type, { locationId: next(), appId: null });
      expect((await post(sent, SMALL_APP)).status).toBe(401);
      expect(await inboxes()).toBe(before);
    },
  );
});

describe("an event of a location at which nothing is installed", () => {
  beforeEach(() => isolate.knownTenants.clear());

  const event = (location: string, fields: Record<string, unknown> = {}) =>
    upstream.sign("ContactUpdate", { locationId: location, appId, ...fields });
  /** Writes the row that the directory has once an INSTALL was processed. */
  const installed = (location: string) =>
    env.DIRECTORY.prepare(
      `INSERT INTO installation (app, kind, resource_id, company_id, state, scopes, installed_at_ms, changed_at_ms)
       VALUES (?, 'location', ?, NULL, 'active', '', 0, 0)`,
    )
      .bind(SMALL_APP, location)
      .run();
  /** Each look is later than the one before has planned; the object's own alarm may come between. */
  async function untilNamesAt(location: string, names: readonly string[]): Promise<void> {
    let aheadMs = 0;
    const look = async (): Promise<void> => {
      aheadMs += 600_000;
      await lookAfter(aheadMs);
      expect(await namesAt(location)).toEqual(names);
    };
    await vi.waitFor(look, { timeout: 20_000, interval: 200 });
  }
  /** Runs the alarm of the object with held events, at a time in the future. */
  async function lookAfter(ms: number): Promise<void> {
    vi.useFakeTimers({ now: Date.now() + ms, toFake: ["Date"] });
    await runDurableObjectAlarm(heldEventsObject());
    vi.useRealTimers();
  }

  it("an event of a location without an installation costs one object, however many locations are invented", async () => {
    const objects = await inboxes();
    for (let i = 0; i < 40; i++)
      expect(await outcomeOf(await post(await event(`invented${i}`), SMALL_APP))).toBe("held");
    expect(await inboxes()).toBe(objects);
    const listed = "SELECT count(*) AS n FROM inbox WHERE resource LIKE '%invented%'";
    expect(await env.DIRECTORY.prepare(listed).first("n")).toBe(0);
  });

  it("an event of a location without an installation goes to its inbox, in order and once, after an install", async () => {
    const location = next();
    const [first, second] = [await event(location), await event(location)];
    for (const sent of [first, second, first]) await post(sent, SMALL_APP);
    await lookAfter(3_000);
    expect(await namesAt(location)).toEqual([]);
    await installed(location);
    await untilNamesAt(location, ["ContactUpdate", "ContactUpdate"]);
    const stored = await rows(SMALL_APP, `location:${location}:${today()}`);
    expect(stored.map(({ webhook_id }) => webhook_id)).toEqual([first.webhookId, second.webhookId]);
    // From now on it is stored at once, and what was held is reported from a repetition.
    isolate.knownTenants.clear();
    expect(await outcomeOf(await post(first, SMALL_APP))).toBe("duplicate");
    expect(await outcomeOf(await post(await event(location), SMALL_APP))).toBe("stored");
  });

  it("an event of a location without an installation is stored by the INSTALL that comes after it, which is never delayed", async () => {
    const location = next();
    await post(await event(location), SMALL_APP);
    const install = await upstream.sign("INSTALL", { locationId: location, appId });
    expect(await outcomeOf(await post(install, SMALL_APP))).toBe("stored");
    await untilNamesAt(location, ["AppInstall", "ContactUpdate"]);
  });

  it("an event of a location without an installation is dropped after an hour, counted and reported", async () => {
    const location = next();
    await post(await event(location), SMALL_APP);
    await lookAfter(HOLD_MS - 60_000);
    const storedEvents = () =>
      runInDurableObject(heldEventsObject(), (_object, { storage }) =>
        storage.sql.exec("SELECT * FROM held_event WHERE resource_key = ?", `location:${location}`).toArray(),
      );
    expect(await storedEvents()).toHaveLength(1);
    await vi.waitFor(
      async () => {
        await lookAfter(2 * HOLD_MS);
        expect(await storedEvents()).toEqual([]);
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(await namesAt(location)).toEqual([]);
    // The inbox of the report is listed some seconds after its first event.
    await vi.waitFor(async () => expect(await reports(SMALL_APP, "event.dropped")).toHaveLength(1), 20_000);
    expect(await reports(SMALL_APP, "event.dropped")).toEqual([
      {
        reason: "not_installed",
        count: 1,
        eventId: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
        eventType: "ContactUpdate",
        // The first of the hour: a location of an earlier test.
        resource: { kind: "location", id: expect.any(String) },
        signedAtMs: expect.any(Number),
      },
    ]);
    expect(await reports(SMALL_APP, "event.quarantined")).toEqual([]);
  });

  it("an event of a location without an installation is sent again by HighLevel where the event buffer is full", async () => {
    const location = next();
    const statuses = [];
    for (let i = 0; i <= MAX_HELD_PER_RESOURCE; i++)
      statuses.push((await post(await event(location), SMALL_APP)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(MAX_HELD_PER_RESOURCE);
    const last = await post(await event(location), SMALL_APP);
    expect([last.status, last.headers.get("retry-after")]).toEqual([429, "60"]);
  });

  it("an event of a location without an installation is stored at once where the directory does not answer", async () => {
    const location = next();
    vi.spyOn(Object.getPrototypeOf(env.DIRECTORY) as D1Database, "prepare").mockImplementation(() => {
      throw new Error("broken");
    });
    expect(await outcomeOf(await post(await event(location), SMALL_APP))).toBe("stored");
  });
});

describe("a workflow receiver of no location", () => {
  it("a workflow receiver of no location costs one object, however many locations are invented, and an installed one has its own", async () => {
    const receiver = await addWorkflowReceiver({ app: SMALL_APP, location: null });
    const before = await inboxes();
    for (let i = 0; i < 40; i++) {
      const response = await run(receiver, { location: { id: `invented${i}` }, n: i });
      expect(response.status).toBe(200);
    }
    expect(await inboxes()).toBeLessThanOrEqual(before + 1);
    const stored = (await rows(SMALL_APP, `none:${today()}`)).filter(({ name }) => name === "workflow.webhook");
    expect(stored).toHaveLength(40);
    const location = next();
    await env.DIRECTORY.prepare(
      `INSERT INTO installation (app, kind, resource_id, company_id, state, scopes, installed_at_ms, changed_at_ms)
       VALUES (?, 'location', ?, NULL, 'active', '', 0, 0)`,
    )
      .bind(SMALL_APP, location)
      .run();
    await run(receiver, { location: { id: location } });
    expect(await namesAt(location)).toEqual(["workflow.webhook"]);
  });
});

describe("a key in the configuration that is none", () => {
  const sign = () => upstream.sign("ContactCreate", { locationId: next() });
  const post429 = async (broken: object): Promise<void> => {
    const { body, signature } = await sign();
    const init = { method: "POST", headers: { "x-ghl-signature": signature }, body };
    const response = await createTrafficApp(isolate).request(`/webhooks/${APP}`, init, { ...env, ...broken });
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "60"]);
  };

  it("a malformed key in the configuration makes the gateway unhealthy, and HighLevel send the event again: never 401", async () => {
    const broken = { WEBHOOK_PUBLIC_KEYS: '["bm8ga2V5"]' };
    expect((await createApp(isolate).request("/healthz", {}, { ...env, ...broken })).status).toBe(503);
    await post429(broken);
  });

  it("a malformed key in the configuration has the same effect where only the runtime finds it", async () => {
    vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new Error("no key"));
    await post429({});
  });
});
