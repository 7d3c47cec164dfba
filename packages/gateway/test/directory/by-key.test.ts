import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createDirectory } from "../../src/directory/directory.ts";
import { createRecentEndpoints } from "../../src/directory/recent-endpoints.ts";
import { WebhookInbox } from "../../src/objects/webhook-inbox/webhook-inbox.ts";
import { readObjects } from "../../src/platform/env.ts";
import { reportInactivity } from "../../src/services/reconcile/inactivity.ts";
import { isolate } from "../../src/worker.ts";
import { APP, WIDE_APP } from "../support/setup/settings.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.now();
const DAYS = Array.from({ length: 10 }, (_, i) => new Date(NOW_MS - i * DAY_MS).toISOString().slice(0, 10));
/** The newest, and one in the middle. */
const [TODAY, MIDDLE] = [DAYS[0]!, DAYS[5]!];

/** Locations of an app that are installed and have an inbox for each day. */
async function fill(app: string, from: number, to: number): Promise<void> {
  const days = JSON.stringify([...DAYS, "undated"]);
  await env.DIRECTORY.batch([
    env.DIRECTORY.prepare(
      `WITH RECURSIVE n(i) AS (SELECT ?2 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3)
      INSERT INTO installation (app, kind, resource_id, company_id, state, scopes, installed_at_ms, changed_at_ms)
      SELECT ?1, 'location', printf('l%06d', i), printf('c%04d', i / 100), 'active', '', 1, 1 FROM n`,
    ).bind(app, from, to),
    env.DIRECTORY.prepare(
      `WITH RECURSIVE n(i) AS (SELECT ?2 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3)
      INSERT INTO inbox (app, resource, day, first_event_at_ms)
      SELECT ?1, 'location:' || printf('l%06d', i), value, 1 FROM n, json_each(?4)`,
    ).bind(app, from, to, days),
  ]);
}

/** Rows that D1 reads while something is done, as it bills them. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  let rows = 0;
  const prototype = Object.getPrototypeOf(env.DIRECTORY.prepare("SELECT 1")) as D1PreparedStatement;
  const { all } = prototype;
  const spy = vi.spyOn(prototype, "all").mockImplementation(async function (this: D1PreparedStatement) {
    const result = await all.call(this);
    rows += result.meta.rows_read;
    return result as never;
  });
  await work();
  spy.mockRestore();
  return rows;
}

const SMALL = 500;
const LARGE = 4_000;
const resource = { kind: "location", id: "l000007" } as const;
const { inboxes, installations } = isolate.readDirectory(env);
const page = { limit: 50, cursor: undefined };

/** Each question, and how many rows it may read at most. */
const questions: [string, number, () => Promise<unknown>][] = [
  ["the inboxes of a location", 60, () => inboxes.list({ ...page, app: APP, resource })],
  ["the inboxes of a location since a day", 60, () => inboxes.list({ ...page, app: APP, resource, fromDay: MIDDLE })],
  ["the inboxes of a location until a day", 60, () => inboxes.list({ ...page, app: APP, resource, toDay: MIDDLE })],
  ["the inboxes of an app", 700, () => inboxes.list({ ...page, app: APP })],
  ["the inboxes of an app since a day", 700, () => inboxes.list({ ...page, app: APP, fromDay: TODAY })],
  ["the inboxes of an app until a day", 700, () => inboxes.list({ ...page, app: APP, toDay: MIDDLE })],
  ["the installations of a company", 320, () => installations.list({ ...page, app: APP, companyId: "c0001" })],
  ["the installations of an app", 110, () => installations.list({ ...page, app: WIDE_APP })],
];

describe("a list reads no more rows where there is more beside it:", () => {
  const small = new Map<string, number>();

  beforeAll(async () => {
    await fill(APP, 0, SMALL);
    await fill(WIDE_APP, 0, 60);
    for (const [what, , query] of questions) small.set(what, await rowsRead(query));
    await fill(APP, SMALL, LARGE);
  });

  it.each(questions)("a list reads no more rows where there is more beside it: %s", async (what, most, query) => {
    const rows = await rowsRead(query);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThanOrEqual(most);
    expect(rows).toBe(small.get(what));
  });

  it("the inboxes of an app are all found, newest day first, each once, in whatever pages", async () => {
    const names: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const found = await inboxes.list({ app: WIDE_APP, limit: 47, cursor, toDay: MIDDLE });
      names.push(...found.items.map(({ name }) => name));
      if (found.nextCursor === null) break;
      cursor = found.nextCursor;
    }
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(60 * (DAYS.length - 5 + 1));
    const days = names.map((name) => name.split(":")[2]!);
    expect(days).toEqual(days.toSorted().reverse());
  });
});

describe("the hourly search for inactive locations", () => {
  afterEach(() => vi.restoreAllMocks());

  const options = { directory: isolate.readDirectory(env), objects: readObjects(env), inactiveAfterMs: 2 * DAY_MS };

  it("the hourly search for inactive locations reads some rows per installation and stops at its bound, to go on there", async () => {
    const bounds = { locations: 100, pages: 20, rowsPerPage: 250 };
    const run = () => reportInactivity({ ...options, nowMs: NOW_MS }, bounds);
    const nobody = await rowsRead(run);
    expect(nobody).toBeLessThan((LARGE + 60) * 6);
    await fill(APP, LARGE, bounds.pages * bounds.rowsPerPage);
    const { directory } = options;
    const first = await rowsRead(run);
    expect(first).toBeLessThan(bounds.pages * bounds.rowsPerPage * 6);
    expect(await directory.jobCursors.read("inactivity")).toBeDefined();
    // The 60 inboxes of the other app were left.
    const rest = await rowsRead(run);
    expect(rest).toBeLessThan(60 * 6 + 10);
    expect(await directory.jobCursors.read("inactivity")).toBeUndefined();
  });

  it("the hourly search for inactive locations reads each page by keys alone", async () => {
    const queries: string[] = [];
    const prepare = env.DIRECTORY.prepare.bind(env.DIRECTORY);
    const db = new Proxy(env.DIRECTORY, {
      get: (target, name) =>
        name === "prepare"
          ? (query: string) => {
              queries.push(query);
              return prepare(query);
            }
          : (Reflect.get(target, name) as unknown),
    });
    const { inactivity } = createDirectory(db, isolate.readConfig(env).tokenKeys, createRecentEndpoints());
    await inactivity.candidates({ day: TODAY, beforeMs: NOW_MS }, { cursor: undefined, rows: 10 });
    const { results } = await prepare(`EXPLAIN QUERY PLAN ${queries[0]}`)
      .bind("", "", "", 10)
      .all<{ detail: string }>();
    const plan = results.map(({ detail }) => detail);
    expect(
      plan.filter((detail) => /SEARCH (installation|inactivity|inbox) USING PRIMARY KEY/.test(detail)),
    ).toHaveLength(4);
  });

  it("the hourly search for inactive locations reads the inboxes of the locations that may be inactive, and of no others", async () => {
    const reads = vi.spyOn(WebhookInbox.prototype, "lastFromHighLevelMs").mockResolvedValue(NOW_MS);
    await env.DIRECTORY.prepare("DELETE FROM inbox WHERE app = ? AND resource <> 'location:l000003'")
      .bind(WIDE_APP)
      .run();
    await env.DIRECTORY.prepare("DELETE FROM installation WHERE app = ?").bind(APP).run();
    const result = await reportInactivity({ ...options, nowMs: NOW_MS + 3 * DAY_MS });
    expect(result).toEqual({ looked: 1, reported: 1, failed: 0 });
    expect(reads).toHaveBeenCalled();
  });
});
