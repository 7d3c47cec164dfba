import { parseUntrustedJson } from "@ghl-edge/core";
import { Hono } from "hono";
import { getCookie } from "hono/cookie";
import { describe, expect, test } from "vitest";
import { readCursor, writeCursor } from "../../src/directory/cursor.ts";
import { readProxyTarget } from "../../src/domain/api/upstream-path.ts";
import { readDestinationUrl } from "../../src/domain/delivery/destination-url.ts";
import { matchesFilter, readEventFilter } from "../../src/domain/events/event-filter.ts";
import { readInboxName } from "../../src/domain/events/inbox-event.ts";
import { readInstallCookie } from "../../src/domain/grants/install-state.ts";
import { uninstallOutcome } from "../../src/domain/grants/uninstall-answer.ts";
import { checkInput } from "../../src/domain/input-problem.ts";
import { isWorkflowReceiverId } from "../../src/domain/marketplace/workflow-receiver.ts";
import { apiKeyActions } from "../../src/services/administration/actions/api-keys.ts";
import { growth, isLinear } from "../support/checks/growth.ts";

const ORIGIN = "https://gateway.example";
const SIZE = 2_000;
const members = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"n${i}":"v"`).join(",")}}`;
const names = (count: number, between = "&"): string =>
  Array.from({ length: count }, (_, i) => `n${i}=v`).join(between);
const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
/** Parses a query and cookies as a page of ours does. */
const reading = new Hono()
  .get("/query", (c) => c.json([c.req.query("state") ?? null, Object.keys(c.req.query()).length]))
  .get("/cookie", (c) => c.json([getCookie(c, "__Host-ghl-install") ?? null]));
const filter = readEventFilter({
  $or: Array.from({ length: 6 }, (_, i) => ({ list: { list: [`none${i}`] } })),
  list: [{ "anything-but": ["a", "b"] }],
});
const secret = new Uint8Array(32);
const newKey = apiKeyActions.createApiKey.input;

/** A refusal takes time as well; which of both it is does not matter here. */
const either = async (work: () => unknown): Promise<void> => {
  try {
    await work();
  } catch {
    // Refused.
  }
};

/** Parsers, each with a function that makes an input of a size. */
const parsers: [string, (size: number) => () => unknown][] = [
  ["JSON", (n) => () => parseUntrustedJson(members(n))],
  ["JSON that nests", (n) => () => parseUntrustedJson(nested(n))],
  [
    "a payload against a filter",
    (n) => () => matchesFilter(filter, { list: Array.from({ length: n }, () => ({ list: ["x"] })) }),
  ],
  ["nested lists against a filter", (n) => () => matchesFilter(filter, JSON.parse(nested(n)))],
  ["a filter", (n) => () => readEventFilter(JSON.parse(members(n)))],
  ["a filter that nests", (n) => () => readEventFilter(JSON.parse(`${'{"a":'.repeat(n)}1${"}".repeat(n)}`))],
  ["the path of a call", (n) => () => readProxyTarget(`${ORIGIN}/api/location/l/${"a/".repeat(n)}?${names(n)}`)],
  ["the fragment of a call", (n) => () => readProxyTarget(`${ORIGIN}/api/location/l/a${"#".repeat(n)}`)],
  ["a cursor", (n) => () => readCursor("A".repeat(n), 2)],
  ["a cursor's columns", (n) => () => readCursor(writeCursor(Array.from({ length: n }, () => "x")), 2)],
  ["the name of an inbox", (n) => () => readInboxName(`location:${"a".repeat(n)}:2026-01-01`)],
  ["the id of a workflow receiver", (n) => () => isWorkflowReceiverId(`wr_${"0".repeat(n)}`)],
  ["an install cookie", (n) => () => readInstallCookie([secret], "a.".repeat(n), { state: "a", nowMs: 0 })],
  ["a request's cookies", (n) => () => reading.request("/cookie", { headers: { cookie: names(n, "; ") } })],
  ["a request's query", (n) => () => reading.request(`/query?${names(n)}`)],
  [
    "the address of a destination",
    (n) => () => readDestinationUrl(`https://${"a-".repeat(n)}.example/`, { allowLoopback: false }),
  ],
  ["an answer to an uninstall", (n) => () => uninstallOutcome(400, "installation is ".repeat(n))],
  ["an operator's members", (n) => () => checkInput(newKey, JSON.parse(members(n)))],
  ["an operator's text", (n) => () => checkInput(newKey, { name: "a".repeat(n), app: "main" })],
];

describe("the time of a parser grows with the size of what a stranger sends, not with its square:", () => {
  test.each(parsers)(
    "the time of a parser grows linearly with the size of untrusted input: %s",
    async (_what, parse) => {
      const ratio = await growth(parse, either, SIZE);
      expect(isLinear(ratio), `16 times the size took ${ratio.toFixed(1)} times as long`).toBe(true);
    },
  );
});

describe("JSON of somebody else's", () => {
  test("untrusted JSON may nest at most 64 levels, whatever reads it", () => {
    expect(parseUntrustedJson(nested(64))).toBeInstanceOf(Array);
    expect(() => parseUntrustedJson(new TextEncoder().encode(nested(65)))).toThrow("body must nest at most 64 levels");
    for (const text of ["", "{oops", "\ufeff{}"])
      expect(() => parseUntrustedJson(text)).toThrow("body must be valid JSON");
    expect(() => parseUntrustedJson(Uint8Array.of(0xff))).toThrow("body must be UTF-8");
  });

  test("untrusted JSON of any depth is matched without recursion", () => {
    const deep = JSON.parse(`${"[".repeat(100_000)}{"a":"x"}${"]".repeat(100_000)}`) as unknown;
    expect(matchesFilter(readEventFilter({ a: ["x"] }), deep)).toBe(true);
    expect(matchesFilter(readEventFilter({ list: { a: ["x"] } }), { list: deep })).toBe(true);
    expect(matchesFilter(readEventFilter({ a: ["y"] }), deep)).toBe(false);
  });

  test("untrusted JSON that nests deeper than six levels is no filter, however deep it nests", () => {
    for (const depth of [7, 100_000])
      expect(() => readEventFilter(JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`))).toThrow(
        "must be at most 6 levels deep",
      );
    const long = { ["x".repeat(10_000)]: [] };
    expect(() => readEventFilter(long)).toThrow(/^.{1,240}$/);
    const many = { a: [{ "anything-but": Array.from({ length: 101 }, (_, i) => i) }] };
    expect(() => readEventFilter(many)).toThrow("must have at most 100 conditions, got 101");
  });
});
