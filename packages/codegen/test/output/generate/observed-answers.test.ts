import { expect, test } from "vitest";
import type { Observation, Sureness } from "../../../src/input/evidence/evidence.ts";
import { shapeOf } from "../../../src/input/evidence/shape/shape.ts";
import type { Json, JsonObject } from "../../../src/json/json.ts";
import { observedAnswers } from "../../../src/output/generate/observed-answers.ts";
import { buildModule } from "../../../src/output/ir/module.ts";

const answer = { responses: { 200: { description: "" } } };
const DOCUMENT: JsonObject = {
  openapi: "3.1.0",
  info: { title: "Cats", version: "1" },
  paths: {
    "/cats/": { post: { operationId: "create", ...answer }, get: { operationId: "list", ...answer } },
    "/cats/{catId}": { get: { operationId: "read", ...answer }, put: { operationId: "update", ...answer } },
    "/cats/search": { post: { operationId: "search", ...answer } },
  },
};

function seen(
  operation: string,
  answers: Json[],
  { requests = [], sureness = "recorded" }: { readonly requests?: Json[]; readonly sureness?: Sureness } = {},
): Observation {
  return {
    operation,
    sources: ["a test"],
    sureness,
    date: undefined,
    version: undefined,
    status: [200],
    answers: { count: answers.length, shape: shapeOf(answers) },
    requests: requests.length === 0 ? undefined : { count: requests.length, shape: shapeOf(requests) },
    query: [],
  };
}

function observe(...observations: Observation[]): Record<string, unknown> {
  const module = buildModule(DOCUMENT, { name: "cats", api: "v3", file: "cats.json" });
  return Object.fromEntries(observedAnswers(module, observations));
}

test("kinds are letters, the most frequent first and null last; lists and unnamed members keep what is inside", () => {
  const cats = [
    { id: "1", born: "2026-01-01T00:00:00Z", age: 9, tame: true, owner: null, toys: [{ id: "t" }], tags: [] },
    { id: 2, born: "2026-01-01T00:00:00Z", age: 9, tame: true, owner: null, toys: [], tags: [] },
    { id: "3", born: "2026-01-01T00:00:00Z", age: 9, tame: true, owner: "x", toys: [], tags: [] },
  ];
  expect(observe(seen("GET /cats/", [{ cats }]))).toEqual({
    list: {
      cats: {
        "[]": { id: "sn", born: "d", age: "n", tame: "b", owner: "sz", toys: { "[]": { id: "s" } }, tags: "a" },
      },
    },
  });
});

test("a member that some answers lack comes only if somebody has set it", () => {
  expect(observe(seen("GET /cats/{catId}", [{ id: "1" }, { id: "2", color: "red" }]))).toEqual({
    read: { id: "s", "color?": "s" },
  });
});

test("a member that a creation repeats was set, one beside it is always there, and reads know both", () => {
  const created = { cat: { id: "1", name: "Mia", age: 9 }, traceId: "t" };
  expect(
    observe(
      seen("POST /cats/", [created], { requests: [{ name: "Mia", cat: "x" }] }),
      seen("GET /cats/{id}", [{ cat: { ...created.cat, color: "red" } }]),
      seen("PUT /cats/{id}", [{ cat: created.cat }], { requests: [{ color: "red" }] }),
    ),
  ).toEqual({
    create: { "cat?": { id: "s", "name?": "s", age: "n" }, traceId: "s" },
    read: { "cat?": { id: "s", "name?": "s", age: "n", "color?": "s" } },
    update: { "cat?": { id: "s", "name?": "s", age: "n" } },
  });
});

test("a search repeats nothing of what it was sent, so its records have what anybody has set", () => {
  const found = { cats: [{ id: "1", name: "Mia", sort: [1], page: 1 }] };
  expect(
    observe(
      seen("POST /cats/search", [found], { requests: [{ page: 1, sort: [] }] }),
      seen("POST /cats/", [{ name: "Mia" }], { requests: [{ name: "Mia" }] }),
    ),
  ).toMatchObject({ search: { cats: { "[]": { id: "s", "name?": "s" } } } });
});

test("a claim adds nothing to a recording", () => {
  expect(
    observe(
      seen("GET /cats/", [{ cats: [] }]),
      seen("GET /cats", [{ rows: [] }], { requests: [], sureness: "claimed" }),
    ),
  ).toEqual({
    list: { cats: "a" },
  });
  expect(observe(seen("GET /cats", [{ rows: [] }], { requests: [], sureness: "claimed" }))).toEqual({
    list: { rows: "a" },
  });
});
