import { describe, expect, it } from "vitest";
import { Contacts, type paths } from "../src/generated/v3/contacts.gen.ts";
import { ConfigurationError, createClient, InvalidResponseError, ParameterError } from "../src/index.ts";
import { createRaw } from "../src/raw.ts";
import { fakeServer, json, rejection } from "./fake-server.ts";
import { Pets } from "./openapi/pets.ts";

// openapi-fetch writes an empty text or `{}` for what it cannot write: a raw call follows the rules of methods instead.

const lost: [string, unknown][] = [
  ["null in a list", ["a", null]],
  ["undefined in a list", ["a", undefined]],
  ["null in an object", { a: null }],
  ["a Map", new Map([["a", 1]])],
  ["a Set", new Set([1])],
  ["a Promise", Promise.resolve(1)],
  ["a function", () => 1],
  ["a symbol", Symbol("a")],
  ["NaN", Number.NaN],
  ["an invalid date", new Date(Number.NaN)],
];
const rawOf = (...args: Parameters<typeof fakeServer>) => {
  const { client, sent } = fakeServer(...args);
  return { raw: createRaw<paths>(client, Contacts), sent };
};
const path = { contactId: "c1" };

describe("a value that would be lost is refused by name, and nothing is sent", () => {
  it.each(lost)("a value that would be lost in the query of a raw call is refused by name: %s", async (_, query) => {
    const { raw, sent } = rawOf(() => json({}));
    const call = raw.GET("/contacts/{contactId}", { params: { path, query: { filter: query } as never } });
    expect(await rejection(call)).toMatchObject({ code: "ERR_GHL_PARAMETER", parameter: "filter" });
    expect(sent).toEqual([]);
  });

  it.each(lost.slice(3))(
    "a value that would be lost in the body of a raw call is refused by name: %s",
    async (_, firstName) => {
      const { raw, sent } = rawOf(() => json({}));
      const call = raw.POST("/contacts/", { body: { locationId: "L1", firstName: firstName as never } });
      expect(await rejection(call)).toMatchObject({ code: "ERR_GHL_PARAMETER", parameter: "firstName" });
      expect(await rejection(raw.POST("/contacts/", { body: new Map() as never }))).toBeInstanceOf(ParameterError);
      expect(sent).toEqual([]);
    },
  );
});

it("a raw query carries dates, lists and members of an object, and leaves out what is undefined", async () => {
  const { raw, sent } = rawOf(() => json({}));
  const query = { from: new Date(0), ids: ["a", "b"], filter: { a: 1, b: undefined }, none: null, big: 10n };
  await raw.GET("/contacts/{contactId}", { params: { path, query: query as never } });
  await raw.request("get", "/contacts/{contactId}", { params: { path, query: query as never } });
  const search = "?from=1970-01-01T00%3A00%3A00.000Z&ids=a&ids=b&filter[a]=1&big=10";
  expect(sent.map((call) => call.path)).toEqual([`/contacts/c1${search}`, `/contacts/c1${search}`]);
});

it.each([false, 0, "", null, []])("a raw body of %j is sent as JSON", async (body) => {
  const { raw, sent } = rawOf(() => json({}));
  await raw.POST("/contacts/", { body: body as never });
  expect(sent[0]?.body).toBe(JSON.stringify(body));
});

describe("a raw call without JSON", () => {
  it.each(["<html>private</html>", "ok", "{"])(
    "a raw call without JSON rejects with InvalidResponseError for a 200 of %j",
    async (text) => {
      for (const headers of [{}, { "content-length": String(text.length) }] as Record<string, string>[]) {
        const { raw } = rawOf(() => new Response(text, { headers }));
        const error = await rejection(raw.GET("/contacts/{contactId}", { params: { path } }));
        expect(error).toBeInstanceOf(InvalidResponseError);
        expect(error).toMatchObject({ status: 200, operation: "contacts.GET", path: "/contacts/{contactId}" });
        expect(JSON.stringify(error)).not.toContain("private");
      }
    },
  );

  it("a raw call without JSON gives the text where the caller asks for text", async () => {
    const { raw } = rawOf(() => new Response("<html>"));
    const { data } = await raw.GET("/contacts/{contactId}", { params: { path }, parseAs: "text" });
    expect(data).toBe("<html>");
  });
});

describe("a header of a raw call that cannot be sent", () => {
  it.each(["a\r\nb: c", "\u{1f600}"])("%j is refused, and is not quoted", async (value) => {
    const { raw, sent } = rawOf(() => json({}));
    const calls = [
      raw.GET("/contacts/{contactId}", { params: { path }, headers: { "x-app": value } }),
      raw.GET("/contacts/{contactId}", { params: { path, header: { "x-app": value } as never } }),
      raw.request("get", "/contacts/{contactId}", { params: { path }, headers: [["x-app", value]] }),
    ];
    for (const call of calls) {
      const error = await rejection(call);
      expect(error).toBeInstanceOf(ConfigurationError);
      expect((error as Error).message).not.toContain(value);
    }
    expect(sent).toEqual([]);
  });

  it("null leaves a header out, a list repeats it", async () => {
    const { raw, sent } = rawOf(() => json({}));
    await raw.GET("/contacts/{contactId}", { params: { path }, headers: { "x-none": null, "x-two": ["a", "b"] } });
    expect(sent[0]?.headers).toMatchObject({ "x-two": "a, b" });
    expect(sent[0]?.headers).not.toHaveProperty("x-none");
  });
});

it.each([Number.NaN, 0, -1, "5", null])("createRaw refuses a time limit of %j at construction", (timeoutMs) => {
  const client = createClient({ auth: "t" });
  const make = (options: object) => () => createRaw<paths>(client, Contacts, options);
  expect(make({ timeoutMs })).toThrow(ConfigurationError);
  expect(make({ deadlineMs: timeoutMs })).toThrow(ConfigurationError);
  expect(make({ retry: { maxAttempts: timeoutMs } })).toThrow(ConfigurationError);
  expect(make({ headers: { "x-app": "a\nb" } })).toThrow(ConfigurationError);
});

it.each([{ access_token: "t" }, ["t"], 5, true])("a token provider that gives %j fails the call", async (given) => {
  const auth = { getAccessToken: () => given as never };
  const { client, sent } = fakeServer(() => json({}), { auth });
  expect(await rejection(client.use(Pets).getPet({ petId: "1" }))).toMatchObject({ code: "ERR_GHL_CONFIGURATION" });
  expect(sent).toEqual([]);
});

it("a header's name that cannot be sent is cut in the error", () => {
  const make = () => createClient({ auth: "t", headers: { [`${"x".repeat(100_000)} `]: "a" } });
  expect(make).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{10,200}$/s) }));
});
