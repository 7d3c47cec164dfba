import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEvidence } from "../src/input/evidence/load.ts";
import { readOverlays } from "../src/input/overlay/files.ts";
import { isObject, type Json, type JsonObject, objectAt } from "../src/json/json.ts";
import { pointerOf, resolvePointer } from "../src/json/pointer.ts";
import { operationsOf, walkReferences } from "../src/json/walk.ts";
import { findPagingErrors } from "./support/paging.ts";
import { committedDocuments, evidencedDocuments, OPENAPI } from "./support/repository.ts";

const DOCUMENTS = committedDocuments();
const PROSE = new Set(["title", "description", "summary", "example", "examples", "externalDocs", "tags"]);
/** Below these the members are names, not keywords. */
const NAMES = new Set(["properties", "schemas", "paths"]);

/** Finds prose in a distilled document, which must describe the interface only. */
function proseOf(value: Json, pointer: string, names: boolean): string[] {
  if (typeof value === "string") return value.length > 60 && value.includes(" ") ? [`${pointer} ${value}`] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => proseOf(item, `${pointer}/${index}`, false));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const prose = !names && PROSE.has(key) && item !== "" && pointer !== "#/info";
    return [...(prose ? [`${pointer}/${key}`] : []), ...proseOf(item, `${pointer}/${key}`, !names && NAMES.has(key))];
  });
}

describe("the committed documents", () => {
  test("the committed documents are 41 of v2 and 42 of v3, each named in the lock", () => {
    const lock = JSON.parse(readFileSync(`${OPENAPI}/sources.lock.json`, "utf8")) as { documents: JsonObject };
    expect(DOCUMENTS.filter(({ name }) => name.startsWith("v2/"))).toHaveLength(41);
    expect(DOCUMENTS.filter(({ name }) => name.startsWith("v3/"))).toHaveLength(42);
    expect(DOCUMENTS.filter(({ name }) => lock.documents[name] === undefined)).toEqual([]);
  });

  test("the committed documents have every operation that upstream has", () => {
    const count = (api: string) =>
      DOCUMENTS.filter(({ name }) => name.startsWith(api)).reduce(
        (sum, { document }) => sum + [...operationsOf(document)].length,
        0,
      );
    expect([count("v2"), count("v3")]).toEqual([576, 627]);
  });

  test("the committed documents contain no prose", () => {
    expect(
      DOCUMENTS.flatMap(({ name, document }) => proseOf(document, "#", false).map((found) => `${name} ${found}`)),
    ).toEqual([]);
  });

  test("the committed documents are self-contained, and contain no unused schema", () => {
    const wrong: string[] = [];
    for (const { name, document } of DOCUMENTS) {
      const used = new Set<string>();
      walkReferences(document, (_, reference, position) => {
        used.add(reference);
        if (resolvePointer(document, reference) === undefined)
          wrong.push(`${name} ${pointerOf(position)} ${reference}`);
      });
      for (const schema of Object.keys(objectAt(objectAt(document.components).schemas))) {
        if (!used.has(`#/components/schemas/${schema}`)) wrong.push(`${name} ${schema}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test("the committed documents end with a newline and are indented by one", () => {
    expect(DOCUMENTS.filter(({ text, document }) => text !== `${JSON.stringify(document, null, 1)}\n`)).toEqual([]);
  });

  test("the committed documents name the anonymous operations, and no others", () => {
    const anonymous = DOCUMENTS.flatMap(({ name, document }) =>
      [...operationsOf(document)]
        .filter(({ operation }) => Array.isArray(operation["x-token"]) && operation["x-token"].length === 0)
        .map(({ method, path }) => `${name} ${method} ${path}`),
    );
    expect(anonymous).toEqual([
      "v2/oauth post /oauth/token",
      "v3/chat-widget get /chat-widget/public/config/{id}",
      "v3/oauth post /oauth/token",
    ]);
  });

  test("the committed documents say which tokens every operation takes", () => {
    const silent = DOCUMENTS.flatMap(({ name, document }) =>
      [...operationsOf(document)]
        .filter(({ operation }) => operation["x-token"] === undefined)
        .map(({ path }) => `${name} ${path}`),
    );
    expect(silent).toEqual([]);
  });
});

describe("pagination", () => {
  test("every request field is a parameter, every path leads through the answer's schema", () => {
    expect(evidencedDocuments().flatMap(({ name, document }) => findPagingErrors(name, document))).toEqual([]);
  });

  test("160 operations are paged", () => {
    const paged = DOCUMENTS.flatMap(({ document }) =>
      [...operationsOf(document)].filter(({ operation }) => operation["x-pagination"] !== undefined),
    );
    expect(paged).toHaveLength(160);
  });
});

describe("overlays", () => {
  test("overlays name evidence that exists", async () => {
    const overlays = await readOverlays(`${OPENAPI}/overlays`);
    const evidence = readEvidence(`${OPENAPI}/evidence`, "openapi/evidence");
    const seen = new Map(
      evidence.map(({ module, observations }) => [module, observations().map((one) => one.operation)]),
    );
    const missing = overlays.flatMap(({ file, documents, actions }) =>
      actions.flatMap(({ pointer, evidence: named }) =>
        named
          .filter((operation) => !seen.get(documents[0]?.split("/")[1] ?? "")?.includes(operation))
          .map((operation) => `${file} ${pointer} ${operation}`),
      ),
    );
    expect(missing).toEqual([]);
    expect(
      overlays.flatMap(({ actions }) => actions).filter((action) => action.evidence.length > 0).length,
    ).toBeGreaterThan(5);
  });

  test("every action expects what it corrects, so that a better upstream is noticed", async () => {
    const overlays = await readOverlays(`${OPENAPI}/overlays`);
    expect(overlays.length).toBeGreaterThan(40);
    const blind = overlays.flatMap(({ file, actions }) =>
      actions
        // a member that the action before has just removed cannot be expected
        .filter(
          ({ expect: expected }, index) => expected === undefined && !("remove" in (actions[index - 1]?.change ?? {})),
        )
        .map(({ pointer }) => `${file} ${pointer}`),
    );
    expect(blind).toEqual([]);
  });
});
