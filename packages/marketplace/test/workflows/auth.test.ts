import { describe, expect, test } from "vitest";
import { ConfigurationError, createWorkflowAuth, HandlerFailedError, type WorkflowAuth } from "../../src/workflows.ts";

const URL_ = "https://you.example/workflow";
const asked = (headers: Record<string, string> = {}, query = ""): Request => new Request(URL_ + query, { headers });
const basic = (text: string): string => `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}`;

const BEARER: WorkflowAuth = { kind: "bearer", tokens: ["token-1", "token-2"] };
const BASIC: WorkflowAuth = {
  kind: "basic",
  users: [
    { username: "hl", password: "pass:wörd" },
    { username: "hl", password: "next" },
  ],
};
const HEADER: WorkflowAuth = { kind: "header", name: "X-Api-Key", values: ["key 1", "key-2"] };
const QUERY: WorkflowAuth = { kind: "query", name: "key", values: ["kéy+1", "key-2"] };

describe("what is let in", () => {
  test.each([
    [BEARER, asked({ authorization: "Bearer token-1" })],
    [BEARER, asked({ authorization: "bearer  token-2" })],
    [BASIC, asked({ authorization: basic("hl:pass:wörd") })],
    [BASIC, asked({ authorization: basic("hl:next").replace("Basic", "BASIC") })],
    [HEADER, asked({ "x-api-key": "key 1" })],
    [HEADER, asked({ "X-API-KEY": "key-2" })],
    [QUERY, asked({}, "?a=1&key=k%C3%A9y%2B1")],
    [QUERY, { headers: new Headers(), url: "/workflow?key=key-2" }],
    [{ kind: "verify", verify: () => true } as const, asked()],
    [{ kind: "verify", verify: async ({ headers }) => headers.get("a") === "b" } as WorkflowAuth, asked({ a: "b" })],
  ])("%o", async (auth, request) => {
    expect(await createWorkflowAuth(auth)(request)).toBe(true);
  });
});

describe("what is not", () => {
  test.each([
    [BEARER, asked()],
    [BEARER, asked({ authorization: "" })],
    [BEARER, asked({ authorization: "Bearer" })],
    [BEARER, asked({ authorization: "Bearer " })],
    [BEARER, asked({ authorization: "token-1" })],
    [BEARER, asked({ authorization: "Bearer token-" })],
    [BEARER, asked({ authorization: "Bearer token-12" })],
    [BEARER, asked({ authorization: "Bearer token-1 token-2" })],
    [BEARER, asked({ authorization: "Basic token-1" })],
    [BEARER, asked({ authorization: "Bearer TOKEN-1" })],
    [BASIC, asked({ authorization: basic("hl:pass") })],
    [BASIC, asked({ authorization: basic("hl") })],
    [BASIC, asked({ authorization: basic("HL:next") })],
    [BASIC, asked({ authorization: basic(":next") })],
    [BASIC, asked({ authorization: "Basic !" })],
    [BASIC, asked({ authorization: "Bearer hl:next" })],
    [HEADER, asked()],
    [HEADER, asked({ "x-api-key": "" })],
    [HEADER, asked({ "x-api-key": "key" })],
    [HEADER, asked({ "x-api-key": "key 1, key-2" })],
    [HEADER, asked({ "x-other": "key-2" })],
    [QUERY, asked()],
    [QUERY, asked({}, "?key")],
    [QUERY, asked({}, "?key=wrong")],
    [QUERY, asked({}, "?key=key-2&key=key-2")],
    [QUERY, asked({}, "?Key=key-2")],
    [QUERY, asked({ key: "key-2" })],
    [QUERY, { headers: new Headers(), url: "//[/?key=key-2" }],
    [{ kind: "verify", verify: () => 1 as unknown as boolean } as const, asked()],
    [{ kind: "verify", verify: async () => ({ valid: false }) as unknown as boolean } as const, asked()],
  ])("%o", async (auth, request) => {
    expect(await createWorkflowAuth(auth as WorkflowAuth)(request)).toBe(false);
  });

  test("a verify that fails is no yes", async () => {
    const check = createWorkflowAuth({
      kind: "verify",
      verify: () => {
        throw new Error("database");
      },
    });
    await expect(check(asked())).rejects.toBeInstanceOf(HandlerFailedError);
  });

  test("a value that was added to the caller's list afterwards", async () => {
    const tokens = ["token-1"];
    const check = createWorkflowAuth({ kind: "bearer", tokens });
    tokens.push("token-2");
    expect(await check(asked({ authorization: "Bearer token-2" }))).toBe(false);
  });
});

test.each([
  undefined,
  null,
  {},
  { kind: "none" },
  { kind: "bearer" },
  { kind: "bearer", tokens: [] },
  { kind: "bearer", tokens: ["token-1", ""] },
  { kind: "bearer", tokens: [undefined] },
  { kind: "bearer", tokens: "token-1" },
  { kind: "bearer", tokens: ["two words"] },
  { kind: "basic", users: [] },
  { kind: "basic" },
  { kind: "basic", users: [{ username: "hl", password: "" }] },
  { kind: "basic", users: [{ username: "h:l", password: "p" }] },
  { kind: "basic", users: [{ username: "hl" }] },
  { kind: "header", values: ["v"] },
  { kind: "header", name: "x y", values: ["v"] },
  { kind: "header", name: "x", values: [] },
  { kind: "header", name: "x", values: [""] },
  { kind: "header", name: "x", values: [" v"] },
  { kind: "header", name: "x", values: ["é"] },
  { kind: "query", name: "", values: ["v"] },
  { kind: "query", name: "x", values: [""] },
  { kind: "query", name: "x" },
  { kind: "verify" },
])("%o cannot be used", (auth) => {
  expect(() => createWorkflowAuth(auth as unknown as WorkflowAuth)).toThrow(ConfigurationError);
});
