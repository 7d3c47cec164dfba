import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lacks } from "../doc-comments/check.ts";
import { readDocumentation } from "../doc-comments/read.ts";
import { errorsOfSource } from "../doc-comments/thrown.ts";
import { findPackages } from "../project/packages.ts";

describe("doc comments of what a package exports", () => {
  it.each(findPackages().map((source) => [source.folder, source] as const))(
    "doc comments of what a package exports have a summary, parameters, results and an example: %s",
    async (_folder, source) => {
      expect(lacks(await readDocumentation(source))).toEqual([]);
    },
  );
});

describe("errors of a function in its source", () => {
  it("errors are read from the function's own body and from its comment", () => {
    const folder = mkdtempSync(join(tmpdir(), "doc-comments-"));
    const file = join(folder, "source.ts");
    const lines = [
      "/** @throws {FirstError} when it is documented */",
      "export function read(text: string) {",
      "  if (text === '') throw new FirstError();",
      "  if (text === 'x') throw new SecondError();",
      "  try { throw new CaughtError(); } catch { throw new FourthError(); }",
      "  return () => { throw new LaterError(); };",
      "}",
    ];
    writeFileSync(file, lines.join("\n"));
    const { thrown, documented } = errorsOfSource({ file, line: 2, name: "read" });
    rmSync(folder, { recursive: true });
    expect(thrown).toEqual(["FirstError", "SecondError", "FourthError"]);
    expect(documented).toContain("{FirstError}");
  });
});
