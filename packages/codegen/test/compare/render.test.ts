import { expect, test } from "vitest";
import { diffDocuments } from "../../src/compare/diff.ts";
import { renderMarkdown } from "../../src/compare/render/markdown.ts";
import { renderText } from "../../src/compare/render/text.ts";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { documentsOf } from "../support/diff.ts";

function many(count: number, extra: JsonObject = {}): JsonObject {
  const schema: JsonObject = { type: "object", properties: { id: { type: "string" }, ...extra } };
  const operation = (index: number): Json => ({
    get: {
      operationId: `op-${index}`,
      responses: {
        200: { description: "", content: { "application/json": { schema: { $ref: "#/components/schemas/Big" } } } },
      },
    },
  });
  return {
    openapi: "3.0.0",
    info: { title: "Many", version: "1" },
    paths: Object.fromEntries(Array.from({ length: count }, (_, index) => [`/p${index}`, operation(index)])),
    components: { schemas: { Big: schema } },
  };
}

async function diffOf(before: JsonObject, after: JsonObject) {
  return diffDocuments(await documentsOf({ "a.json": before }), await documentsOf({ "a.json": after }));
}

test("many operations are folded away in markdown and counted in text", async () => {
  const diff = await diffOf(many(9, { old: { type: "string" } }), many(9));
  const report = { diff, types: [], bumps: [] };
  expect(renderText(report)).toContain("GET /p0, GET /p1, GET /p2, GET /p3 and 5 more");
  expect(renderMarkdown(report)).toContain("<details><summary>9 operations</summary>");
});

test("names of a document never become markup, or mention anybody", async () => {
  const name = "<script>alert(1)</script> @someone | `x`";
  const diff = await diffOf(many(1), many(1, { [name]: { type: "string", enum: ["**@all** <b>"] } }));
  const changed = await diffOf(
    many(1, { v: { type: "string", enum: ["a"] } }),
    many(1, { v: { type: "string", enum: ["a", "<b> @all [x](y)"] } }),
  );
  const text = [diff, changed].map((one) => renderMarkdown({ diff: one, types: [], bumps: [] })).join("");
  // outside of code, where GitHub would read it
  const prose = text.replaceAll(/``[^`].*?[^`]``(?!`)|`[^`]*`/g, "");
  expect(prose).not.toMatch(/<script|<b>|@all|\[x\]\(/);
});

test("the text of a pull request stays below what GitHub takes, and says what it left out", async () => {
  const diff = await diffOf(many(1), many(3000));
  const text = renderMarkdown({ diff, types: [], bumps: [] });
  expect(text.length).toBeLessThan(61_000);
  expect(text).toMatch(/…and \d+ more; `ghl-codegen diff` prints all of them\.\n$/);
});

test("the order of findings does not depend on the order of the files", async () => {
  const [a, b] = [many(3, { old: { type: "string" } }), many(3)];
  const there = diffDocuments(
    await documentsOf({ "x.json": a, "y.json": b }),
    await documentsOf({ "x.json": b, "y.json": a }),
  );
  const back = diffDocuments(
    await documentsOf({ "y.json": b, "x.json": a }),
    await documentsOf({ "y.json": a, "x.json": b }),
  );
  expect(there.findings).toEqual(back.findings);
});
