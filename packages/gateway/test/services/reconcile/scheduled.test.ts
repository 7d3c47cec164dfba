import {
  createExecutionContext,
  createScheduledController,
  runDurableObjectAlarm,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AuditEntry } from "../../../src/domain/administration-model.ts";
import worker from "../../../src/index.ts";
import { WebhookInbox } from "../../../src/objects/webhook-inbox/webhook-inbox.ts";
import { readObjects } from "../../../src/platform/env.ts";
import { reportInactivity } from "../../../src/services/reconcile/inactivity.ts";
import { AUDIT_RETENTION_MS } from "../../../src/services/reconcile/scheduled.ts";
import { isolate } from "../../../src/worker.ts";
import { all } from "../../support/calls/admin.ts";
import { type Arrival, dayOf, storeEvents } from "../../support/endpoints/events.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.now();
const locations = LOCATIONS.slice(230, 260);
const change = { actor: "test", requestId: "test", nowMs: NOW_MS };
let location: string;

async function run(atMs = NOW_MS, environment: Env = env): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: atMs, shouldAdvanceTime: true });
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController(), environment);
  await waitOnExecutionContext(context);
  vi.useRealTimers();
}

async function listed(id: string, count: number): Promise<void> {
  const resource = { kind: "location", id } as const;
  const isListed = async (): Promise<void> => {
    const page = await isolate.readDirectory(env).inboxes.list({ app: APP, resource, limit: 50, cursor: undefined });
    expect(page.items).toHaveLength(count);
  };
  // Inboxes are listed together, up to a second later.
  await vi.waitFor(isListed, { timeout: 20_000 });
}

/** An active location whose events came so many hours ago. */
async function inactiveLocation(hours: readonly number[], more: Partial<Arrival> = {}): Promise<string> {
  const id = locations.shift()!;
  const ref = { app: APP, resource: { kind: "location", id } as const, companyId: undefined, scopes: [] };
  await isolate.readDirectory(env).installations.installed(ref, change);
  const arrivals = hours.map((hour) => ({ location: id, atMs: NOW_MS - hour * HOUR_MS, ...more }));
  await storeEvents(arrivals);
  await listed(id, new Set(arrivals.map(({ atMs }) => dayOf(atMs))).size);
  return id;
}

/** Reads the reports that endpoints got, day by day, because the directory learns of an inbox by alarm. */
async function reported(id = location): Promise<number[]> {
  const days = Array.from({ length: 13 }, (_, i) => dayOf(NOW_MS + (i - 6) * DAY_MS));
  const found = days.map(async (day) => {
    const inbox = env.WEBHOOK_INBOX.getByName(`${APP}:location:${id}:${day}`);
    const events = await inbox.events({ names: ["location.inactive"] }, 10);
    return Promise.all(
      events.map(async ({ dedupeKey }) => {
        const { body } = (await inbox.event(`evt_${dedupeKey.slice(0, 32)}`))!;
        return (JSON.parse(new TextDecoder().decode(body)) as { lastEventAtMs: number }).lastEventAtMs;
      }),
    );
  });
  return (await Promise.all(found)).flat();
}

