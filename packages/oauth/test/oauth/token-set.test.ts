import { expect, test } from "vitest";
import { fingerprint, issuedAtMs, parseTokenSet } from "../../src/index.ts";

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

test("snake_case, with unknown fields kept", () => {
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

test("camelCase", () => {
  expect(parseTokenSet(camel, 0)).toMatchObject({
    accessToken: "a",
    refreshToken: "r",
    expiresAtMs: 86_399_000,
    userType: "Location",
    locationId: "l",
    extra: {},
  });
});

test("what is missing is left out, what is wrong is not taken", () => {
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

test("a fingerprint tells secrets apart and holds none", async () => {
  expect(await fingerprint("secret")).toMatch(/^[0-9a-f]{16}$/);
  expect(await fingerprint("secret")).toBe(await fingerprint("secret"));
  expect(await fingerprint("secret")).not.toBe(await fingerprint("secret2"));
});
