import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LOG_FIELDS } from "../../src/platform/log.ts";
import { METRIC_BLOBS, METRIC_DOUBLES } from "../../src/platform/metrics.ts";

const SOURCES = join(import.meta.dirname, "../../src");
const REFERENCE = readFileSync(join(import.meta.dirname, "../../../../docs/gateway/logs.md"), "utf8");

/** Names in the first column of a table of a section. */
function documented(table: number, of = "Logs"): readonly string[] {
  const [, section = ""] = new RegExp(`\n## ${of}\n([\\s\\S]*?)(?:\n## |$)`).exec(REFERENCE) ?? [];
  const rows = section.split(/\n\n/).filter((part) => part.startsWith("|"))[table] ?? "";
  const cells = rows
    .split("\n")
    .slice(2)
    .map((row) => row.split("|")[1] ?? "");
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
}

/** Names of the log events in the sources: of a call, and of an object's alarm. */
function logged(): readonly string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return files.flatMap((name) => {
    const text = readFileSync(join(SOURCES, name), "utf8");
    const alarms = text.includes("ReliableAlarm") ? [...text.matchAll(/\bwhat: "([a-z_]+)"/g)] : [];
    return [...text.matchAll(/(?:logEvent|logSuccess)\("(\w+)"/g), ...alarms].map(([, event]) => event!);
  });
}

it("every log event of the sources is in the table of docs/gateway/logs.md, and no other", () => {
  const events = new Set(logged());
  expect(events.size).toBeGreaterThan(5);
  expect([...documented(0)].sort()).toEqual([...events].sort());
});

it("every field of a log line is in the table of docs/gateway/logs.md, and no other", () => {
  expect([...documented(1)].sort()).toEqual([...LOG_FIELDS].sort());
});

it("every column of the counts is in the table of docs/gateway/logs.md, in its order", () => {
  const blobs = METRIC_BLOBS.flatMap((name, index) => [`blob${index + 1}`, name]);
  const doubles = METRIC_DOUBLES.flatMap((name, index) => [`double${index + 1}`, name]);
  expect(documented(0, "Counts")).toEqual([...blobs, ...doubles]);
});

it("the query of the reference names the columns as they are written", () => {
  const [, query = ""] = /^```sql\n([\s\S]*?)^```$/m.exec(REFERENCE) ?? [];
  const named = [...query.matchAll(/\bblob(\d+) AS (\w+)/g)].map(([, number, name]) => [Number(number), name]);
  expect(named.length).toBeGreaterThan(0);
  expect(named).toEqual(named.map(([number]) => [number, METRIC_BLOBS[(number as number) - 1]]));
  for (const [, number] of query.matchAll(/\bdouble(\d+)/g)) expect(METRIC_DOUBLES[Number(number) - 1]).toBeDefined();
});
