import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, expect, test } from "vitest";
import {
  AnswerError,
  ConfigurationError,
  createOAuthClient,
  NetworkError,
  type OAuthClient,
  type OAuthClientOptions,
  PaginationError,
  TimeoutError,
} from "../../src/index.ts";

const SECRETS = ["secret-of-the-app", "refresh-secret", "access-secret", "code-secret"];
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

async function serve(
  answer: (seen: Seen, response: Parameters<RequestListener>[1]) => void,
  options: Partial<OAuthClientOptions> = {},
): Promise<{ client: OAuthClient; seen: Seen[]; baseUrl: string; stop: () => Promise<void> }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const entry = { method: request.method!, url: new URL(request.url!, "http://x"), headers: request.headers, body };
    seen.push(entry);
    answer(entry, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  closing.push(() => void stop());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    client: createOAuthClient({
      clientId: "0123456789abcdef01234567-abc",
      clientSecret: "secret-of-the-app",
      redirectUri: "https://app.test/cb",
      baseUrl,
      ...options,
    }),
    seen,
    baseUrl,
    stop,
  };
}

const json = (response: Parameters<RequestListener>[1], status: number, body: unknown): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};
const tokens = {
  access_token: "access-secret",
  refresh_token: "refresh-secret",
  expires_in: 86399,
  userType: "Location",
  locationId: "l",
};

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

const all = Array.from({ length: 250 }, (_none, index) => ({
  _id: `l${index}`,
  name: `Location ${index}`,
  other: index,
}));
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

test("installed locations of 2021-07-28: by offset, each once although the order changes between pages", async () => {
  let turn = 0;
  const { client, seen } = await serve(({ url }, response) => {
    // Every other page is read from a list that has turned, so that items come twice and others not at all.
    const list = turn++ === 1 ? [...all.slice(7), ...all.slice(0, 7)] : all;
    const skip = Number(url.searchParams.get("skip"));
    json(response, 200, {
      locations: list.slice(skip, skip + Number(url.searchParams.get("limit"))),
      count: list.length,
    });
  });
  const found = await collect(
    client.installedLocations({ companyId: "c", accessToken: "access-secret", isInstalled: true }),
  );
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set(all.map(({ _id }) => _id)));
  expect(found).toHaveLength(250);
  expect(found[0]).toEqual({ id: "l0", _id: "l0", name: "Location 0", other: 0 });
  expect(Object.fromEntries(seen[0]!.url.searchParams)).toEqual({
    companyId: "c",
    appId: "0123456789abcdef01234567",
    isInstalled: "true",
    skip: "0",
    limit: "100",
  });
});

test("installed locations of v3 are read by page token", async () => {
  const { client, seen } = await serve(({ url }, response) => {
    const at = Number(url.searchParams.get("pageToken") ?? 0);
    const next = at + 100;
    json(response, 200, {
      items: all.slice(at, next),
      pagination: { hasNextPage: next < 250, ...(next < 250 ? { nextPageToken: String(next) } : {}) },
    });
  });
  const found = await collect(
    client.installedLocations({ companyId: "c", accessToken: "access-secret", apiVersion: "v3" }),
  );
  expect(found).toHaveLength(250);
  expect(seen.map(({ url, headers }) => [url.pathname, url.searchParams.get("pageToken"), headers.version])).toEqual([
    ["/oauth/installed-locations", null, "v3"],
    ["/oauth/installed-locations", "100", "v3"],
    ["/oauth/installed-locations", "200", "v3"],
  ]);
});

test("a server that repeats a page token, or never says the end, does not hold us for ever", async () => {
  const v3 = await serve((_seen, response) =>
    json(response, 200, { items: all.slice(0, 2), pagination: { nextPageToken: "same" } }),
  );
  await expect(
    collect(v3.client.installedLocations({ companyId: "c", accessToken: "a", apiVersion: "v3" })),
  ).rejects.toThrow(PaginationError);
  const v2 = await serve((_seen, response) => json(response, 200, { locations: [], count: 9 }));
  expect(await collect(v2.client.installedLocations({ companyId: "c", accessToken: "a" }))).toEqual([]);
  expect(v2.seen.length).toBeLessThanOrEqual(3);
});

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error,
  );
}

test("errors carry class, status, endpoint, trace and waiting time, and no secret", async () => {
  const { client } = await serve((_seen, response) =>
    json(response.setHeader("retry-after", "7"), 429, { message: "refresh-secret access-secret", traceId: "t1" }),
  );
  const error = (await failure(client.refresh("refresh-secret"))) as AnswerError;
  expect(error).toBeInstanceOf(AnswerError);
  expect(error).toMatchObject({
    kind: "retryable",
    code: "ERR_GHL_RATE_LIMITED",
    status: 429,
    endpoint: "POST /oauth/token",
    retryAfterMs: 7_000,
    traceId: "t1",
  });
  for (const secret of SECRETS)
    for (const text of [JSON.stringify(error), inspect(error, { depth: 9, showHidden: true }), error.stack])
      expect(text).not.toContain(secret);
});

