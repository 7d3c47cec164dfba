import { describe, expect, it } from "vitest";
import { tooManyParameters } from "../parameters.ts";

const lines = (text: string): number[] => tooManyParameters("packages/a/src/a.ts", text).map(({ line }) => line);

describe("R0: positional parameters", () => {
  it("positional parameters are three at most, in functions, methods, constructors and arrow functions", () => {
    expect(lines("function f(a: 1, b: 2, c: 3, d: 4) {}")).toEqual([1]);
    expect(
      lines("class A {\n  constructor(a: 1, b: 2, c: 3, d: 4) {}\n  m(a: 1, b: 2, c: 3, ...d: 4[]) {}\n}"),
    ).toEqual([2, 3]);
    expect(lines("export const f =\n  (a: 1, b: 2, c: 3, d = 4) => a;")).toEqual([2]);
  });

  it("three positional parameters are allowed beside `this`", () => {
    expect(lines("function f(this: Date, a: 1, b: 2, { c, d, e }: object) {}")).toEqual([]);
  });

  it("positional parameters of a callback are its caller's choice", () => {
    expect(lines("'a'.replace(/a/, (match, one, two, three) => match);")).toEqual([]);
  });
});
