import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadFields, readFields } from "../../../src/output/fields/load-fields.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fields-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(text: string): Promise<string> {
  const file = join(folder, "fields.yaml");
  await writeFile(file, text);
  return file;
}

describe("the sentence of a field", () => {
  const texts = readFields(
    {
      status: "State of the record.",
      "invoices/status": "State of the invoice.",
      "invoices/ItemDto.status": "State of the item.",
      "payments/status": null,
    },
    "fields.yaml",
  );

  test.each([
    [undefined, "State of the record."],
    [{ module: "contacts" }, "State of the record."],
    [{ module: "contacts", schema: "ItemDto" }, "State of the record."],
    [{ module: "invoices" }, "State of the invoice."],
    [{ module: "invoices", schema: "Other" }, "State of the invoice."],
    [{ module: "invoices", schema: "ItemDto" }, "State of the item."],
    [{ schema: "ItemDto" }, "State of the record."],
    [{ module: "payments", schema: "ItemDto" }, undefined],
  ])("the sentence of a field at %j comes from the most specific key", (position, expected) => {
    expect(texts.fieldText("status", position)).toBe(expected);
  });

  test.each(["constructor", "__proto__", "unheard", "invoices/status"])(
    "the sentence of a field is undefined for %s",
    (field) => {
      expect(texts.fieldText(field, { module: "invoices" })).toBeUndefined();
    },
  );
});

describe("a file", () => {
  test("a missing file has no sentence", async () => {
    const texts = await loadFields(join(folder, "missing.yaml"));
    expect([texts.keys, texts.fieldText("id")]).toEqual([[], undefined]);
  });

  test("a file is read as YAML", async () => {
    const texts = await loadFields(await fileWith("id: Id of the record.\nurl: null\n"));
    expect([texts.keys, texts.fieldText("id"), texts.fieldText("url")]).toEqual([
      ["id", "url"],
      "Id of the record.",
      undefined,
    ]);
  });

  test.each([
    ["is not YAML", "a: [", undefined],
    ["is a list", "- id", "#"],
    ["is empty", "", "#"],
    ["has a text that is no string", "id: 5", "#/id"],
    ["has an empty text", 'id: " "', "#/id"],
    ["has a key with a path too many", "a/b/c: Text.", "#/a~1b~1c"],
    ["has an empty key", '"": Text.', "#/"],
  ])("a file is refused with its position: %s", async (_case, text, pointer) => {
    const file = await fileWith(text);
    await expect(loadFields(file)).rejects.toMatchObject({ code: "ERR_GHL_CODEGEN_FIELDS_INVALID", file, pointer });
  });

  test("a file that cannot be read is refused", async () => {
    await expect(loadFields(folder)).rejects.toMatchObject({ code: "ERR_GHL_CODEGEN_UNREADABLE" });
  });
});
