import { describe, expect, it } from "vitest";
import { lacks } from "../doc-comments/check.ts";
import { readDocumentation } from "../doc-comments/read.ts";
import { findPackages } from "../project/packages.ts";

describe("doc comments of what a package exports", () => {
  it.each(findPackages().map((source) => [source.folder, source] as const))(
    "doc comments of what a package exports have a summary, parameters, results and an example: %s",
    async (_folder, source) => {
      expect(lacks(await readDocumentation(source))).toEqual([]);
    },
  );
});
