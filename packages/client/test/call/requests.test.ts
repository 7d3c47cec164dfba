import { describe, expect, it } from "vitest";
import { ParameterError } from "../../src/index.ts";
import { fakeServer, json, rejection } from "../fake-server.ts";
import { Pets } from "../openapi/pets.ts";

const ok = () => json({ ok: true });

describe("a request", () => {
  it("a request carries token, Version and Accept, and nothing that is not needed", async () => {
    const { client, sent } = fakeServer(ok);
    expect(await client.use(Pets).getPet({ petId: "a/b ä" })).toEqual({ ok: true });
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      url: "https://services.leadconnectorhq.com/pets/a%2Fb%20%C3%A4",
      method: "GET",
      body: null,
      headers: { accept: "application/json", authorization: "Bearer pit-secret", version: "v3" },
    });
    expect(Object.keys(sent[0]!.headers)).toHaveLength(3);
  });

  it("a request takes Version from the operation, and none where it is empty", async () => {
    const { client, sent } = fakeServer(ok);
    await client.use(Pets).shelter({ locationId: "L1" });
    await client.use(Pets).open();
    expect(sent[0]!.headers.version).toBe("2021-07-28");
    expect(sent[1]!.headers).not.toHaveProperty("version");
  });

  it("a request sends no token to an anonymous operation", async () => {
    const { client, sent } = fakeServer(ok);
    await client.use(Pets).open();
    expect(sent[0]!.headers).toEqual({ accept: "application/json" });
  });

  it("a request sends no Authorization with auth: null", async () => {
    const { client, sent } = fakeServer(ok, { auth: null });
    await client.use(Pets).getPet({ petId: "1" });
    expect(sent[0]!.headers).not.toHaveProperty("authorization");
  });

  it("a request lets headers of the call win over the client's, in whatever case", async () => {
    const { client, sent } = fakeServer(ok, { headers: { "X-App": "a", "X-B": "b" }, userAgent: "app/1" });
    await client.use(Pets).getPet({ petId: "1" }, { headers: { VERSION: "2023-02-21", "x-app": "c" } });
    expect(sent[0]!.headers).toMatchObject({ version: "2023-02-21", "x-app": "c", "x-b": "b", "user-agent": "app/1" });
  });

  it("a request keeps the path of baseUrl", async () => {
    const { client, sent } = fakeServer(ok, { baseUrl: "http://localhost:8787/api/location/L1//" });
    await client.use(Pets).getPet({ petId: "1" });
    expect(sent[0]!.url).toBe("http://localhost:8787/api/location/L1/pets/1");
  });
});

describe("query", () => {
  it("a query repeats arrays, joins those that the table names, omits undefined and null, and writes dates as ISO 8601", async () => {
    const { client, sent } = fakeServer(ok);
    await client.use(Pets).findPets({
      locationId: "L1",
      ids: ["a", "b"],
      tags: ["x,y", "z"],
      since: new Date(0),
      no: undefined,
      nil: null,
      none: [],
      zero: 0,
      off: false,
      empty: "",
    });
    expect(sent[0]!.path).toBe(
      "/pets/?locationId=L1&ids=a&ids=b&tags=x%2Cy,z&since=1970-01-01T00%3A00%3A00.000Z&zero=0&off=false&empty=",
    );
  });
});

describe("a path parameter", () => {
  it.each([undefined, null, "", ".", ".."])("%j is refused before anything is sent", async (petId) => {
    const { client, sent } = fakeServer(ok);
    const error = await rejection(client.use(Pets).getPet({ petId }));
    expect(error).toBeInstanceOf(ParameterError);
    expect(error).toMatchObject({ code: "ERR_GHL_PARAMETER", parameter: "petId", path: "/pets/{petId}" });
    expect(error).toMatchObject({
      message: expect.stringContaining(`petId must be a path segment, got "${petId ?? ""}"`),
    });
    expect(sent).toHaveLength(0);
  });

  it.each([
    ["half a surrogate pair", { petId: "\ud800" }],
    ["an invalid date", { petId: "1", since: new Date(Number.NaN) }],
  ])("%s is refused before anything is sent", async (_, params) => {
    const { client, sent } = fakeServer(ok);
    expect(await rejection(client.use(Pets).getPet(params))).toBeInstanceOf(ParameterError);
    expect(sent).toHaveLength(0);
  });
});

