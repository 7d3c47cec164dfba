import { describe, expect, test } from "vitest";
import { calling } from "../../support/other-api.ts";

const PARAMETER = { code: "ERR_GHL_PARAMETER" };

describe("parameters", () => {
  test("parameters of a query are written in their styles", async () => {
    const { call, arrived } = await calling("parameters");
    await call("query", {
      filter: { name: "a b", tags: ["x"], at: { gt: 1 } },
      ids: [1, 2],
      csv: ["a,b", "c"],
      spaced: ["a", "b"],
      piped: ["a", "b"],
      point: { x: 1, y: 2 },
      flat: { x: 1 },
      json: { a: [1] },
      url: "https://a.example/?b=c&d",
      missing: undefined,
    });
    expect(arrived[0]?.url.slice("/query?".length).split("&")).toEqual([
      "csv=a%2Cb,c",
      "filter%5Bname%5D=a%20b",
      "filter%5Btags%5D%5B0%5D=x",
      "filter%5Bat%5D%5Bgt%5D=1",
      "flat=x,1",
      "ids=1",
      "ids=2",
      "json=%7B%22a%22%3A%5B1%5D%7D",
      "piped=a%7Cb",
      "x=1",
      "y=2",
      "spaced=a%20b",
      "url=https://a.example/?b%3Dc%26d",
    ]);
  });

  test("parameters of a path are written in their styles", async () => {
    const { call, arrived } = await calling("parameters");
    await call("path", { list: ["a/b", "c"], point: { x: 1, y: 2 }, label: ["l", "m"], matrix: ["n", "o"] });
    expect(arrived[0]?.url).toBe("/path/a%2Fb,c/x=1,y=2/.l.m;matrix=n,o");
  });

  test("parameters are sent in headers and cookies, and a name of their own where another has it", async () => {
    const { call, arrived } = await calling("parameters");
    await call("places", {
      id: "in the path",
      queryId: "in the query",
      queryBody: "too",
      "X-Request-Id": "r1",
      "X-Tags": ["a", "b"],
      session: "s;1",
      seen: ["p", "q"],
      body: ["the body"],
    });
    expect(arrived[0]?.url).toBe("/places/in%20the%20path?body=too&id=in%20the%20query");
    expect(arrived[0]?.headers).toMatchObject({
      "x-request-id": "r1",
      "x-tags": "a,b",
      cookie: "seen=p,q; session=s%3B1",
      accept: "application/json",
      authorization: "Bearer secret",
    });
    expect(arrived[0]?.body.toString()).toBe('["the body"]');
  });

  test("parameters are not taken from what every object has", async () => {
    const { call, arrived } = await calling("awkward");
    await call("getPetsByPetIdPhotoByFormat", { petId: 1, format: "jpg", "filter[name]": "a", $top: 5 });
    expect(arrived[0]?.url).toBe("/pets/1/photo.jpg?%24top=5&filter%5Bname%5D=a");
  });

  const path = { list: ["a"], point: { x: 1 }, label: ["l"], matrix: ["m"] };
  test.each<[string, string, object, string]>([
    ["null in a list", "query", { ids: [null] }, "ids"],
    ["an object in a list", "query", { ids: [{}] }, "ids"],
    ["a list in an object that is not deepObject", "query", { point: { x: [1] } }, "point"],
    ["a Map", "query", { filter: new Map() }, "filter"],
    ["a function", "query", { csv: () => 1 }, "csv"],
    ["NaN", "query", { ids: [Number.NaN] }, "ids"],
    ["a misspelt name", "query", { csvs: ["a"] }, "csvs"],
    ["a missing path parameter", "path", { ...path, list: undefined }, "list"],
    ["a path parameter that climbs", "path", { ...path, list: [".."] }, "{list}"],
    ["an empty list in a path", "path", { ...path, list: [] }, "{list}"],
    ["a line break in a header", "places", { id: "1", "X-Request-Id": "a\nb", body: [] }, "X-Request-Id"],
  ])("%s is refused by name before anything is sent", async (_, name, params, parameter) => {
    const { call, arrived } = await calling("parameters");
    await expect(call(name, params)).rejects.toMatchObject({ ...PARAMETER, parameter });
    expect(arrived).toEqual([]);
  });

  test("a path segment that would lead elsewhere is refused with what would be right", async () => {
    const { call } = await calling("parameters");
    await expect(call("path", { ...path, list: [".."] })).rejects.toThrow(
      '{list} must be a path segment other than "", "." and "..", got ".."',
    );
  });
});
