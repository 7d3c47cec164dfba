import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventFilterError, matchesFilter, readEventFilter } from "../../../src/domain/events/event-filter.ts";

const payload = {
  type: "OpportunityStatusUpdate",
  status: "won",
  monetaryValue: 1_500,
  tags: ["new", "vip-1"],
  contact: { name: "Ada", address: { city: "London" } },
  items: [
    { sku: "a", n: 1 },
    { sku: "b", n: 2 },
  ],
  lost: null,
  done: false,
};

describe("a filter", () => {
  test.each<[string, unknown, boolean]>([
    ["a value", { status: ["won"] }, true],
    ["one of several", { status: ["lost", "won"] }, true],
    ["another value", { status: ["lost"] }, false],
    ["a value of another kind", { monetaryValue: ["1500"] }, false],
    ["false", { done: [false] }, true],
    ["null, which is there", { lost: [null] }, true],
    ["null, which is not there", { nothing: [null] }, false],
    ["a member of a list", { tags: ["new"] }, true],
    ["a beginning", { tags: [{ prefix: "vip-" }] }, true],
    ["an end", { status: [{ suffix: "on" }] }, true],
    ["letters in any case", { status: [{ "equals-ignore-case": "WON" }] }, true],
    ["anything but", { status: [{ "anything-but": "lost" }] }, true],
    ["anything but these", { status: [{ "anything-but": ["won", "lost"] }] }, false],
    ["anything but, of what is not there", { nothing: [{ "anything-but": "x" }] }, false],
    ["a number in a range", { monetaryValue: [{ numeric: [">", 1_000, "<=", 1_500] }] }, true],
    ["a number out of a range", { monetaryValue: [{ numeric: ["<", 1_500] }] }, false],
    ["a text where a number is required", { status: [{ numeric: [">", 0] }] }, false],
    ["that something is there", { lost: [{ exists: true }] }, true],
    ["that something is not there", { nothing: [{ exists: false }] }, true],
    ["that a list is there", { tags: [{ exists: false }] }, false],
    ["a field within", { contact: { address: { city: ["London"] } } }, true],
    ["a field within what is not there", { nothing: { city: ["London"] } }, false],
    ["a field within any member of a list", { items: { sku: ["b"], n: [2] } }, true],
    ["fields of different members", { items: { sku: ["a"], n: [2] } }, false],
    ["all of several fields", { status: ["won"], done: [true] }, false],
    ["one of several filters", { $or: [{ status: ["lost"] }, { monetaryValue: [{ numeric: [">", 1] }] }] }, true],
    ["none of several filters", { $or: [{ status: ["lost"] }, { done: [true] }], status: ["won"] }, false],
    ["a field every object has", { constructor: [{ exists: true }] }, false],
    ["a field that a prototype has", { toString: [{ exists: false }] }, true],
  ])("a filter matches by %s", (_what, filter, fits) => {
    expect(matchesFilter(readEventFilter(filter), payload)).toBe(fits);
  });

  test("a filter matches a list of events by any of them, and matches nothing that is no object", () => {
    const filter = readEventFilter({ status: ["won"] });
    expect(matchesFilter(filter, [{ status: "lost" }, { status: "won" }])).toBe(true);
    for (const value of [null, "won", 5, [], undefined]) expect(matchesFilter(filter, value)).toBe(false);
  });

  test.each<[string, unknown]>([
    ["nothing", {}],
    ["no object", ["won"]],
    ["a value without a list", { status: "won" }],
    ["an empty list", { status: [] }],
    ["an unknown operator", { status: [{ matches: ".*" }] }],
    ["two operators in one", { status: [{ prefix: "a", suffix: "b" }] }],
    ["an operand that is none", { status: [{ prefix: 5 }] }],
    ["half a comparison", { n: [{ numeric: [">"] }] }],
    ["an unknown comparison", { n: [{ numeric: ["~", 5] }] }],
    ["an inherited operator", { n: [{ toString: "x" }] }],
    ["an inherited comparison", { n: [{ numeric: ["constructor", 5] }] }],
    ["an alternative that is no list", { $or: { status: ["won"] } }],
    ["an alternative that is no filter", { $or: ["won"] }],
    ["an object within an empty one", { contact: {} }],
    ["something deep", { a: { b: { c: { d: { e: { f: { g: ["x"] } } } } } } }],
    ["a hundred and one conditions", { a: Array.from({ length: 101 }, (_, i) => i) }],
  ])("a filter is refused for %s, with its path", (_what, filter) => {
    expect(() => readEventFilter(filter)).toThrow(EventFilterError);
  });

  test("a filter never throws on a payload, whatever both are", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (filter, value) => {
        try {
          readEventFilter(filter);
        } catch (error) {
          expect(error).toBeInstanceOf(EventFilterError);
          return;
        }
        expect(typeof matchesFilter(readEventFilter(filter), value)).toBe("boolean");
      }),
      { numRuns: 2_000 },
    );
  });
});
