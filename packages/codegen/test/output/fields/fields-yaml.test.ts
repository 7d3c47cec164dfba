import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { JsonObject } from "../../../src/json/json.ts";
import { readFieldKey, readFields } from "../../../src/output/fields/load-fields.ts";
import { commonest, fieldPaths, fieldUses } from "../../support/field-uses.ts";
import { OPENAPI } from "../../support/repository.ts";

const FILE = parse(readFileSync(`${OPENAPI}/fields.yaml`, "utf8")) as JsonObject;
const TEXTS = readFields(FILE, "openapi/fields.yaml");
const sentences = Object.entries(FILE).filter((entry): entry is [string, string] => typeof entry[1] === "string");

const MAX_WORDS = 35;
const TOP = 300;

describe("every key of openapi/fields.yaml", () => {
  test("every key of openapi/fields.yaml names a field that a document has, where it says", () => {
    const positions = fieldPaths();
    expect(TEXTS.keys.filter((key) => !positions.has(key))).toEqual([]);
  });

  test("every key of openapi/fields.yaml says something else than the less specific key", () => {
    const idle = TEXTS.keys.filter((key) => {
      const { module, schema, field } = readFieldKey(key) ?? { field: key };
      if (module === undefined) return false;
      const above = TEXTS.fieldText(field, schema === undefined ? {} : { module });
      return above === (FILE[key] ?? undefined);
    });
    expect(idle).toEqual([]);
  });
});

describe("every sentence of openapi/fields.yaml", () => {
  test("every sentence of openapi/fields.yaml is one sentence, with a capital at the beginning and a full stop at the end", () => {
    const wrong = sentences.filter(([, text]) => !/^[A-Z][^\n]*[^.\s]\.$/.test(text) || /[.!?]\s/.test(text));
    expect(wrong).toEqual([]);
  });

  test(`every sentence of openapi/fields.yaml has at most ${MAX_WORDS} words`, () => {
    expect(sentences.filter(([, text]) => text.split(/\s+/).length > MAX_WORDS)).toEqual([]);
  });

  test("every sentence of openapi/fields.yaml closes its code, and stays inside a comment", () => {
    const wrong = sentences.filter(([, text]) => (text.split("`").length - 1) % 2 === 1 || text.includes("*/"));
    expect(wrong).toEqual([]);
  });

  test("every sentence of openapi/fields.yaml says more than the name of the field", () => {
    const words = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
    expect(sentences.filter(([key, text]) => words(text) === words(readFieldKey(key)?.field ?? ""))).toEqual([]);
  });
});

test("the commonest fields have sentences", () => {
  const uses = fieldUses();
  const withText = uses.filter((use) => TEXTS.fieldText(use.field, use) !== undefined);
  const top = commonest(uses).slice(0, TOP);
  const said = new Set(withText.map(({ field }) => field));
  const missing = top.map(([field]) => field).filter((field) => !said.has(field));
  const share = withText.length / uses.length;
  console.info(
    `openapi/fields.yaml: ${sentences.length} sentences; ${TOP - missing.length} of the ${TOP} commonest fields; ` +
      `${(share * 100).toFixed(1)} % of ${uses.length} uses of a field. Without: ${missing.join(", ")}`,
  );
  // `data` means something else in every answer. A few more may come with new documents before they get a sentence.
  expect(missing.length).toBeLessThanOrEqual(10);
  expect(share).toBeGreaterThan(0.7);
});
