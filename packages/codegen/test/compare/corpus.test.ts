import { describe, expect, test } from "vitest";
import { diffDocuments } from "../../src/compare/diff.ts";
import { KINDS } from "../../src/compare/kinds.ts";
import type { Finding } from "../../src/compare/model.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { diffOf, documentsOf } from "../support/diff.ts";
import { baseDocument } from "./corpus/base.ts";
import { CASES } from "./corpus/cases.ts";

function changed(change: (document: JsonObject) => void): JsonObject {
  const document = baseDocument();
  change(document);
  return document;
}

const short = ({ class: name, kind }: Finding): string => `${name} ${kind}`;
/** Path of a finding. Changes of a whole document, and of descriptions, have none. */
const position = ({ schema = "", path, kind }: Finding): string =>
  kind === "docs-changed" || kind === "security-scheme-changed" ? "" : schema + path;

describe("one change, one finding of the right class", () => {
  test("there are enough of them, each by its own name", () => {
    expect(CASES.length).toBeGreaterThanOrEqual(60);
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
  });

  test.each(CASES)("one change gives one finding of the right class: $name", async ({ change, there, at }) => {
    const { findings } = await diffOf(baseDocument(), changed(change));
    expect(findings.map(short)).toEqual([there.join(" ")]);
    expect(findings.map(position)).toEqual([at]);
  });

  test.each(CASES)(
    "one change gives one finding of the right class in the other direction: $name",
    async ({ change, back }) => {
      const { findings } = await diffOf(changed(change), baseDocument());
      expect(findings.map(short)).toEqual([back.join(" ")]);
    },
  );

  test("every kind of change is in the table, but those of events and of several documents", () => {
    const met = new Set(CASES.flatMap(({ there, back }) => [there[1], back[1]]));
    const elsewhere = [
      "module-changed",
      "tokens-changed",
      "event-changed",
      "discriminator-changed",
      "media-encoding-changed",
      "now-write-only",
      "no-longer-write-only",
    ];
    expect(Object.keys(KINDS).filter((kind) => !met.has(kind as never) && !elsewhere.includes(kind))).toEqual([]);
  });
});

describe("a change of a shared schema", () => {
  test("one finding names every operation it reaches, and on which side", async () => {
    const after = changed((document) => {
      const { Money } = (document.components as { schemas: Record<string, JsonObject> }).schemas;
      (Money as { required: string[] }).required = ["amount", "currency"];
    });
    const { findings } = await diffOf(baseDocument(), after);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      schema: "Money",
      path: ".currency",
      request: "breaking",
      response: "additive",
    });
    expect(findings[0]?.reaches.map(({ operation, side, path }) => `${operation} ${side} ${path}`)).toEqual([
      "PUT /orders/{orderId} request body.price.currency",
      "PUT /orders/{orderId} response 200.total.currency",
    ]);
  });

  test("the same change in two generations is reported once", async () => {
    const after = changed((document) => {
      (document.components as { schemas: Record<string, JsonObject> }).schemas.Card = {
        type: "object",
        properties: {},
      };
    });
    const files = (document: JsonObject) =>
      documentsOf({ "apps/shop.json": document, "apps/v3/shop-v3.json": document });
    const { findings } = diffDocuments(await files(baseDocument()), await files(after));
    expect(findings.map(({ documents, kind, schema }) => [kind, schema, documents])).toEqual([
      ["property-removed", "Card", ["v2/shop", "v3/shop"]],
    ]);
  });
});
