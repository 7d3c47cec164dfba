/** Every number that a public factory takes: one that cannot be right is refused by name, in all packages, before anything happens. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findPackages, ROOT } from "../project/packages.ts";
import { type Options, rows } from "./option-rows.ts";

const notNumbers = [Number.NaN, -1, Number.NEGATIVE_INFINITY, "5", "", {}, [], true];
const cases = rows.flatMap(({ name, make, positive, orZero = [] }) => [
  ...positive.map((option) => ({ name, make, option, values: [...notNumbers, 0] })),
  ...orZero.map((option) => ({ name, make, option, values: notNumbers })),
]);

it.each(cases)("$name refuses each $option that sets no limit, by its name", async ({ make, option, values }) => {
  for (const value of values) {
    const given = option.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    const made = Promise.resolve().then(() => make(given as Options));
    const error: unknown = await made.catch((cause: unknown) => cause);
    expect(error, String(value)).toMatchObject({ code: expect.stringMatching(/^ERR_GHL_\w*CONFIGURATION$/) });
    expect((error as Error).message).toMatch(new RegExp(`\\b${option.split(".").at(-1)} must be `));
  }
});

/** Options that are numbers in the types that users get: what is new among them needs a row in option-rows.ts. */
it("the table of options has every option that is a number", () => {
  const named = new Set(cases.map(({ option }) => option.split(".").at(-1)));
  const found = new Map<string, string>();
  const folders = findPackages().map(({ folder }) => folder);
  for (const path of globSync(folders.map((folder) => join(ROOT, "packages", folder, "dist/*.d.ts"))))
    for (const { 1: type, 2: body } of readFileSync(path, "utf8").matchAll(
      /interface (\w*(?:Options|Settings|LocationsQuery|Config|Limits?))\b[^{]*\{([\s\S]*?)\n\}/g,
    ))
      for (const { 1: option } of body!.matchAll(/^\s*readonly (\w+)\??: number(?: \| undefined)?;/gm))
        found.set(option!, type!);
  expect(found.size).toBeGreaterThan(20);
  expect([...found].filter(([option]) => !named.has(option))).toEqual([]);
});

/** Factories that take no number themselves. */
const WITHOUT_NUMBERS = [
  "createDeliverySecret",
  "createDeliverySigner",
  "createDurableObjectTokenStore",
  "createFileTokenStore",
  "createMemoryTokenStore",
  "createPermitHost",
  "createRouteMatcher",
  "createSqlTokenStore",
  "createState",
  "createTestSigner",
  "createWorkflowAuth",
];

it("the table of options has every public factory", () => {
  const known = new Set([...rows.map(({ name }) => name), ...WITHOUT_NUMBERS]);
  const found = findPackages().flatMap(({ folder }) =>
    globSync(join(ROOT, "packages", folder, "dist/*.d.ts")).flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/^export \{([^}]*)\}/gm)].flatMap(({ 1: names }) =>
        [...names!.matchAll(/(?:\w+ as )?\b(create[A-Z]\w+)/g)].map(([, name]) => name!),
      ),
    ),
  );
  expect(found.length).toBeGreaterThan(20);
  expect([...new Set(found)].filter((name) => !known.has(name))).toEqual([]);
});
