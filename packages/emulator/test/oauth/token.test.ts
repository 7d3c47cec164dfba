import { describe, expect, test } from "vitest";
import { DEFAULT_APP, DEFAULT_COMPANY, fingerprint } from "../../src/index.ts";
import { ask, clockedEmulator, codeFor, installApp, json, LOCATION, refresh, tokenRequest } from "../support.ts";

const INVALID_GRANT = { statusCode: 400, message: "Invalid grant: refresh token is invalid" };

describe("code exchange", () => {
  test("a code is exchanged for a location's tokens", async () => {
    const { emulator } = clockedEmulator();
    const tokens = await installApp(emulator);
    expect(tokens).toMatchObject({
      token_type: "Bearer",
      expires_in: 86_399,
      userType: "Location",
      locationId: LOCATION,
      companyId: DEFAULT_COMPANY.id,
      isBulkInstallation: false,
    });
  });

  test("code exchange answers a company's tokens without a location, with those it may mint for", async () => {
    const { emulator } = clockedEmulator();
    const tokens = await installApp(emulator, { companyId: DEFAULT_COMPANY.id });
    expect(tokens).toMatchObject({
      userType: "Company",
      isBulkInstallation: true,
      approvedLocations: DEFAULT_COMPANY.locations.map(({ id }) => id),
    });
    expect(tokens).not.toHaveProperty("locationId");
  });

  test("a code is accepted once", async () => {
    const { emulator } = clockedEmulator();
    const code = await codeFor(emulator, { locationId: LOCATION });
    const exchange = () => tokenRequest(emulator, { grant_type: "authorization_code", code });
    expect((await exchange()).status).toBe(200);
    const again = await exchange();
    expect(again.status).toBe(401);
    expect(await again.json()).toEqual({
      error: "UnAuthorized!",
      error_description: "Authorization code not found",
    });
  });

  test("a token request gets no scope that was not granted, and a refused one spends neither code nor refresh token", async () => {
    const { emulator } = clockedEmulator();
    const code = await codeFor(emulator, { locationId: LOCATION });
    const exchange = (scope: string) => tokenRequest(emulator, { grant_type: "authorization_code", code, scope });
    expect((await exchange("contacts.readonly users.write")).status).toBe(400);
    const tokens = await json(exchange("contacts.readonly"));
    const refreshed = (scope: string) =>
      tokenRequest(emulator, { grant_type: "refresh_token", refresh_token: String(tokens.refresh_token), scope });
    const refused = await refreshed("contacts.read");
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { statusCode: 400, message: "Invalid parameter: scope" },
    ]);
    expect((await refreshed("contacts.readonly")).status).toBe(200);
  });

  test("a wrong secret does not spend the code", async () => {
    const { emulator } = clockedEmulator();
    const code = await codeFor(emulator, { locationId: LOCATION });
    const wrong = await tokenRequest(emulator, { grant_type: "authorization_code", code, client_secret: "wrong" });
    expect(wrong.status).toBe(401);
    expect((await tokenRequest(emulator, { grant_type: "authorization_code", code })).status).toBe(200);
  });

  test("a code exchange reads JSON with camelCase names too", async () => {
    const { emulator } = clockedEmulator();
    const code = await codeFor(emulator, { locationId: LOCATION });
    const response = await ask(emulator, "/oauth/token", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...DEFAULT_APP, grantType: "authorization_code", code }),
    });
    expect(response.status).toBe(200);
  });

  test.each([
    [{ grant_type: "" }, "Missing parameter: grantType"],
    [{ grant_type: "client_credentials" }, "Invalid parameter: grantType"],
    [{ grant_type: "refresh_token" }, "Missing parameter: refreshToken"],
    [{ grant_type: "authorization_code" }, "Missing parameter: code"],
    [{ client_id: "" }, "Missing parameter: clientId"],
  ])("code exchange refuses %j", async (fields, message) => {
    const { emulator } = clockedEmulator();
    const response = await tokenRequest(emulator, fields as Record<string, string>);
    expect([response.status, await response.json()]).toEqual([400, { statusCode: 400, message }]);
  });
});

describe("refresh", () => {
  test("a refresh token rotates, and the old one is dead after the grace", async () => {
    const { emulator, clock } = clockedEmulator();
    const { refresh_token: first } = await installApp(emulator);
    const second = (await json(refresh(emulator, first))).refresh_token as string;
    expect(second).not.toBe(first);
    clock.nowMs += 30_000;
    const late = await refresh(emulator, first);
    expect([late.status, await late.json()]).toEqual([400, INVALID_GRANT]);
    expect((await refresh(emulator, second)).status).toBe(200);
  });

  test("a refresh answers the same successor within the grace", async () => {
    const { emulator, clock } = clockedEmulator();
    const { refresh_token: first } = await installApp(emulator);
    const second = (await json(refresh(emulator, first))).refresh_token;
    clock.nowMs += 29_999;
    expect((await json(refresh(emulator, first))).refresh_token).toBe(second);
  });

  test("a second use of a refresh token is refused at once without a grace", async () => {
    const { emulator } = clockedEmulator({ refreshGraceMs: 0 });
    const { refresh_token: first } = await installApp(emulator);
    await refresh(emulator, first);
    expect((await refresh(emulator, first)).status).toBe(400);
  });

  test("a paused location keeps its token", async () => {
    const { emulator } = clockedEmulator();
    const { refresh_token: token } = await installApp(emulator);
    emulator.setActive(LOCATION, false);
    expect((await json(refresh(emulator, token))).message).toBe("Location is not active");
    emulator.setActive(LOCATION, true);
    expect((await refresh(emulator, token)).status).toBe(200);
  });
});

test("the log has the grant type and a fingerprint, never a token", async () => {
  const { emulator } = clockedEmulator();
  const { refresh_token: token } = await installApp(emulator);
  await refresh(emulator, token);
  expect(emulator.log.at(-1)).toEqual({
    atMs: 1_780_000_000_000,
    method: "POST",
    path: "/oauth/token",
    status: 200,
    clientId: DEFAULT_APP.clientId,
    grantType: "refresh_token",
    resource: { kind: "location", id: LOCATION },
    tokenFingerprint: await fingerprint(token),
  });
  expect(JSON.stringify(emulator.log)).not.toContain(token);
});