test("no secret is in what a client or a failed connection shows", async () => {
  const client = createOAuthClient({
    clientId: "0123456789abcdef01234567-abc",
    clientSecret: "secret-of-the-app",
    fetch: async (request) => {
      throw new Error(`${request.url} ${await request.text()}`);
    },
  });
  const error = await failure(client.exchangeCode("code-secret"));
  expect(error).toBeInstanceOf(NetworkError);
  for (const secret of SECRETS)
    for (const text of [JSON.stringify([client, error]), inspect([client, error], { depth: 9, showHidden: true })])
      expect(text).not.toContain(secret);
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

test("a redirect is not followed, a cut answer is ambiguous", async () => {
  const moved = await serve((_seen, response) => response.writeHead(307, { location: "https://evil.test/" }).end());
  expect(await failure(moved.client.refresh("refresh-secret"))).toMatchObject({
    code: "ERR_GHL_REDIRECTED",
    kind: "retryable",
    ambiguous: true,
  });
  expect(moved.seen).toHaveLength(1);
  const html = await serve((_seen, response) => response.end("<html>"));
  expect(await failure(html.client.refresh("r"))).toMatchObject({ code: "ERR_GHL_CUT_ANSWER", ambiguous: true });
  const empty = await serve((_seen, response) => response.end("{}"));
  expect(await failure(empty.client.refresh("r"))).toMatchObject({ code: "ERR_GHL_CUT_ANSWER", ambiguous: true });
  const cut = await serve((_seen, response) => {
    response.writeHead(200, { "content-length": "500" }).write('{"access_token":"x"');
    response.destroy();
  });
  expect(await failure(cut.client.refresh("r"))).toBeInstanceOf(NetworkError);
});

test("the time-out covers the body, and holds although fetch does not heed its signal", async () => {
  const slow = await serve((_seen, response) => {
    response.writeHead(200).write("{");
  });
  expect(await failure(slow.client.refresh("r", { timeoutMs: 50 }))).toBeInstanceOf(TimeoutError);
  const deaf = createOAuthClient({
    clientId: "a",
    clientSecret: "b",
    fetch: () => new Promise(() => {}),
    sleep: async () => {},
  });
  expect(await failure(deaf.refresh("r"))).toMatchObject({ code: "ERR_GHL_TIMEOUT", timeoutMs: 6_000 });
});

test("an answer that never ends in size is given up, whatever its status", async () => {
  const endless = (status: number) =>
    serve((_seen, response) => {
      response.writeHead(status);
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
  const well = await endless(200);
  expect(await failure(well.client.refresh("r"))).toMatchObject({ code: "ERR_GHL_CUT_ANSWER", ambiguous: true });
  const refused = await endless(400);
  expect(await failure(refused.client.refresh("r"))).toMatchObject({ code: "ERR_GHL_UNKNOWN_ANSWER" });
});

test("an error's message and JSON stay short, whatever the answer says", async () => {
  const long = "x".repeat(1_000_000);
  const { client } = await serve((_seen, response) => json(response, 400, { message: long, traceId: long }));
  const error = await failure(client.refresh("r"));
  expect(JSON.stringify(error).length).toBeLessThan(1_000);
});

test("a failed connection is named by method, path, host and the platform's code", async () => {
  const closed = await serve(() => {});
  const { host } = new URL(closed.baseUrl);
  await closed.stop();
  const error = await failure(closed.client.refresh("refresh-secret"));
  expect(error).toBeInstanceOf(NetworkError);
  expect((error as Error).message).toBe(`POST /oauth/token on ${host}: no whole answer came (ECONNREFUSED)`);
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

test.each([
  ["2021-07-28", { locations: [{ _id: "l1" }], count: 1e9 }],
  ["2021-07-28", { locations: Array.from({ length: 100 }, (_, index) => ({ _id: `l${index}` })) }],
  ["v3", { items: [{ _id: "l1" }], pagination: {} }],
  ["v3", { items: [], pagination: {} }],
] as const)("a list of locations in %s that has no end ends with an error", async (apiVersion, page) => {
  let requests = 0;
  const { client } = await serve((_seen, response) => {
    requests += 1;
    json(response, 200, "pagination" in page ? { ...page, pagination: { nextPageToken: `p${requests}` } } : page);
  });
  await expect(collect(client.installedLocations({ companyId: "c", accessToken: "a", apiVersion }))).rejects.toThrow(
    PaginationError,
  );
  expect(requests).toBeLessThan(30);
});

test("an answer that is nested deeper than anybody could store it is a cut one", async () => {
  const body = `{"access_token":"a","refresh_token":"r","more":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
  const { client } = await serve((_seen, response) => response.end(body));
  await expect(client.refresh("refresh-secret")).rejects.toMatchObject({ code: "ERR_GHL_CUT_ANSWER" });
});
