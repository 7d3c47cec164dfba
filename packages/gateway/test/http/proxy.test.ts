import { describe, expect, it } from "vitest";
import { call, installLocation, keyed, readContact, upstream, wideKeyed } from "../support/calls/gateway.ts";
import { ADMIN_KEY, API_KEY, APP, COMPANY, LOCATIONS, WIDE_APP } from "../support/setup/settings.ts";

const [L, OTHER, COLD] = LOCATIONS as [string, string, string];

describe("proxy", () => {
  it("the proxy puts token and Version on, and passes HighLevel's answer on", async () => {
    await installLocation(L);
    const before = (await upstream.log()).length;
    const response = await readContact(L);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ contact: { locationId: L } });
    expect(response.headers.get("x-ratelimit-max")).toBe("5000");
    expect(response.headers.get("x-gateway-wait-ms")).toMatch(/^\d+$/);
    expect((await upstream.log()).slice(before)).toMatchObject([
      { operation: "v3.contacts.getContact", version: "v3", resource: { kind: "location", id: L }, status: 200 },
    ]);
  });

  it("the proxy streams a body up and down, and strips cookies and the identity of the caller", async () => {
    await installLocation(L);
    const chunk = new Uint8Array(64 * 1024);
    let left = 16;
    const body = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const response = await call(`/api/location/${L}/medias/upload-file`, {
      method: "POST",
      headers: {
        ...keyed,
        cookie: "a=1",
        "cf-ray": "x",
        "x-forwarded-for": "203.0.113.1",
        "content-type": "text/plain",
      },
      body,
    });
    const { headers, bytes } = (await response.json()) as { headers: Record<string, string>; bytes: number };
    expect(bytes).toBe(1024 * 1024);
    expect(headers["content-type"]).toBe("text/plain");
    for (const name of ["cookie", "cf-ray", "x-forwarded-for"]) expect(headers).not.toHaveProperty(name);
    expect(headers.authorization).not.toContain(API_KEY);
    expect(response.headers.has("set-cookie")).toBe(false);
    expect(response.headers.get("x-ratelimit-remaining")).toBe("7");
    expect(response.headers.get("x-gateway-wait-ms")).not.toBe("forged");
  });

  it("the proxy passes a multipart upload on as it is, boundary and all", async () => {
    await installLocation(L);
    const form = new FormData();
    form.set("name", "logo");
    form.set("file", new Blob([new Uint8Array(300_000).fill(7)], { type: "image/png" }), "logo.png");
    const sent = new Response(form);
    const type = sent.headers.get("content-type")!;
    const body = await sent.arrayBuffer();
    const headers = { ...keyed, "content-type": type };
    const response = await call(`/api/location/${L}/medias/upload-file`, { method: "POST", headers, body });
    const seen = (await response.json()) as { headers: Record<string, string>; bytes: number; sha256: string };
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
    expect([seen.headers["content-type"], seen.bytes, seen.sha256]).toEqual([
      type,
      body.byteLength,
      Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    ]);
  });

  it("the proxy passes the beginning of an answer on before its end, binary as it is", async () => {
    await installLocation(L);
    await upstream.answer("slow-binary", [{ status: 200, body: "", binaryUntilRelease: 70_000 }]);
    const response = await call(`/api/location/${L}/contacts/slow-binary`, { headers: keyed });
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    const reader = response.body!.getReader();
    const first = await reader.read();
    expect([first.done, first.value?.[0]]).toEqual([false, 255]);
    let bytes = first.value!.byteLength;
    // Only now does HighLevel send the rest.
    await upstream.release();
    for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.byteLength;
    expect(bytes).toBe(70_000 + 1);
  });

  it("the proxy leaves the caller's Version alone, and chooses the generation by it", async () => {
    await installLocation(L);
    await call(`/api/location/${L}/contacts/c1`, { headers: { ...keyed, version: "2021-07-28" } });
    expect((await upstream.log()).at(-1)).toMatchObject({ operation: "v2.contacts.getContact", version: "2021-07-28" });
  });

  it("the proxy passes HighLevel's own errors untouched", async () => {
    await installLocation(L);
    const response = await call(`/api/location/${L}/locations/${OTHER}`, { headers: keyed });
    expect(response.status).toBe(403);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(await response.json()).toEqual({
      statusCode: 403,
      message: "The token does not have access to this location.",
      error: "Forbidden",
    });
  });
});

