import { expect, test } from "vitest";
import { type AnswerError, ConfigurationError, createOAuthClient, type OAuthClientOptions } from "../../src/index.ts";
import { failure, json, serve, tokens } from "./oauth-server.ts";

test("codes and refresh tokens are sent as snake_case forms without Version", async () => {
  const { client, seen } = await serve((_seen, response) => json(response, 200, tokens));
  expect((await client.exchangeCode("code-secret", { userType: "Location" })).locationId).toBe("l");
  await client.refresh("refresh-secret");
  expect(seen.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
    "POST /oauth/token",
    "POST /oauth/token",
  ]);
  const common = {
    client_id: "0123456789abcdef01234567-abc",
    client_secret: "secret-of-the-app",
    redirect_uri: "https://app.test/cb",
  };
  expect(Object.fromEntries(new URLSearchParams(seen[0]!.body))).toEqual({
    ...common,
    grant_type: "authorization_code",
    code: "code-secret",
    user_type: "Location",
  });
  expect(Object.fromEntries(new URLSearchParams(seen[1]!.body))).toEqual({
    ...common,
    grant_type: "refresh_token",
    refresh_token: "refresh-secret",
  });
  for (const { headers } of seen) {
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(headers).not.toHaveProperty("version");
    expect(headers).not.toHaveProperty("authorization");
  }
});

test("location tokens can be requested in both API versions, and any 2xx is a success", async () => {
  const { client, seen } = await serve((_seen, response) => json(response, 201, tokens));
  const request = { companyAccessToken: "access-secret", companyId: "c", locationId: "l" };
  await client.locationToken(request);
  await client.locationToken({ ...request, apiVersion: "v3" });
  expect(seen.map(({ url, headers, body }) => [url.pathname, headers.version, headers.authorization, body])).toEqual([
    ["/oauth/locationToken", "2021-07-28", "Bearer access-secret", "companyId=c&locationId=l"],
    ["/oauth/location-token", "v3", "Bearer access-secret", "companyId=c&locationId=l"],
  ]);
});

test("an uninstall sends the resource and the reason, and the token as its credential", async () => {
  const { client, seen } = await serve((_seen, response) => json(response, 200, { success: true }));
  await client.uninstall({ accessToken: "access-secret", resource: { kind: "location", id: "l" }, reason: "moved" });
  expect(seen[0]).toMatchObject({ method: "DELETE", body: JSON.stringify({ locationId: "l", reason: "moved" }) });
  expect(seen[0]!.url.pathname).toBe("/marketplace/app/0123456789abcdef01234567/installations");
});

test("a fetch gets one whole request, so that a service binding's works, and any other does not compile", async () => {
  const seen: Request[] = [];
  const options = { clientId: "0123-abc", clientSecret: "secret-of-the-app" };
  const client = createOAuthClient({
    ...options,
    fetch: async (request: Request, ...rest: unknown[]) => {
      expect(rest).toEqual([]);
      seen.push(request);
      return new Response("{}", { status: 400 });
    },
  });
  await failure(client.refresh("refresh-secret"));
  expect([seen[0]!.method, seen[0]!.redirect]).toEqual(["POST", "manual"]);
  expect(seen[0]!.headers.get("content-type")).toBe("application/x-www-form-urlencoded");
  expect(new URLSearchParams(await seen[0]!.text()).get("refresh_token")).toBe("refresh-secret");
  // @ts-expect-error who takes a URL would lose method, headers and body
  createOAuthClient({ ...options, fetch: (url: string) => fetch(url) });
  // @ts-expect-error there is no second argument to take them from
  createOAuthClient({ ...options, fetch: (url, init: RequestInit) => fetch(url, init) });
});

test.each([
  ["120", 120_000],
  ["Fri, 15 Jan 2027 08:00:30 GMT", 30_000],
  ["Fri, 15 Jan 2027 07:00:00 GMT", 0],
  ["5 apples", undefined],
  ["2027", 2_027_000],
  ["soon", undefined],
  ["", undefined],
  ["9".repeat(400), undefined],
])("Retry-After %j is %j ms", async (value, expected) => {
  const { client } = await serve((_seen, response) => json(response.setHeader("retry-after", value), 429, {}), {
    now: () => 1_800_000_000_000,
  });
  const error = (await failure(client.refresh("r"))) as AnswerError;
  expect(error.retryAfterMs).toBe(expected);
});

test("an abort is passed on with its reason", async () => {
  const { client, seen } = await serve(() => {});
  const reason = new Error("changed my mind");
  const controller = new AbortController();
  const work = failure(client.refresh("r", { signal: controller.signal }));
  controller.abort(reason);
  expect(await work).toBe(reason);
  expect(await failure(client.refresh("r", { signal: AbortSignal.abort(reason) }))).toBe(reason);
  expect(seen.length).toBeLessThanOrEqual(1);
});

test.each<readonly [OAuthClientOptions]>([
  [{ clientId: "", clientSecret: "x" }],
  [{ clientId: "x", clientSecret: "" }],
  [{ clientId: "x", clientSecret: "y", redirectUri: "nowhere" }],
  [{ clientId: "x", clientSecret: "y", baseUrl: "http://services.leadconnectorhq.com" }],
  [{ clientId: "x", clientSecret: "y", baseUrl: "https://a@b.test" }],
  [{ clientId: "x", clientSecret: "y", baseUrl: "https://b.test/?q" }],
  ...[Number.NaN, 0, -1, Number.POSITIVE_INFINITY, 2 ** 31, "6000" as unknown as number].map(
    (timeoutMs) => [{ clientId: "x", clientSecret: "y", timeoutMs }] as const,
  ),
])("%o is refused before anything is sent", (options) => {
  expect(() => createOAuthClient(options)).toThrow(ConfigurationError);
});

test("a time-out of one call that cannot be one is refused before anything is sent", async () => {
  const { client, seen } = await serve(() => {});
  expect(await failure(client.refresh("r", { timeoutMs: Number.NaN }))).toMatchObject({
    code: "ERR_GHL_CONFIGURATION",
    message: "timeoutMs must be a number above 0 and at most 2147483647, got NaN",
  });
  const listing = client.installedLocations({ companyId: "c", accessToken: "a", pageSize: Number.NaN });
  expect(await failure(listing.next())).toBeInstanceOf(ConfigurationError);
  expect(seen).toEqual([]);
});

test("the install link of a client leads to where its requests go", async () => {
  const link = { scopes: ["contacts.readonly"] };
  const { client, baseUrl } = await serve(() => {});
  expect(client.authorizeUrl(link)).toMatch(`${baseUrl}/v2/oauth/chooselocation?`);
  const real = createOAuthClient({ clientId: "x", clientSecret: "y", redirectUri: "https://app.test/cb" });
  expect(real.authorizeUrl(link)).toMatch("https://marketplace.gohighlevel.com/v2/oauth/chooselocation?");
});
