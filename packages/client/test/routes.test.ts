import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allRoutes, createRouteMatcher, matchRoute } from "../src/routes.ts";

const at = (method: string, path: string, api = "v3") => ({ method, path, api });

describe("createRouteMatcher", () => {
  const routes = [
    at("GET", "/pets/"),
    at("GET", "/pets/{petId}"),
    at("DELETE", "/pets/{petId}"),
    at("GET", "/pets/search"),
    at("GET", "/pets/{petId}/notes/{id}"),
    at("POST", "/pets/search/{kind}"),
    at("GET", "/{any}/notes/last"),
    at("GET", "/old", "v2"),
    at("GET", "/both", "v2"),
    at("GET", "/both", "v3"),
    at("GET", "/both", "v10"),
  ];
  const match = createRouteMatcher(() => routes);

  it.each([
    ["GET", "/pets/", "/pets/", {}],
    ["GET", "/pets", "/pets/", {}],
    ["GET", "/pets/1", "/pets/{petId}", { petId: "1" }],
    ["GET", "/pets/1/", "/pets/{petId}", { petId: "1" }],
    ["GET", "/pets/a%20b", "/pets/{petId}", { petId: "a b" }],
    ["GET", "/pets/search", "/pets/search", {}],
    ["DELETE", "/pets/search", "/pets/{petId}", { petId: "search" }],
    ["POST", "/pets/search/x", "/pets/search/{kind}", { kind: "x" }],
    ["GET", "/pets/1/notes/2", "/pets/{petId}/notes/{id}", { petId: "1", id: "2" }],
    ["GET", "/cats/notes/last", "/{any}/notes/last", { any: "cats" }],
  ])("the route %s %s has the operation %s", (method, pathname, path, params) => {
    expect(match(method, pathname)).toMatchObject({ method, path, params });
  });

  it.each([
    ["PUT", "/pets/1"],
    ["GET", ""],
    ["GET", "/"],
    ["GET", "pets/1"],
    ["GET", "//pets/1"],
    ["GET", "/pets//"],
    ["GET", "/pets/1//notes/2"],
    ["GET", "/pets/."],
    ["GET", "/pets/.."],
    ["GET", "/pets/%2e%2E"],
    ["GET", "/pets/a%2Fb"],
    ["GET", "/pets/a%5cb"],
    ["GET", "/pets/a\\b"],
    ["GET", "/pets/%"],
    ["GET", "/pets/%ff"],
    ["GET", "/PETS/1"],
  ])("the route %s %s has no operation", (method, pathname) => {
    expect(match(method, pathname)).toBeUndefined();
  });

  it("createRouteMatcher takes the newest generation, or the one that is requested", () => {
    expect(match("GET", "/both")?.api).toBe("v10");
    expect(match("GET", "/both", "v2")?.api).toBe("v2");
    expect(match("GET", "/old")?.api).toBe("v2");
    expect(match("GET", "/old", "v3")).toBeUndefined();
  });

  it("createRouteMatcher builds its tree once, and not before it is needed", () => {
    let reads = 0;
    const lazy = createRouteMatcher(() => {
      reads++;
      return routes;
    });
    expect(reads).toBe(0);
    lazy("GET", "/pets/1");
    lazy("GET", "/none");
    expect(reads).toBe(1);
  });
});

describe("matchRoute", () => {
  it("matchRoute finds every operation by its own path, with the parameters put in", () => {
    const routes = allRoutes();
    expect(routes.length).toBeGreaterThan(1000);
    const value = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !/^\.\.?$|[/\\]/.test(text));
    fc.assert(
      fc.property(fc.constantFrom(...routes), fc.array(value, { minLength: 6, maxLength: 6 }), (route, values) => {
        const params: Record<string, string> = {};
        const pathname = route.path.replace(/\{([^}]+)\}/g, (_, name) => {
          // a literal sibling would win, rightly
          params[name] = `~${values[Object.keys(params).length]!}`;
          return encodeURIComponent(params[name]!);
        });
        expect(matchRoute(route.method, pathname, route.api)).toEqual({ ...route, params });
      }),
      { numRuns: 2000 },
    );
  });

  it("matchRoute knows Version, token types and scopes", () => {
    expect(matchRoute("GET", "/contacts/c1")).toEqual({
      module: "contacts",
      api: "v3",
      name: "getContact",
      operationId: "get-contact",
      method: "GET",
      path: "/contacts/{contactId}",
      version: "v3",
      tokens: "lL",
      scopes: ["contacts.readonly"],
      deprecated: false,
      params: { contactId: "c1" },
    });
    expect(matchRoute("GET", "/contacts/c1", "v2")?.version).toBe("2021-07-28");
  });
});
