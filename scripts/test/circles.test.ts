import { describe, expect, it } from "vitest";
import { checkCircles } from "../circles.ts";
import { parse } from "../source-files.ts";

const found = (files: Readonly<Record<string, string>>) =>
  checkCircles(Object.entries(files).map(([path, text]) => parse(path, text))).map(({ message }) => message);

describe("R0: import circles", () => {
  it("the search for circles finds two files that import each other, types included", () => {
    expect(
      found({
        "packages/a/src/one.ts": 'import type { Two } from "./two.ts";',
        "packages/a/src/two.ts": 'import { one } from "./one.ts";',
        "packages/a/src/three.ts": 'import { one } from "./one.ts";',
      }),
    ).toEqual(["is in an import circle: packages/a/src/one.ts, packages/a/src/two.ts"]);
  });

  it("the search for circles finds a long way round, and each circle by itself", () => {
    expect(
      found({
        "packages/a/src/1.ts": 'export { x } from "./2.ts";',
        "packages/a/src/2.ts": 'import "./sub/3.ts";',
        "packages/a/src/sub/3.ts": 'const x = await import("../1.ts");',
        "apps/b/src/1.ts": 'import "./2.ts";',
        "apps/b/src/2.ts": 'import "./1.ts";',
      }),
    ).toHaveLength(2);
  });

  it("a file that many import is no circle", () => {
    expect(
      found({
        "packages/a/src/1.ts": 'import "./3.ts"; import "./2.ts"; import "@ghl-edge/core";',
        "packages/a/src/2.ts": 'import "./3.ts"; import "./not-there.ts";',
        "packages/a/src/3.ts": "export {};",
      }),
    ).toEqual([]);
  });
});
