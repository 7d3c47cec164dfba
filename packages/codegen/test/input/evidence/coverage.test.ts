import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { coverageOf, coverageTable } from "../../../src/input/evidence/coverage.ts";
import type { Observation, Sureness } from "../../../src/input/evidence/evidence.ts";
import { readEvidence } from "../../../src/input/evidence/load.ts";
import { shapeOf } from "../../../src/input/evidence/shape/shape.ts";
import type { JsonObject } from "../../../src/json/json.ts";
import { committedDocuments, OPENAPI, REPOSITORY } from "../../support/repository.ts";

const operation = { responses: {} };
const document = (...paths: string[]): JsonObject => ({
  paths: Object.fromEntries(paths.map((path) => [path, { get: operation, post: operation }])),
});
const seen = (name: string, sureness: Sureness, requests = false): Observation => {
  const traffic = { count: 1, shape: shapeOf([{}]) };
  return {
    operation: name,
    sources: ["a test"],
    sureness,
    date: undefined,
    version: undefined,
    status: [],
    answers: requests ? undefined : traffic,
    requests: requests ? traffic : undefined,
    query: [],
  };
};

test("an operation of both generations is one, and counts by its surest answer", () => {
  const documents = [
    { module: "cats", document: document("/cats/", "/cats/{id}") },
    { module: "cats", document: document("/cats", "/cats/{catId}/toys") },
    { module: "dogs", document: document("/dogs") },
  ];
  const observations = [
    seen("GET /cats/{x}", "claimed"),
    seen("GET /cats/{catId}", "recorded"),
    seen("GET /cats", "reported"),
    seen("POST /cats", "claimed", true),
    seen("GET /mice", "recorded"),
  ];
  const coverage = coverageOf(documents, new Map([["cats", observations]]));
  expect(coverage).toEqual([
    { module: "cats", operations: 6, answers: { recorded: 1, reported: 1, claimed: 0 }, requests: 1 },
    { module: "dogs", operations: 2, answers: { recorded: 0, reported: 0, claimed: 0 }, requests: 0 },
  ]);
  expect(coverageTable(coverage).split("\n").slice(2)).toEqual([
    "| cats | 6 | 1 | 1 | 0 | 1 |",
    "| all of these | 6 | 1 | 1 | 0 | 1 |",
    "",
    "No evidence (1 module, 2 operations): dogs.",
    "",
  ]);
});

/** `vitest run -u` writes it again. */
test("the table in docs/design/evidence.md says what was seen of each module", async () => {
  const documents = committedDocuments().map(({ name, document }) => ({
    module: name.replace(/^v\d\//, ""),
    document,
  }));
  const files = readEvidence(join(OPENAPI, "evidence"));
  const coverage = coverageOf(documents, new Map(files.map(({ module, observations }) => [module, observations()])));
  const path = join(REPOSITORY, "docs/design/evidence.md");
  const section = /(<!-- coverage: begin -->\n)[\s\S]*(<!-- coverage: end -->)/;
  const page = readFileSync(path, "utf8");
  expect(page).toMatch(section);
  await expect(
    page.replace(section, (_, begin, end) => `${begin}${coverageTable(coverage)}${end}`),
  ).toMatchFileSnapshot(path);
});
