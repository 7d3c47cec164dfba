import { expect, test } from "vitest";
import { bumpOf, proposeBumps } from "../../../src/compare/changeset/bump.ts";
import { ANY_PACKAGE } from "../../../src/compare/changeset/packages.ts";
import { diffOf } from "../../support/diff.ts";
import { baseDocument } from "../corpus/base.ts";

test.each([
  ["0.3.1", "breaking", "minor"],
  ["0.3.1", "additive", "patch"],
  ["0.3.1", "metadata", "patch"],
  ["0.3.1", "docs", "none"],
  ["0.0.0", "breaking", "minor"],
  ["1.0.0", "breaking", "major"],
  ["1.0.0", "additive", "minor"],
  ["12.4.0", "metadata", "patch"],
  ["1.0.0", "docs", "none"],
  ["1.0.0", undefined, "none"],
] as const)("%s with a %s change: %s", (version, worst, expected) => {
  expect(bumpOf(version, worst)).toBe(expected);
});

test("a change that no longer compiles breaks a typed package, also where the wire did not change", async () => {
  const renamed = JSON.parse(JSON.stringify(baseDocument()).replace("update-order", "save-order"));
  const diff = await diffOf(baseDocument(), renamed);
  expect(diff.counts.breaking).toBe(0);
  expect(proposeBumps(diff, [], ANY_PACKAGE).map(({ bump }) => bump)).toEqual(["patch", "patch"]);
  const gone = { document: "api", kind: "method", what: "api.updateOrder", message: "gone", calls: [] } as const;
  expect(proposeBumps(diff, [gone], ANY_PACKAGE).map(({ bump }) => bump)).toEqual(["minor", "major"]);
  const untyped = ANY_PACKAGE.map((one) => ({ ...one, typed: false }));
  expect(proposeBumps(diff, [gone], untyped).map(({ bump }) => bump)).toEqual(["patch", "patch"]);
});
