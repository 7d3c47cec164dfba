import { describe, expect, it } from "vitest";
import { finderOf } from "../../voice/check.ts";

const A = "packages/a/src/a.ts";
const B = "packages/a/src/deep/b.ts";
const textsIn = (files: Readonly<Record<string, string>>, path = A): string[] =>
  finderOf(Object.entries(files))
    .messagesOf(path)
    .map(({ line, text }) => `${line} ${text}`);

describe("a message", () => {
  it("a message is found in the call of a function whose argument becomes the message", () => {
    const text = 'function fail(what: string): never {\n  throw new SomeError(what);\n}\nfail("no actions");';
    expect(textsIn({ [A]: text })).toEqual(["4 no actions"]);
  });

  it("a message is found through closures, methods, and functions that call each other", () => {
    const closure =
      "const fail = (message: string, at: string): never => {\n  throw new SomeError(message, { at });\n};";
    expect(
      textsIn({ [A]: `${closure}\nconst refuse = (what: string) => fail(what, "#");\nrefuse("no list");` }),
    ).toEqual(["5 no list"]);
    const reader =
      'class Reader {\n  fail(m: string): never {\n    throw new SomeError(m);\n  }\n  a = () => this.fail("no a");\n}';
    expect(textsIn({ [A]: reader })).toEqual(["5 no a"]);
  });

  it("a message is found when the function stands in another file, or in core", () => {
    const files = {
      [A]: 'import { makeError as make } from "./deep/b.ts";\nthrow make("CODE", "no token");',
      [B]: "export function makeError(code: string, message: string): Error {\n  return new SomeError(message, { code });\n}",
    };
    expect(textsIn(files)).toEqual(["2 no token"]);
    const core = "packages/core/src/text/problem.ts";
    expect(
      textsIn({
        [A]: 'import { problem } from "@ghl-edge/core";\nthrow new SomeError(problem("a", "whole").message);',
        [core]:
          "export function problem(path: string, expected: string) {\n  return { message: path + ' must be ' + expected };\n}",
      }),
    ).toEqual(["2 a must be whole"]);
  });

  it("a message is composed of the parts that the call gives", () => {
    const text =
      "const refuse = ({ path, expected }: Demand) => {\n  throw new SomeError(path, path + ' must be ' + expected);\n};\n" +
      'refuse({ path: "a.b", expected: "a list" });';
    expect(textsIn({ [A]: text })).toEqual(["2 {} must be {}", "4 a.b must be a list"]);
  });

  it("a message is found in a constant, and in both sides of a condition", () => {
    const text = 'const what = a ? "a is wrong" : "b is wrong";\nthrow new SomeError(what);';
    expect(textsIn({ [A]: text })).toEqual(["2 a is wrong", "2 b is wrong"]);
  });

  it("a message is found in a table of functions that gives the detail of a problem", () => {
    const text =
      "const TABLE = { scope: ({ needs }) => 'It needs ' + needs + '.' };\nconst detailOf = (reason) => TABLE[reason.kind]?.(reason);\n" +
      "const problem = (reason) => ({ title: t, status: 403, detail: detailOf(reason) });";
    expect(finderOf([[A, text]]).messagesOf(A)).toEqual([{ line: 3, text: "It needs {}.", form: "sentence" }]);
  });

  it("an argument is no message when the class does not give it to its base class", () => {
    const text =
      'class AuthError extends BaseError {\n  constructor(challenge: string) {\n    super("credentials are missing");\n  }\n}\n' +
      'throw new AuthError("Basic of us");';
    expect(textsIn({ [A]: text })).toEqual([]);
  });

  it("an argument is no message of a function that makes no error of it", () => {
    const text = 'function log(what: string): void {\n  console.log(what);\n}\nlog("no actions");';
    expect(textsIn({ [A]: text })).toEqual([]);
  });

  it("functions that call each other do not make the search endless", () => {
    const text =
      'const a = (what: string) => b(what);\nconst b = (what: string) => {\n  a(what);\n  throw new SomeError(what);\n};\nb("no end");';
    expect(textsIn({ [A]: text })).toEqual(["6 no end"]);
  });
});
