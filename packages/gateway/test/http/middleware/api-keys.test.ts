import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ApiKey } from "../../../src/domain/administration-model.ts";
import { STALE_KEY_MS } from "../../../src/platform/recent.ts";
import { admin, administer, codeOf } from "../../support/calls/admin.ts";
import { call, installLocation, keyed, upstream } from "../../support/calls/gateway.ts";
import { APP, LOCATIONS } from "../../support/setup/settings.ts";

const [ONE, TWO] = LOCATIONS.slice(20) as [string, string];

afterEach(() => {
  vi.useRealTimers();
});

interface Created {
  readonly key: string;
  readonly apiKey: ApiKey;
}

const create = (query: object): Promise<Created> => administer("POST", "/admin/api-keys", { app: APP, ...query });

function read(
  key: string,
  location: string,
  { path = "/contacts/c1", ...init }: RequestInit & { readonly path?: string } = {},
): Promise<Response> {
  return call(`/api/location/${location}${path}`, { ...init, headers: { "x-gateway-key": key } });
}

describe("an API key of the directory", () => {
  it("an API key of the directory is shown once, recognisable, with 256 random bits, and stored as a hash", async () => {
    const { key, apiKey } = await create({ name: "shown once" });
    expect(key).toMatch(/^ghle_[0-9a-f]{16}_[A-Za-z0-9_-]{51}$/);
    expect(apiKey).toEqual({
      id: key.slice(5, 21),
      name: "shown once",
      app: APP,
      access: "read",
      resources: null,
      createdAtMs: expect.any(Number) as number,
      createdBy: "admin-key:tests",
      revokedAtMs: null,
    });
    const tables = await env.DIRECTORY.batch(
      ["installation", "api_key", "operator", "audit"].map((table) => env.DIRECTORY.prepare(`SELECT * FROM ${table}`)),
    );
    const listed = await (await admin("GET", "/admin/api-keys")).text();
    for (const text of [JSON.stringify(tables), listed]) {
      expect(text).toContain(apiKey.id);
      expect(text).not.toContain(key.slice(22));
    }
  });

  it("an API key of the directory opens its app, beside the configured keys, until it is revoked", async () => {
    await installLocation(ONE);
    const { key, apiKey } = await create({ name: "revoked later", access: "write" });
    expect((await read(key, ONE)).status).toBe(200);
    const revoked = await administer<ApiKey>("DELETE", `/admin/api-keys/${apiKey.id}`);
    expect(revoked.revokedAtMs).toBeGreaterThan(0);
    // This isolate may go by what it has read for 30 s.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 30_000 });
    expect(await codeOf(await read(key, ONE))).toEqual([401, "ERR_GHL_GATEWAY_API_KEY_UNKNOWN"]);
    const again = await administer<ApiKey>("DELETE", `/admin/api-keys/${apiKey.id}`);
    expect(again.revokedAtMs).toBe(revoked.revokedAtMs);
  });

  it("an API key with its id but another secret opens nothing, cached or not", async () => {
    await installLocation(ONE);
    const { key } = await create({ name: "guessed" });
    const guess = key.slice(0, 22) + "A".repeat(43) + key.slice(-8);
    expect((await read(guess, ONE)).status).toBe(401);
    expect((await read(key, ONE)).status).toBe(200);
    expect((await read(guess, ONE)).status).toBe(401);
    expect((await read(`ghle_${"0".repeat(16)}_${"A".repeat(51)}`, ONE)).status).toBe(401);
  });

  it("an API key of the directory reaches its resources and no others", async () => {
    await installLocation(ONE);
    await installLocation(TWO);
    const { key } = await create({ name: "one", resources: [{ kind: "location", id: ONE }] });
    expect((await read(key, ONE)).status).toBe(200);
    const since = (await upstream.log()).length;
    expect(await codeOf(await read(key, TWO))).toEqual([403, "ERR_GHL_GATEWAY_API_KEY_SCOPE"]);
    const company = await call(`/api/company/${ONE}/contacts/c1`, { headers: { "x-gateway-key": key } });
    expect(await codeOf(company)).toEqual([403, "ERR_GHL_GATEWAY_API_KEY_SCOPE"]);
    expect((await upstream.log()).length).toBe(since);
  });

  it("an API key for reading may search by POST, and change nothing", async () => {
    await installLocation(ONE);
    const { key } = await create({ name: "reader", access: "read" });
    const post = (path: string) => read(key, ONE, { path, method: "POST", body: "{}" });
    const since = (await upstream.log()).length;
    expect(await codeOf(await post("/contacts/"))).toEqual([403, "ERR_GHL_GATEWAY_API_KEY_SCOPE"]);
    expect((await read(key, ONE, { method: "DELETE" })).status).toBe(403);
    expect((await upstream.log()).length).toBe(since);
    const search = await post("/contacts/search");
    expect([search.status, search.headers.get("content-type")]).not.toContain("application/problem+json");
    expect((await upstream.log()).length).toBeGreaterThan(since);
  });

  it("an API key of an app that is gone opens nothing", async () => {
    const { key, apiKey } = await create({ name: "orphan" });
    await env.DIRECTORY.prepare("UPDATE api_key SET app = 'gone' WHERE id = ?").bind(apiKey.id).run();
    expect((await read(key, ONE)).status).toBe(401);
  });

  it("an API key of the directory is refused while the directory cannot be reached, and configured keys still work", async () => {
    await installLocation(ONE);
    const { key } = await create({ name: "closed" });
    const remembered = await create({ name: "remembered" });
    expect((await read(remembered.key, ONE)).status).toBe(200);
    await env.DIRECTORY.prepare("ALTER TABLE api_key RENAME TO api_key_away").run();
    try {
      expect(await codeOf(await read(key, ONE))).toEqual([503, "ERR_GHL_GATEWAY_DIRECTORY_UNREACHABLE"]);
      expect((await call(`/api/location/${ONE}/contacts/c1`, { headers: keyed })).status).toBe(200);
      // A key that this isolate has read stays good for a stated time.
      const readAtMs = Date.now();
      for (const laterMs of [0, 30_000, 60_000, STALE_KEY_MS - 60_000]) {
        vi.useFakeTimers({ toFake: ["Date"], now: readAtMs + laterMs });
        expect((await read(remembered.key, ONE)).status).toBe(200);
      }
      vi.useFakeTimers({ toFake: ["Date"], now: readAtMs + STALE_KEY_MS });
      expect((await read(remembered.key, ONE)).status).toBe(503);
    } finally {
      await env.DIRECTORY.prepare("ALTER TABLE api_key_away RENAME TO api_key").run();
    }
  });
});
