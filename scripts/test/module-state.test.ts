import { describe, expect, it } from "vitest";
import { moduleState, programState } from "../module-state.ts";

const found = (text: string): string[] =>
  moduleState("packages/a/src/a.ts", text).map(({ line, message }) => `${line}: ${message}`);

describe("R8: state at module level", () => {
  it.each([
    ["let count = 0;", "1: mutable state at module level: let count"],
    [
      "const seen = new Map();\nexport const see = (k: string) => seen.set(k, 1);",
      "1: state at module level: functions change seen",
    ],
    [
      "const state = { n: 0 };\nexport function next() { return ++state.n; }",
      "1: state at module level: functions change state",
    ],
    [
      "const list: string[] = [];\nexport function add(x: string) { list[0] = x; }",
      "1: state at module level: functions change list",
    ],
    [
      "const STEP = /a/y;\nexport function read() { STEP.lastIndex = 0; }",
      "1: state at module level: functions change STEP",
    ],
    ["export const limiter = createLimiter();", "1: state at module level: limiter is made by a call that keeps some"],
    [
      "const next = (() => { let n = 0; return () => n++; })();",
      "1: state at module level: next is made by a call that keeps some",
    ],
    [
      "export const shared = { cache: new WeakMap<object, string>() };",
      "1: state at module level: shared is made by a call that keeps some",
    ],
  ])("state at module level is found in %j", (text, finding) => {
    expect(found(text)).toEqual([finding]);
  });

  it.each([
    "const NAMES = new Set(['a']);\nexport const has = (name: string) => NAMES.has(name);",
    "export function collect() { const list: string[] = []; list.push('a'); return list; }",
    "const table = Object.fromEntries([]);\nfor (const key of Object.keys(table)) console.log(key);",
    "const PATTERN = /a/;",
  ])("state at module level is not found in %j", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("R8 in programs", () => {
  it("R8 reports a variable of the top that a function changes", () => {
    const text = "const failed: string[] = [];\nlet checks = 0;\nfunction check() { checks++; failed.push('a'); }";
    expect(programState("bench/a.ts", text).map(({ line, message }) => `${line}: ${message}`)).toEqual([
      "2: state at module level: functions change checks",
      "1: state at module level: functions change failed",
    ]);
  });

  it("R8 lets the main line of a program change its variables", () => {
    expect(programState("bench/a.ts", "let failed = 0;\nfor (const step of steps) if (!step()) failed++;")).toEqual([]);
  });
});
