import { describe, expect, test } from "vitest";
import { ConfigurationError, createWorkflowAuth, HandlerFailedError, type WorkflowAuth } from "../../src/workflows.ts";

const URL_ = "https://you.example/workflow";
const incoming = (headers: Record<string, string> = {}, query = ""): Request => new Request(URL_ + query, { headers });
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

describe("createWorkflowAuth accepts", () => {
  test.each([
    [BEARER, incoming({ authorization: "Bearer token-1" })],
    [BEARER, incoming({ authorization: "bearer  token-2" })],
    [BASIC, incoming({ authorization: basic("hl:pass:wörd") })],
    [BASIC, incoming({ authorization: basic("hl:next").replace("Basic", "BASIC") })],
    [HEADER, incoming({ "x-api-key": "key 1" })],
    [HEADER, incoming({ "X-API-KEY": "key-2" })],
    [QUERY, incoming({}, "?a=1&key=k%C3%A9y%2B1")],
    [QUERY, { headers: new Headers(), url: "/workflow?key=key-2" }],
    [{ kind: "verify", verify: () => true } as const, incoming()],
    [{ kind: "verify", verify: async ({ headers }) => headers.get("a") === "b" } as WorkflowAuth, incoming({ a: "b" })],
  ])("createWorkflowAuth accepts a request that carries the credentials of %o", async (auth, request) => {
    expect(await createWorkflowAuth(auth)(request)).toBe(true);
  });
});

describe("createWorkflowAuth refuses", () => {
  test.each([
    [BEARER, incoming()],
    [BEARER, incoming({ authorization: "" })],
    [BEARER, incoming({ authorization: "Bearer" })],
    [BEARER, incoming({ authorization: "Bearer " })],
    [BEARER, incoming({ authorization: "token-1" })],
    [BEARER, incoming({ authorization: "Bearer token-" })],
    [BEARER, incoming({ authorization: "Bearer token-12" })],
    [BEARER, incoming({ authorization: "Bearer token-1 token-2" })],
    [BEARER, incoming({ authorization: "Basic token-1" })],
    [BEARER, incoming({ authorization: "Bearer TOKEN-1" })],
    [BASIC, incoming({ authorization: basic("hl:pass") })],
    [BASIC, incoming({ authorization: basic("hl") })],
    [BASIC, incoming({ authorization: basic("HL:next") })],
    [BASIC, incoming({ authorization: basic(":next") })],
    [BASIC, incoming({ authorization: "Basic !" })],
    [BASIC, incoming({ authorization: "Bearer hl:next" })],
    [HEADER, incoming()],
    [HEADER, incoming({ "x-api-key": "" })],
    [HEADER, incoming({ "x-api-key": "key" })],
    [HEADER, incoming({ "x-api-key": "key 1, key-2" })],
    [HEADER, incoming({ "x-other": "key-2" })],
    [QUERY, incoming()],
    [QUERY, incoming({}, "?key")],
    [QUERY, incoming({}, "?key=wrong")],
    [QUERY, incoming({}, "?key=key-2&key=key-2")],
    [QUERY, incoming({}, "?Key=key-2")],
    [QUERY, incoming({ key: "key-2" })],
    [QUERY, { headers: new Headers(), url: "//[/?key=key-2" }],
    [{ kind: "verify", verify: () => 1 as unknown as boolean } as const, incoming()],
    [{ kind: "verify", verify: async () => ({ valid: false }) as unknown as boolean } as const, incoming()],
  ])("createWorkflowAuth refuses a request without the credentials of %o", async (auth, request) => {
    expect(await createWorkflowAuth(auth as WorkflowAuth)(request)).toBe(false);
  });

  test("a verify that throws does not accept the request", async () => {
    const check = createWorkflowAuth({
      kind: "verify",
      verify: () => {
        throw new Error("database");
      },
    });
    await expect(check(incoming())).rejects.toBeInstanceOf(HandlerFailedError);
  });

  test("a value that was later added to the caller's list", async () => {
    const tokens = ["token-1"];
    const check = createWorkflowAuth({ kind: "bearer", tokens });
    tokens.push("token-2");
    expect(await check(incoming({ authorization: "Bearer token-2" }))).toBe(false);
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
])("createWorkflowAuth cannot be created with %o", (auth) => {
  expect(() => createWorkflowAuth(auth as unknown as WorkflowAuth)).toThrow(ConfigurationError);
});
