import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, expect } from "vitest";
import { type Plan, unboundedScans } from "../checks/query-plans.ts";

/*
 * Collects every statement of `src` that the tests of a file run, and reads its plan. A file fails when a statement reads a whole table that
 * grows. A new statement is so checked by the first test that runs it.
 */
/** Whether a statement comes from `src`, and not from a test. */
function isOfSource(): boolean {
  const frames = new Error("stack").stack!.split("\n").filter((line) => !line.includes("/setup/plans.ts"));
  const first = frames.find((line) => /\/(src|test)\//.test(line));
  return first?.includes("/gateway/src/") ?? false;
}

const isExplained = (query: string): boolean => /^\s*(WITH|SELECT|INSERT|UPDATE|DELETE)\b/i.test(query);

const plans = new Map<string, Plan>();
const ofDirectory = new Set<string>();

const database = Object.getPrototypeOf(env.DIRECTORY) as D1Database;
const { prepare } = database;
database.prepare = function (this: D1Database, query: string) {
  if (!ofDirectory.has(query) && isExplained(query) && isOfSource()) ofDirectory.add(query);
  return prepare.call(this, query);
};

await runInDurableObject(env.EVENT_BUFFER.getByName("plans"), (_object, { storage }) => {
  const prototype = Object.getPrototypeOf(storage.sql) as SqlStorage;
  const { exec } = prototype;
  prototype.exec = function (this: SqlStorage, query: string, ...bindings: unknown[]) {
    const cursor = exec.call(this, query, ...bindings);
    if (!plans.has(query) && isExplained(query) && isOfSource()) {
      plans.set(query, { at: "objects", query, details: [] });
      // It runs after the synchronous block, whose rows a test may count.
      queueMicrotask(() => {
        try {
          const rows = exec.call(this, `EXPLAIN QUERY PLAN ${query}`, ...bindings).toArray();
          plans.set(query, { at: "objects", query, details: rows.map(({ detail }) => String(detail)) });
        } catch {
          // The object or its tables are gone. The next run of the statement is explained.
          plans.delete(query);
        }
      });
    }
    return cursor;
  } as typeof exec;
});

/** The highest number of a parameter, or the number of those without one. */
function parametersOf(query: string): number {
  const numbers = [...query.matchAll(/\?(\d*)/g)].map(([, number]) => Number(number));
  return Math.max(0, ...numbers) || numbers.length;
}

async function readPlan(query: string): Promise<Plan> {
  const statement = prepare.call(env.DIRECTORY, `EXPLAIN QUERY PLAN ${query}`);
  const nulls = Array.from({ length: parametersOf(query) }, () => null);
  const { results } = await statement.bind(...nulls).all<{ detail: string }>();
  return { at: "directory", query, details: results.map(({ detail }) => detail) };
}

afterAll(async () => {
  for (const query of ofDirectory) plans.set(query, await readPlan(query));
  expect([...plans.values()].flatMap(unboundedScans)).toEqual([]);
});