describe("headers", () => {
  it("headers of the caller reach HighLevel by a list, and headers about HighLevel's host are removed from answers", async () => {
    await installLocation(L);
    const response = await call(`/api/location/${L}/medias/upload-file`, {
      method: "POST",
      headers: {
        ...keyed,
        "accept-language": "de",
        "if-match": '"1"',
        "content-type": "text/plain",
        origin: "https://page.example",
        referer: "https://page.example/a?secret=1",
        via: "1.1 proxy.example",
        "x-http-method-override": "DELETE",
        "x-trace": "1",
      },
      body: "x",
    });
    const { headers } = (await response.json()) as { headers: Record<string, string> };
    expect(headers).toMatchObject({ "accept-language": "de", "if-match": '"1"', "content-type": "text/plain" });
    for (const name of ["origin", "referer", "via", "x-http-method-override", "x-trace"])
      expect(headers).not.toHaveProperty(name);
    for (const name of ["strict-transport-security", "alt-svc", "access-control-allow-origin", "refresh"])
      expect(response.headers.has(name), name).toBe(false);
  });

  it("headers that an app's configuration names are sent to HighLevel, too", async () => {
    await installLocation(L, WIDE_APP);
    const response = await call(`/api/location/${L}/medias/upload-file`, {
      method: "POST",
      headers: { ...wideKeyed, "x-trace": "1", "x-other": "1" },
      body: "x",
    });
    const { headers } = (await response.json()) as { headers: Record<string, string> };
    expect([headers["x-trace"], headers["x-other"]]).toEqual(["1", undefined]);
  });

  it("headers forbid every cache to store a customer's data, a problem or an operator's answer", async () => {
    await installLocation(L);
    const answers = [
      await readContact(L),
      await call(`/api/location/${L}/admin/secrets`, { headers: keyed }),
      await call("/admin/apps", { headers: { authorization: `Bearer ${ADMIN_KEY}` } }),
      await call("/admin/apps"),
      await call("/nowhere"),
      await call("/healthz"),
      await call(`/webhooks/${APP}`, { method: "POST", body: "{}" }),
      await call(`/marketplace/payments/${APP}`, { method: "POST", body: "{}" }),
      await call(`/oauth/install?app=${APP}`),
    ];
    expect(answers.map(({ headers }) => headers.get("cache-control"))).toEqual(answers.map(() => "no-store"));
    await upstream.answer("cacheable", [{ status: 200, body: "{}", headers: { "cache-control": "max-age=60" } }]);
    const cacheable = await call(`/api/location/${L}/contacts/cacheable`, { headers: keyed });
    expect(cacheable.headers.get("cache-control")).toBe("max-age=60");
  });
});

describe("a 401 whose body never ends", () => {
  const endless = { status: 401, body: '{"message":"Invalid', endlessUntilRelease: true } as const;
  const read = (): Promise<Response> =>
    call(`/api/location/${L}/contacts/endless`, { headers: { ...keyed, "x-gateway-max-wait": "1" } });

  // These end only because the read of that body has a time.
  it("a 401 whose body never ends has unknown words: another token is tried in the time that is left", async () => {
    await installLocation(L);
    await upstream.answer("endless", [endless]);
    const response = await read();
    expect([response.status, response.headers.get("x-gateway-retries")]).toEqual([200, "1"]);
    await upstream.release();
  });

  it("a 401 whose body never ends and that comes again is passed on as it is", async () => {
    await upstream.answer("endless", [endless, endless]);
    const response = await read();
    expect(response.status).toBe(401);
    await upstream.release();
    expect(await response.text()).toBe(endless.body);
  });
});

describe("a refusal of the gateway itself", () => {
  const at = `/api/location/${L}`;
  it.each<[string, string, RequestInit, number, string]>([
    ["no key", `${at}/contacts/c1`, {}, 401, "ERR_GHL_GATEWAY_API_KEY_MISSING"],
    [
      "a wrong key",
      `${at}/contacts/c1`,
      { headers: { "x-gateway-key": "nope" } },
      401,
      "ERR_GHL_GATEWAY_API_KEY_UNKNOWN",
    ],
    ["an unknown operation", `${at}/admin/secrets`, { headers: keyed }, 404, "ERR_GHL_GATEWAY_OPERATION_UNKNOWN"],
    [
      "an unknown method",
      `${at}/contacts/c1`,
      { method: "PATCH", headers: keyed },
      404,
      "ERR_GHL_GATEWAY_OPERATION_UNKNOWN",
    ],
    ["a double slash", `${at}//evil.example/x`, { headers: keyed }, 400, "ERR_GHL_GATEWAY_PATH_REFUSED"],
    ["an encoded slash", `${at}/contacts/..%2foauth`, { headers: keyed }, 400, "ERR_GHL_GATEWAY_PATH_REFUSED"],
    [
      "the token endpoint",
      `${at}/oauth/token`,
      { method: "POST", headers: keyed },
      403,
      "ERR_GHL_GATEWAY_OPERATION_REFUSED",
    ],
    [
      "minting",
      `/api/company/${COMPANY}/oauth/location-token`,
      { method: "POST", headers: keyed },
      403,
      "ERR_GHL_GATEWAY_OPERATION_REFUSED",
    ],
    [
      "a company's token for a contact",
      `/api/company/${COMPANY}/contacts/c1`,
      { headers: keyed },
      403,
      "ERR_GHL_GATEWAY_TOKEN_TYPE",
    ],
    [
      "a location without the app",
      `/api/location/${COLD}/contacts/c1`,
      { headers: keyed },
      404,
      "ERR_GHL_GATEWAY_NOT_INSTALLED",
    ],
    ["an unknown route", "/nowhere", { headers: keyed }, 404, "ERR_GHL_GATEWAY_ROUTE_UNKNOWN"],
  ])("the gateway refuses %s by itself", async (_what, path, init, status, code) => {
    const before = (await upstream.log()).length;
    const response = await call(path, init);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({
      type: expect.stringMatching(new RegExp(`/docs/errors\\.md#${code.toLowerCase()}$`)) as unknown,
      status,
      code,
    });
    expect([response.status, problem.requestId]).toEqual([status, response.headers.get("x-gateway-request-id")]);
    expect((await upstream.log()).length).toBe(before);
  });

  it("a path with dot segments never reaches HighLevel as another path", async () => {
    const before = (await upstream.log()).length;
    for (const path of ["/../../oauth/token", "/%2e%2e/%2e%2e/oauth/token", "/contacts/../../x"])
      expect((await call(at + path, { headers: keyed })).status).toBeGreaterThanOrEqual(400);
    expect((await upstream.log()).length).toBe(before);
  });
});

it("the health route answers without any configuration being read", async () => {
  expect(await (await call("/healthz")).json()).toEqual({ ok: true });
});
