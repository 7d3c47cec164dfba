import { expect, test } from "vitest";
import type { Catalog, KnownEvent, KnownOperation } from "../../src/scopes/catalog.ts";
import { createFinder } from "../../src/scopes/names.ts";
import { matchPath } from "../../src/scopes/paths.ts";
import { reportScopes } from "../../src/scopes/report.ts";

const operation = (name: string, scopes: string[], { tokens = "lL", path = `/${name}` } = {}): KnownOperation => ({
  api: "v3",
  module: "pets",
  name,
  operationId: `${name}-id`,
  method: "GET",
  path,
  tokens,
  scopes,
});
const events: KnownEvent[] = [
  { name: "PetCreate", aliases: ["PET_CREATE"], scopes: ["pets.read"] },
  { name: "PetLost", aliases: [], scopes: undefined },
];
const catalog = (operations: KnownOperation[], withEvents: KnownEvent[] | undefined = events): Catalog => ({
  operations,
  events: withEvents,
});
const report = (operations: KnownOperation[], queried: KnownEvent[] = []) =>
  reportScopes({ operations, events: queried, unknown: [] }, catalog(operations));

test("a scope that is requested anyway is taken where one of several is enough", () => {
  const { scopes } = report([operation("a", ["pets.write", "pets.read"]), operation("b", ["pets.read"])]);
  expect(scopes).toEqual([{ scope: "pets.read", operations: ["v3.pets.a", "v3.pets.b"], events: [] }]);
});

test("a scope that no document names is unknown, an anonymous operation needs none", () => {
  const result = report([operation("a", []), operation("b", [], { tokens: "" })]);
  expect(result.scopes).toEqual([]);
  expect(result.unknown).toEqual([{ what: "scope", name: "v3.pets.a", reason: "the document names no scope" }]);
});

test("the token types that serve all, or those of each where none does", () => {
  expect(report([operation("a", [], { tokens: "lLc" }), operation("b", [], { tokens: "lc" })]).tokens).toEqual([
    "location",
    "company",
  ]);
  const split = report([operation("a", [], { tokens: "l" }), operation("b", [], { tokens: "cC" })]);
  expect(split.tokens).toEqual([]);
  expect(split.tokensByOperation).toEqual({ "v3.pets.a": ["location"], "v3.pets.b": ["company", "company-pit"] });
});

test("a token type that no document names is unknown and does not narrow the others", () => {
  const result = report([operation("a", ["x"], { tokens: "?" }), operation("b", ["x"], { tokens: "l" })]);
  expect(result.tokens).toEqual(["location"]);
  expect(result.unknown).toEqual([{ what: "token", name: "v3.pets.a", reason: "the document names no token type" }]);
});

test("a report has the events that the scopes open, the scope of a requested event, and unknown events", () => {
  expect(report([operation("a", ["pets.read"])]).events).toEqual([{ event: "PetCreate", scopes: ["pets.read"] }]);
  const queried = report([], events);
  expect(queried.scopes).toEqual([{ scope: "pets.read", operations: [], events: ["PetCreate"] }]);
  expect(queried.unknown).toEqual([{ what: "event", name: "PetLost", reason: "no source says which scope opens it" }]);
});

test("a method is named with and without generation, slashes, operationIds, and aliases in any case", () => {
  const a = operation("a", []);
  const finder = createFinder(catalog([a]), "v3");
  for (const name of ["v3.pets.a", "v3/pets/a", "v3/pets.a", "pets.a", "pets.a-id"])
    expect(finder.operation(name), name).toBe(a);
  expect(finder.operation("v2.pets.a")).toMatchObject({ reason: 'operation not found; did you mean "v3.pets.a"?' });
  expect(finder.module("pets")).toEqual([a]);
  expect(finder.module("cats")).toMatchObject({ what: "module" });
  expect(finder.event("pet_create")).toBe(events[0]);
  expect(finder.event("Nope")).toMatchObject({ reason: "event not found" });
});

test("paths: literals win, a hole is no literal, lengths must agree", () => {
  const byId = operation("byId", [], { tokens: "l", path: "/pets/{id}" });
  const search = operation("search", [], { tokens: "l", path: "/pets/search" });
  const all = [byId, search];
  expect(matchPath(all, { api: "v3", method: "GET", path: "/pets/search" })).toBe(search);
  expect(matchPath(all, { api: "v3", method: "GET", path: "/pets/\u0000" })).toBe(byId);
  expect(matchPath(all, { api: "v3", method: "GET", path: "/pets/{id}" })).toBe(byId);
  expect(matchPath(all, { api: "v3", method: "GET", path: "/pets/" })).toBeUndefined();
  expect(matchPath(all, { api: "v3", method: "POST", path: "/pets/search" })).toBeUndefined();
  expect(matchPath(all, { api: "v2", method: "GET", path: "/pets/search" })).toBeUndefined();
});
