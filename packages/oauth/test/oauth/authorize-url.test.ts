import fc from "fast-check";
import { expect, test } from "vitest";
import {
  authorizeUrl,
  CallbackError,
  ConfigurationError,
  createOAuthClient,
  createState,
  parseCallback,
  WHITE_LABEL_HOST,
} from "../../src/index.ts";
import { PROPERTY_TIMEOUT_MS } from "../property/runs.ts";

const app = {
  clientId: "0123456789abcdef01234567-abcdefgh",
  redirectUri: "https://app.test/oauth/callback",
  scopes: ["contacts.readonly", "oauth.write"],
};

test("the URL leads to the current page or the classic one, at HighLevel's host or a white-label one", () => {
  const query =
    "response_type=code&client_id=0123456789abcdef01234567-abcdefgh&redirect_uri=https%3A%2F%2Fapp.test%2Foauth%2Fcallback&scope=contacts.readonly%20oauth.write";
  expect(authorizeUrl(app)).toBe(`https://marketplace.gohighlevel.com/v2/oauth/chooselocation?${query}`);
  expect(authorizeUrl({ ...app, page: "classic" })).toBe(
    `https://marketplace.gohighlevel.com/oauth/chooselocation?${query}`,
  );
  expect(authorizeUrl({ ...app, host: WHITE_LABEL_HOST })).toBe(
    `https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation?${query}`,
  );
});

test("the URL carries version, login mode and state", () => {
  const query = new URL(authorizeUrl({ ...app, versionId: "v1", loginWindowOpenMode: "self", state: "a b&c" }))
    .searchParams;
  expect(Object.fromEntries(query)).toMatchObject({ version_id: "v1", loginWindowOpenMode: "self", state: "a b&c" });
});

test("a pasted install link keeps what it says", () => {
  const installUrl =
    "https://marketplace.leadconnectorhq.com/oauth/chooselocation?response_type=code&redirect_uri=https%3A%2F%2Fa.test%2Fcb&client_id=id-x&scope=a.readonly+b.write&version_id=v9&extra=1";
  const url = new URL(authorizeUrl({ installUrl, state: "s" }));
  expect(url.host + url.pathname).toBe("marketplace.leadconnectorhq.com/oauth/chooselocation");
  expect(Object.fromEntries(url.searchParams)).toEqual({
    response_type: "code",
    redirect_uri: "https://a.test/cb",
    client_id: "id-x",
    scope: "a.readonly b.write",
    version_id: "v9",
    extra: "1",
    state: "s",
  });
  const client = createOAuthClient({ ...app, clientSecret: "s" });
  expect(new URL(client.authorizeUrl({ installUrl })).searchParams.get("client_id")).toBe("id-x");
  expect(new URL(client.authorizeUrl({ scopes: ["x"] })).searchParams.get("redirect_uri")).toBe(app.redirectUri);
});

test.each([
  [{ ...app, clientId: undefined }],
  [{ ...app, scopes: [] }],
  [{ ...app, redirectUri: undefined }],
  [{ ...app, host: "http://marketplace.gohighlevel.com" }],
  [{ ...app, host: "not a host" }],
  [{ installUrl: "javascript:alert(1)" }],
  [{ installUrl: "https://marketplace.gohighlevel.com/oauth/chooselocation" }],
])("%o is refused", (options) => {
  expect(() => authorizeUrl(options)).toThrow(ConfigurationError);
});

test("any state survives the way there and back", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (state) => {
      const sent = new URL(authorizeUrl({ ...app, state })).searchParams.get("state")!;
      const back = new URL(app.redirectUri);
      back.searchParams.set("code", "c");
      back.searchParams.set("state", sent);
      expect(parseCallback(back, sent)).toEqual({ code: "c", state: sent });
    }),
  );
});

test("a callback without code, or with another state, is refused", () => {
  expect(() => parseCallback("https://app.test/cb?state=s", "s")).toThrow(CallbackError);
  expect(() => parseCallback("https://app.test/cb?code=c", "s")).toThrow(CallbackError);
  expect(() => parseCallback("https://app.test/cb?code=c&state=t", "s")).toThrow(CallbackError);
  expect(() => parseCallback("/cb?code=c&state=s", "s")).toThrow(CallbackError);
  expect(parseCallback("https://app.test/cb?code=c", undefined)).toEqual({ code: "c" });
});

test("states are long and do not repeat", () => {
  const states = Array.from({ length: 100 }, createState);
  expect(new Set(states).size).toBe(100);
  for (const state of states) expect(state).toMatch(/^[\w-]{43}$/);
});
