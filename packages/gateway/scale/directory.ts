/** Fills the directory as a deployment of a given size would, and times every list and every statement that walks it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createDirectory, type Directory } from "../src/directory/directory.ts";
import { createRecentEndpoints } from "../src/directory/recent-endpoints.ts";
import { type LocalD1, openLocalD1 } from "./local-d1.ts";

export interface DirectorySize {
  readonly locations: number;
  /** Days with an inbox for each location. */
  readonly days: number;
}

/** One question, with the time of its statements. */
export interface DirectoryTiming {
  readonly what: string;
  /** Median in ms. */
  readonly ms: number;
  /** Longest in ms. */
  readonly longestMs: number;
  /** Whether a statement reads a whole table. */
  readonly scans: boolean;
}

const APP = "app";
const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 30);
const ROUNDS = 7;
const PER_COMPANY = 100;
const dayOf = (back: number): string => new Date(NOW_MS - back * DAY_MS).toISOString().slice(0, 10);
const numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)";

/** Fills every table whose size follows the number of locations. */
export function fillDirectory({ sqlite }: LocalD1, { locations, days }: DirectorySize): void {
  sqlite.exec("BEGIN");
  sqlite
    .prepare(
      `${numbers} INSERT INTO installation (app, kind, resource_id, company_id, state, scopes, installed_at_ms, changed_at_ms)
      SELECT '${APP}', 'location', printf('l%06d', i), printf('c%05d', i / ${PER_COMPANY}),
        iif(i % 1000 = 0, 'reauth_required', 'active'), 'contacts.readonly', 1, 1 FROM n`,
    )
    .run(locations);
  const inbox = sqlite.prepare(
    `${numbers} INSERT INTO inbox (app, resource, day, first_event_at_ms)
    SELECT '${APP}', 'location:' || printf('l%06d', i), ?2, 1 FROM n`,
  );
  for (let back = days - 1; back >= 0; back--) inbox.run(locations, dayOf(back));
  sqlite
    .prepare(
      `${numbers} INSERT INTO audit (at_ms, actor, action, app, target, request_id)
      SELECT i, 'admin-key:ops', 'installation.installed', '${APP}', 'location:' || printf('l%06d', i % 1000000), 'r' FROM n`,
    )
    .run(locations * 4);
  sqlite
    .prepare(
      `${numbers} INSERT INTO api_key (id, name, app, hash, access, created_at_ms, created_by)
      SELECT printf('%016d', i), 'key', iif(i % 50 = 0, '${APP}', 'other'), '', 'read', 1, 'ops' FROM n`,
    )
    .run(5_000);
  sqlite
    .prepare(
      `${numbers} INSERT INTO endpoint (id, app, name, kind, target, format, ordered, shards, batch_size, secrets, state,
        created_at_ms, created_by, changed_at_ms)
      SELECT printf('ep_%016d', i), iif(i % 10 = 0, '${APP}', 'other'), 'e', 'queue', 'q', 'envelope', 0, 1, 1, '', 'active', 1, 'ops', 1 FROM n`,
    )
    .run(500);
  sqlite.exec("COMMIT");
}

function questionsOf(directory: Directory, { locations }: DirectorySize): [string, () => Promise<unknown>][] {
  const { inboxes, installations, audit, apiKeys, endpoints, inactivity } = directory;
  const page = { limit: 50, cursor: undefined };
  const id = `l${String(Math.floor(locations / 2)).padStart(6, "0")}`;
  const resource = { kind: "location", id } as const;
  const newInboxes = Array.from({ length: 1_000 }, (_, i) => ({
    app: APP,
    resource: { kind: "location", id: `l${String(i).padStart(6, "0")}` } as const,
    day: dayOf(-1),
    firstEventAtMs: NOW_MS,
  }));
  return [
    ["inboxes of a location", () => inboxes.list({ ...page, app: APP, resource })],
    ["inboxes of a location, since a day", () => inboxes.list({ ...page, app: APP, resource, fromDay: dayOf(3) })],
    ["inboxes of an app", () => inboxes.list({ ...page, app: APP })],
    ["inboxes of an app, until a day", () => inboxes.list({ ...page, app: APP, toDay: dayOf(3) })],
    ["1,000 inboxes listed with one statement", () => inboxes.change({ listed: newInboxes, forgotten: [] })],
    ["1,000 inboxes removed with one statement", () => inboxes.change({ listed: [], forgotten: newInboxes })],
    ["one installation", () => installations.find({ app: APP, resource })],
    ["whether a tenant is known", () => installations.isKnown({ app: APP, resource, companyId: undefined })],
    ["installations", () => installations.list(page)],
    ["installations of a company", () => installations.list({ ...page, companyId: "c00003" })],
    ["installations of a state", () => installations.list({ ...page, state: "reauth_required" })],
    ["installations of a state without any", () => installations.list({ ...page, state: "suspended" })],
    ["companies", () => installations.list({ ...page, kind: "company" })],
    ["installations by state, counted", () => installations.counts()],
    ["audit", () => audit.list(page)],
    ["audit of an app without entries", () => audit.list({ ...page, app: "other" })],
    ["audit that is too old", () => audit.forgetBefore(10, 1_000)],
    ["API keys of an app", () => apiKeys.list({ ...page, app: APP })],
    ["endpoints of an app, listed", () => endpoints.list({ ...page, app: APP })],
    ["endpoints of an app, for its events", () => endpoints.ofApp(APP)],
    [
      "a page of 2,000 in the search for inactive locations",
      () => inactivity.candidates({ day: dayOf(2), beforeMs: NOW_MS }, { cursor: undefined, rows: 2_000 }),
    ],
  ];
}

/** Times every question, each several times. */
export async function measureDirectory(size: DirectorySize): Promise<readonly DirectoryTiming[]> {
  const folder = mkdtempSync(join(tmpdir(), "directory-"));
  try {
    const local = openLocalD1(join(folder, "directory.sqlite"));
    fillDirectory(local, size);
    const ring = { activeId: "k", keys: new Map() } as never;
    const timings: DirectoryTiming[] = [];
    for (const [what, query] of questionsOf(createDirectory(local.d1, ring, createRecentEndpoints()), size)) {
      const times: number[] = [];
      let scans = false;
      for (let round = 0; round < ROUNDS; round++) {
        local.taken();
        await query();
        const ran = local.taken();
        times.push(ran.reduce((sum, { ms }) => sum + ms, 0));
        scans ||= ran.some(({ plan }) => /SCAN (?!json_each|installation_count|page|CONSTANT|\()/.test(plan));
      }
      times.sort((one, other) => one - other);
      timings.push({ what, ms: times[Math.floor(ROUNDS / 2)]!, longestMs: times.at(-1)!, scans });
    }
    local.sqlite.close();
    return timings;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { locations: { type: "string", default: "6000" }, days: { type: "string", default: "30" } },
  });
  const size = { locations: Number(values.locations), days: Number(values.days) };
  for (const { what, ms, longestMs, scans } of await measureDirectory(size))
    console.log(
      `${ms.toFixed(2).padStart(9)} ms  longest ${longestMs.toFixed(2).padStart(9)} ms  ${scans ? "SCAN  " : ""}${what}`,
    );
}
