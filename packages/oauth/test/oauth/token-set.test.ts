import { expect, test } from "vitest";
import { exchangedAtMs, fingerprint, issuedAtMs, parseTokenSet } from "../../src/index.ts";

const snake = {
  access_token: "a",
  refresh_token: "r",
  token_type: "Bearer",
  expires_in: 86399,
  scope: "x.readonly y.write",
  userType: "Company",
  companyId: "c",
  userId: "u",
  approvedLocations: ["l1", "l2"],
  isBulkInstallation: true,
  installToFutureLocations: false,
  planId: "p",
  refreshTokenId: "i",
  traceId: "t",
  hashedCompanyId: "h",
  appId: { nested: 1 },
};
const camel = {
  accessToken: "a",
  refreshToken: "r",
  tokenType: "Bearer",
  expiresIn: "86399",
  scope: "x.readonly y.write",
  userType: "Location",
  companyId: "c",
  locationId: "l",
};

test("a token set is read from snake_case, with unknown fields kept", () => {
  expect(parseTokenSet(snake, 1_000)).toEqual({
    accessToken: "a",
    refreshToken: "r",
    tokenType: "Bearer",
    obtainedAtMs: 1_000,
    expiresAtMs: 86_400_000,
    scopes: ["x.readonly", "y.write"],
    userType: "Company",
    companyId: "c",
    userId: "u",
    approvedLocations: ["l1", "l2"],
    isBulkInstallation: true,
    installToFutureLocations: false,
    planId: "p",
    refreshTokenId: "i",
    traceId: "t",
    extra: { hashedCompanyId: "h", appId: { nested: 1 } },
  });
});

test("a token set is read from camelCase", () => {
  expect(parseTokenSet(camel, 0)).toMatchObject({
    accessToken: "a",
    refreshToken: "r",
    expiresAtMs: 86_399_000,
    userType: "Location",
    locationId: "l",
    extra: {},
  });
});

test("missing fields of a token set are omitted, and wrong ones are not accepted", () => {
  expect(
    parseTokenSet({ access_token: "a", refresh_token: null, expires_in: "soon", userType: "Robot", scope: 7 }, 0),
  ).toEqual({
    accessToken: "a",
    tokenType: "Bearer",
    obtainedAtMs: 0,
    expiresAtMs: 86_399_000,
    scopes: [],
    extra: {},
  });
  for (const body of [undefined, null, [], "a", {}, { access_token: "" }, { access_token: 5 }])
    expect(parseTokenSet(body, 0)).toBeUndefined();
});

test("the time of issue is read from a JWT, and from nothing else", () => {
  const payload = btoa(JSON.stringify({ iat: 1_800_000_000, name: "ÿþ" }))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  expect(issuedAtMs(`h.${payload}.s`)).toBe(1_800_000_000_000);
  for (const token of ["", "opaque", "a.b.c", `h.${btoa("{}")}.s`, `h.${btoa('{"iat":"x"}')}.s`])
    expect(issuedAtMs(token)).toBeUndefined();
});

test("a fingerprint distinguishes secrets and contains none", async () => {
  expect(await fingerprint("secret")).toMatch(/^[0-9a-f]{16}$/);
  expect(await fingerprint("secret")).toBe(await fingerprint("secret"));
  expect(await fingerprint("secret")).not.toBe(await fingerprint("secret2"));
});

test.each([
  ["a line break", { access_token: "a\r\nx-other: b" }],
  ["a space", { access_token: "a b" }],
  ["a character beyond ASCII", { access_token: "a\u00e9" }],
  ["100,000 characters", { access_token: "a".repeat(100_000) }],
  ["a refresh token with a line break", { access_token: "a", refresh_token: "r\n" }],
  ["a refresh token of 100,000 characters", { access_token: "a", refresh_token: "r".repeat(100_000) }],
])("an answer with %s is no token set", (_what, answer) => {
  expect(parseTokenSet(answer, 0)).toBeUndefined();
});

test.each([
  [1, 60_000],
  ["1e-300", 60_000],
  [60, 60_000],
  [true, 86_399_000],
  [[5], 86_399_000],
  [-1, 86_399_000],
  ["NaN", 86_399_000],
  [1e300, 86_399_000],
])("expires_in %j is a lifetime of %i ms", (expires_in, lifeMs) => {
  expect(parseTokenSet({ access_token: "a", expires_in }, 0)?.expiresAtMs).toBe(lifeMs);
});

test("unknown fields that are too large or too deep to be stored are left out", () => {
  const deep = JSON.parse("[".repeat(50_000) + "]".repeat(50_000)) as unknown;
  for (const junk of ["j".repeat(20_000), deep])
    expect(parseTokenSet({ access_token: "a", junk }, 0)).toMatchObject({ accessToken: "a", extra: {} });
});

test("the time of an exchange is the token's own, unless it is more than a day from the request's", () => {
  const obtainedAtMs = 1_800_000_000_000;
  const at = (iat: unknown) =>
    exchangedAtMs({ accessToken: `h.${btoa(JSON.stringify({ iat }))}.s`, obtainedAtMs }) - obtainedAtMs;
  expect([1_800_000_060, 1_799_990_000].map(at)).toEqual([60_000, -10_000_000]);
  // milliseconds in place of seconds, the epoch, days to come
  expect([1_800_000_000_000, 0, 1_800_200_000, "x"].map(at)).toEqual([0, 0, 0, 0]);
});
