import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DOCUMENT_RULES, REFERENCE_RULES, RULE_NAMES } from "../../../src/input/repair/rules.ts";

test("every rule has a name of its own and says why", () => {
  expect(new Set(RULE_NAMES).size).toBe(RULE_NAMES.length);
  for (const { name, why } of [...REFERENCE_RULES, ...DOCUMENT_RULES]) {
    expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(why).toMatch(/\.$/);
  }
});

test("docs/design/upstream-repairs.md names every rule", () => {
  const text = readFileSync(new URL("../../../../../docs/design/upstream-repairs.md", import.meta.url), "utf8");
  expect(RULE_NAMES.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test("every file of rules is listed", () => {
  const source = readFileSync(new URL("../../../src/input/repair/rules.ts", import.meta.url), "utf8");
  const machinery = new Set(["repair.ts", "rule.ts", "rules.ts", "schema-rule.ts"]);
  const files = readdirSync(new URL("../../../src/input/repair/", import.meta.url)).filter(
    (file) => !machinery.has(file),
  );
  expect(files.filter((file) => !source.includes(`"./${file}"`))).toEqual([]);
});