beforeEach(async () => {
  await env.DIRECTORY.batch(
    ["inbox", "inactivity", "installation", "audit", "job_cursor"].map((table) =>
      env.DIRECTORY.prepare(`DELETE FROM ${table}`),
    ),
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("a location that no event comes from", () => {
  it("a location that no event comes from is reported once, when it has been inactive for two days", async () => {
    location = await inactiveLocation([100, 47]);
    await run();
    expect(await reported()).toEqual([]);
    await run(NOW_MS + HOUR_MS);
    await run(NOW_MS + 2 * HOUR_MS);
    expect(await reported()).toEqual([NOW_MS - 47 * HOUR_MS]);
    for (const days of [1, 3, 5, 8]) await run(NOW_MS + days * DAY_MS);
    expect(await reported()).toEqual([NOW_MS - 47 * HOUR_MS]);
  });

  it("a location that no event comes from is reported again after its next event", async () => {
    location = await inactiveLocation([100]);
    await run();
    const nextMs = NOW_MS + DAY_MS;
    await storeEvents([{ location, atMs: nextMs }]);
    // Its alarm is set in the time of the event.
    await runDurableObjectAlarm(env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:${dayOf(nextMs)}`));
    await run(nextMs + DAY_MS);
    expect(await reported()).toEqual([NOW_MS - 100 * HOUR_MS]);
    await run(nextMs + 4 * DAY_MS);
    expect((await reported()).sort()).toEqual([NOW_MS - 100 * HOUR_MS, nextMs]);
  });

  it("an inactive location is reported once although the run ends before it has recorded the report", async () => {
    location = await inactiveLocation([100]);
    const prepare = env.DIRECTORY.prepare.bind(env.DIRECTORY);
    const broken = new Proxy(env.DIRECTORY, {
      get: (db, name) =>
        name === "prepare"
          ? (query: string) => {
              if (query.startsWith("INSERT INTO inactivity")) throw new Error("broken");
              return prepare(query);
            }
          : (Reflect.get(db, name) as unknown),
    });
    await run(NOW_MS, { ...env, DIRECTORY: broken });
    await run(NOW_MS + HOUR_MS);
    expect(await reported()).toEqual([NOW_MS - 100 * HOUR_MS]);
  });

  it("a location whose inbox could not be reached before is read again at once, and reported", async () => {
    location = await inactiveLocation([47]);
    const reads = vi.spyOn(WebhookInbox.prototype, "lastFromHighLevelMs");
    for (const minutes of [0, 10, 20]) await run(NOW_MS + minutes * 60_000);
    const looked = reads.mock.calls.length;
    expect(looked).toBeLessThanOrEqual(1);
    reads.mockImplementation(() => Promise.reject(new Error("broken")));
    await run(NOW_MS + 2 * HOUR_MS);
    expect(await reported()).toEqual([]);
    reads.mockRestore();
    await run(NOW_MS + 3 * HOUR_MS);
    expect(await reported()).toEqual([NOW_MS - 47 * HOUR_MS]);
  });

  it("a location that no event comes from is not kept alive by quarantined events", async () => {
    location = await inactiveLocation([100]);
    await storeEvents([{ location, atMs: NOW_MS - HOUR_MS, day: dayOf(NOW_MS - 60 * HOUR_MS), quarantined: true }]);
    await listed(location, 2);
    await run();
    expect(await reported()).toEqual([NOW_MS - 100 * HOUR_MS]);
  });

  it("a location is left alone where it is not active, never had an event, or nobody wants the report", async () => {
    const [ended, off] = [await inactiveLocation([100]), await inactiveLocation([100])];
    const never = await inactiveLocation([]);
    await env.DIRECTORY.prepare("UPDATE installation SET state = 'suspended' WHERE resource_id = ?").bind(ended).run();
    await run(NOW_MS, { ...env, INACTIVE_AFTER_HOURS: "0" });
    expect([await reported(ended), await reported(off)]).toEqual([[], []]);
    await run();
    expect([await reported(ended), await reported(never), await reported(off)]).toEqual([
      [],
      [],
      [NOW_MS - 100 * HOUR_MS],
    ]);
  });

  it("a location that no event comes from waits for the next run where many are inactive", async () => {
    const bounds = { locations: 100, pages: 10, rowsPerPage: 50 };
    const ids = Array.from({ length: bounds.locations + 5 }, (_, i) => `s1lent${i}`);
    const reads = vi.spyOn(WebhookInbox.prototype, "lastFromHighLevelMs").mockResolvedValue(NOW_MS - 100 * HOUR_MS);
    const store = vi.spyOn(WebhookInbox.prototype, "store").mockResolvedValue({ stored: true });
    const insert = `INSERT INTO installation (app, kind, resource_id, state, scopes, installed_at_ms, changed_at_ms)
      VALUES (?, 'location', ?, 'active', '', 1, 1)`;
    await env.DIRECTORY.batch(
      ids.flatMap((id) => [
        env.DIRECTORY.prepare(insert).bind(APP, id),
        env.DIRECTORY.prepare("INSERT INTO inbox (app, resource, day, first_event_at_ms) VALUES (?, ?, ?, 1)").bind(
          APP,
          `location:${id}`,
          dayOf(NOW_MS - 100 * HOUR_MS),
        ),
      ]),
    );
    const options = { directory: isolate.readDirectory(env), objects: readObjects(env), inactiveAfterMs: 2 * DAY_MS };
    const runBounded = () => reportInactivity({ ...options, nowMs: NOW_MS }, bounds);
    await runBounded();
    expect(reads).toHaveBeenCalledTimes(100);
    await runBounded();
    await runBounded();
    expect(reads).toHaveBeenCalledTimes(105);
    expect(store).toHaveBeenCalledTimes(105);
  });
});

it("lines of the audit that are older than 400 days are deleted, and no others", async () => {
  const { audit } = isolate.readDirectory(env);
  for (const [action, nowMs] of [
    ["old", NOW_MS - AUDIT_RETENTION_MS - 1],
    ["kept", NOW_MS - AUDIT_RETENTION_MS + DAY_MS],
  ] as const)
    await audit.note({ action, app: APP, target: "x" }, { ...change, nowMs });
  await run();
  expect((await all<AuditEntry>("/admin/audit?", 200)).items.map(({ action }) => action)).toEqual(["kept"]);
});

it("a failure in one part of a run leaves the rest of it untouched", async () => {
  location = await inactiveLocation([100]);
  await isolate.readDirectory(env).audit.note({ action: "old", app: APP, target: "x" }, { ...change, nowMs: 1 });
  vi.spyOn(WebhookInbox.prototype, "lastFromHighLevelMs").mockImplementation(() => Promise.reject(new Error("broken")));
  await run();
  expect((await all<AuditEntry>("/admin/audit?", 200)).items.map(({ action }) => action)).not.toContain("old");
});