describe("a value that would be lost on the way is refused by name, before anything is sent", () => {
  const lost: [string, unknown][] = [
    ["null in an array", ["a", null]],
    ["undefined in an array", [undefined]],
    ["a Map", new Map([["a", 1]])],
    ["a Set", new Set(["a"])],
    ["a function", () => "a"],
    ["a symbol", Symbol("a")],
    ["a Promise", Promise.resolve("a")],
    ["a file", new Blob(["a"])],
    ["bytes", new Uint8Array(2)],
    ["a form", new URLSearchParams("a=1")],
    ["NaN", Number.NaN],
    ["Infinity", Infinity],
    ["an invalid date", new Date(Number.NaN)],
    ["a Map in an object", { inner: new Map() }],
  ];

  it.each(lost)("%s in a query is refused by name, before anything is sent", async (_, value) => {
    const { client, sent } = fakeServer(ok);
    const error = await rejection(client.use(Pets).findPets({ locationId: "L1", since: value }));
    expect(error).toBeInstanceOf(ParameterError);
    expect(error).toMatchObject({ parameter: expect.stringMatching(/^(since|inner)$/), operation: "pets.findPets" });
    expect(sent).toHaveLength(0);
  });

  it.each(lost)("%s in a form is refused by name, before anything is sent", async (_, value) => {
    if (value instanceof Blob) return;
    const { client, sent } = fakeServer(ok);
    for (const name of ["form", "upload"] as const) {
      const error = await rejection(
        client
          .location("L1")
          .use(Pets)
          [name]({ body: { since: value } }),
      );
      expect(error).toMatchObject({ code: "ERR_GHL_PARAMETER", parameter: expect.stringMatching(/^(since|inner)$/) });
    }
    expect(sent).toHaveLength(0);
  });

  it.each(lost.filter(([name]) => !/in an array/.test(name)))(
    "%s in a JSON body is refused by name, before anything is sent",
    async (_, value) => {
      const { client, sent } = fakeServer(ok);
      const error = await rejection(client.use(Pets).replacePet({ petId: "1", body: { since: value } }));
      expect(error).toMatchObject({ code: "ERR_GHL_PARAMETER", parameter: expect.stringMatching(/^(since|inner)$/) });
      const whole = await rejection(client.use(Pets).replacePet({ petId: "1", body: [value] }));
      expect(whole).toMatchObject({ code: "ERR_GHL_PARAMETER" });
      expect(sent).toHaveLength(0);
    },
  );

  it("a lost value in a path is refused before anything is sent, and so is a body that nests too deeply", async () => {
    const { client, sent } = fakeServer(ok);
    expect(await rejection(client.use(Pets).getPet({ petId: new Map() }))).toMatchObject({ parameter: "petId" });
    let deep: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(await rejection(client.use(Pets).replacePet({ petId: "1", body: deep }))).toBeInstanceOf(ParameterError);
    expect(sent).toHaveLength(0);
  });
});

describe("a body", () => {
  it("a body keeps null in JSON and leaves undefined out", async () => {
    const { client, sent } = fakeServer(ok);
    await client.use(Pets).replacePet({ petId: "1", body: { a: null, b: undefined, c: new Date(0) } });
    expect(sent[0]).toMatchObject({
      method: "PUT",
      body: '{"a":null,"c":"1970-01-01T00:00:00.000Z"}',
      headers: { "content-type": "application/json" },
    });
  });

  it("a body may be an array, or absent", async () => {
    const { client, sent } = fakeServer(ok);
    await client.use(Pets).replacePet({ petId: "1", body: [1] });
    await client.use(Pets).replacePet({ petId: "1" });
    expect(sent.map(({ body }) => body)).toEqual(["[1]", null]);
    expect(sent[1]!.headers).not.toHaveProperty("content-type");
  });

  it("a body that JSON cannot hold is refused before anything is sent", async () => {
    const { client, sent } = fakeServer(ok);
    const error = await rejection(client.use(Pets).replacePet({ petId: "1", body: { big: 1n } }));
    expect(error).toBeInstanceOf(ParameterError);
    expect(sent).toHaveLength(0);
  });

  it("a body is written as a form", async () => {
    const { client, sent } = fakeServer(ok);
    await client
      .location("L1")
      .use(Pets)
      .form({ body: { a: "x y&z", list: [1, 2], no: null, o: { p: 1 } } });
    await client
      .location("L1")
      .use(Pets)
      .form({ body: new URLSearchParams("a=1") });
    expect(`${sent[0]!.body}`).toBe("a=x+y%26z&list=1&list=2&o=%7B%22p%22%3A1%7D&locationId=L1");
    // `fetch` knows the content type of what it is given
    expect(sent[0]!.headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded\b/);
    expect(`${sent[1]!.body}`).toBe("a=1&locationId=L1");
  });

  it("a body is written as multipart, from an object or from FormData, with the boundary left to fetch", async () => {
    const { client, sent } = fakeServer(ok);
    const file = new File(["hello"], "a.txt", { type: "text/plain" });
    const given = new FormData();
    given.append("file", file);
    const pets = client.location("L1").use(Pets);
    await pets.upload({ body: { file, tags: ["a", "b"], meta: { x: 1 } } });
    await pets.upload({ body: given });
    const [first, second] = sent.map(({ body }) => body as FormData);
    expect([...first!.keys()]).toEqual(["file", "tags", "tags", "meta", "locationId"]);
    expect((first!.get("file") as File).name).toBe("a.txt");
    expect(first!.get("meta")).toBe('{"x":1}');
    expect(sent[0]!.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(second!.get("locationId")).toBe("L1");
    expect(await (second!.get("file") as File).text()).toBe("hello");
    expect(given.has("locationId")).toBe(false);
  });
});
