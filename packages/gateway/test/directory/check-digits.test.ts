import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp, createTrafficApp } from "../../src/app.ts";
import { newApiKey } from "../../src/domain/access/api-key.ts";
import type { ApiKey } from "../../src/domain/administration-model.ts";
import { newWorkflowReceiverId } from "../../src/domain/marketplace/workflow-receiver.ts";
import { isolate } from "../../src/worker.ts";
import { administer, codeOf } from "../support/calls/admin.ts";
import { installLocation, keyed } from "../support/calls/gateway.ts";
import { addWorkflowReceiver } from "../support/calls/workflows.ts";
import { APP, GATEWAY, LOCATIONS, WIDE_APP } from "../support/setup/settings.ts";

const LOCATION = LOCATIONS[30]!;
const PATH = `/api/location/${LOCATION}/contacts/c1`;
const READ_SECRET = "SELECT secret FROM check_secret WHERE id = 1";

type Bindings = Record<string, unknown>;

/** A gateway that has just started, with the statements it has D1 run and the objects it calls by name. */
function coldGateway(bindings: Bindings = {}) {
  const statements: string[] = [];
  const objects: string[] = [];
  const counted = (namespace: DurableObjectNamespace) =>
    new Proxy(namespace, {
      get(target, name) {
        if (name === "getByName")
          return (object: string) => {
            objects.push(object);
            return target.getByName(object);
          };
        return Reflect.get(target, name, target) as unknown;
      },
    });
  const directory = new Proxy(env.DIRECTORY, {
    get(target, name) {
      if (name === "prepare")
        return (query: string) => {
          statements.push(query);
          return target.prepare(query);
        };
      const member = Reflect.get(target, name, target) as unknown;
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
  const namespaces = Object.entries(env).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && "getByName" in value
      ? [[name, counted(value as DurableObjectNamespace)] as const]
      : [],
  );
  const own = { ...env, ...Object.fromEntries(namespaces), DIRECTORY: directory, ...bindings } as never;
  const [traffic, others] = [createTrafficApp(isolate), createApp(isolate)];
  const request = async (path: string, init: RequestInit = {}): Promise<Response> =>
    (path.startsWith("/api/") ? traffic : others).request(GATEWAY + path, init, own, createExecutionContext());
  return { request, statements, objects };
}

const withKey = (key: string): RequestInit => ({ headers: { "x-gateway-key": key } });
const create = (name: string) =>
  administer<{ key: string; apiKey: ApiKey }>("POST", "/admin/api-keys", { app: APP, name });

const hex = (index: number, length: number): string => index.toString(16).padStart(length, "0");
const inventedKey = (index: number): string => `ghle_${hex(index, 16)}_${hex(index, 51)}`;
const inventedId = (index: number): string => `wr_${hex(index * 7919, 28)}`;

async function statusesOf(responses: readonly Promise<Response>[]): Promise<readonly number[]> {
  return [...new Set((await Promise.all(responses)).map(({ status }) => status))];
}

const indexes = Array.from({ length: 200 }, (_, index) => index);

afterEach(() => {
  vi.useRealTimers();
});

describe("200 invented API keys at a gateway that has just started", () => {
  it.each([
    ["all at once", (request: (index: number) => Promise<Response>) => statusesOf(indexes.map(request))],
    [
      "one after the other",
      async (request: (index: number) => Promise<Response>) => {
        const statuses = new Set<number>();
        for (const index of indexes) statuses.add((await request(index)).status);
        return [...statuses];
      },
    ],
  ])("invented API keys cost one read in all and no object, %s", async (_how, storm) => {
    const { request, statements, objects } = coldGateway();
    expect(await storm((index) => request(PATH, withKey(inventedKey(index))))).toEqual([401]);
    expect([statements, objects]).toEqual([[READ_SECRET], []]);
  });

  it("invented API keys made from an issued key cost no read: not with another secret, nor with its id", async () => {
    const { key } = await create("copied");
    const { request, statements } = coldGateway();
    const digits = key.slice(-8);
    const copies = indexes.map((index) => `${key.slice(0, 22)}${hex(index, 43)}${digits}`);
    expect(await statusesOf(copies.map((copy) => request(PATH, withKey(copy))))).toEqual([401]);
    expect(statements).toEqual([READ_SECRET]);
  });
});

describe("200 invented ids of workflow receivers at a gateway that has just started", () => {
  it("invented ids of workflow receivers cost one read in all and no object", async () => {
    const { request, statements, objects } = coldGateway();
    const post = (index: number) => request(`/workflows/${APP}/${inventedId(index)}`, { method: "POST", body: "{}" });
    expect(await statusesOf(indexes.map(post))).toEqual([401]);
    expect([statements, objects]).toEqual([[READ_SECRET], []]);
  });

  it("ids of workflow receivers issued for another app cost no read", async () => {
    const one = await addWorkflowReceiver();
    const { request, statements } = coldGateway();
    const id = one.receiver.id;
    expect((await request(`/workflows/${WIDE_APP}/${id}`, { method: "POST", body: "{}" })).status).toBe(401);
    expect(statements).toEqual([READ_SECRET]);
  });
});

describe("an issued key or id", () => {
  it("an issued key is looked up and opens, after one read of the secret", async () => {
    await installLocation(LOCATION);
    const { key } = await create("issued");
    const { request, statements } = coldGateway();
    for (const _call of [1, 2]) expect((await request(PATH, withKey(key))).status).toBe(200);
    expect(statements.filter((query) => query === READ_SECRET)).toHaveLength(1);
    expect(statements.filter((query) => query.includes("FROM api_key"))).toHaveLength(1);
  });

  it("an issued key stays good when the token keys change", async () => {
    const [{ key }, one] = [await create("lasting"), await addWorkflowReceiver()];
    const fresh = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
    const TOKEN_KEYS = JSON.stringify({ active: "other", keys: { other: fresh } });
    const { request, statements } = coldGateway({ TOKEN_KEYS });
    // A request that may use the key, for a path that there is not.
    expect((await request(`/api/location/${LOCATION}/nothing/there`, withKey(key))).status).toBe(404);
    // Its secret is sealed by a key that is gone, so HighLevel is to send again; what is not looked up answers 401.
    expect((await request(one.path, { method: "POST", body: "{}", headers: { "x-secret": one.secret! } })).status).toBe(
      429,
    );
    expect(statements.some((query) => query.includes("FROM workflow_receiver"))).toBe(true);
  });

  it("an issued key for another purpose has other digits for the same text", async () => {
    const checkKey = await isolate.readDirectory(env).checkKey.read();
    const { key } = await newApiKey(checkKey);
    const ids = await Promise.all([newWorkflowReceiverId(checkKey, APP), newWorkflowReceiverId(checkKey, APP)]);
    expect(new Set([...ids.map((id) => id.slice(-12)), key.slice(-8)]).size).toBe(3);
  });
});

describe("a gateway that has just started while the directory is away", () => {
  it("the gateway refuses directory keys and workflow receivers while the directory is away, and recovers with it", async () => {
    await installLocation(LOCATION);
    const [{ key }, one] = [await create("away"), await addWorkflowReceiver()];
    const { request, statements } = coldGateway();
    const run = () => request(one.path, { method: "POST", body: "{}", headers: { "x-secret": one.secret! } });
    const nowMs = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: nowMs });
    await env.DIRECTORY.prepare("ALTER TABLE check_secret RENAME TO check_secret_away").run();
    try {
      for (const presented of [key, inventedKey(1)])
        expect(await codeOf(await request(PATH, withKey(presented)))).toEqual([
          503,
          "ERR_GHL_GATEWAY_DIRECTORY_UNREACHABLE",
        ]);
      expect((await request(PATH, { headers: keyed })).status).toBe(200);
      const refused = await run();
      expect([refused.status, Number(refused.headers.get("retry-after"))]).toEqual([429, expect.any(Number)]);
      expect(await statusesOf(indexes.map((index) => request(PATH, withKey(inventedKey(index)))))).toEqual([503]);
      expect(statements).toEqual([READ_SECRET]);
      vi.setSystemTime(nowMs + 1_000);
      expect(await statusesOf(indexes.map((index) => request(PATH, withKey(inventedKey(index)))))).toEqual([503]);
      expect(statements).toEqual([READ_SECRET, READ_SECRET]);
    } finally {
      await env.DIRECTORY.prepare("ALTER TABLE check_secret_away RENAME TO check_secret").run();
    }
    vi.setSystemTime(nowMs + 2_000);
    expect((await request(PATH, withKey(key))).status).toBe(200);
    expect((await run()).status).toBe(200);
  });
});

it("the rotation of a workflow receiver's secret keeps its id", async () => {
  const one = await addWorkflowReceiver();
  const rotation = { of: "auth", overlapHours: 0 };
  const path = `/admin/workflow-receivers/${one.receiver.id}`;
  const { secret } = await administer<{ secret: string }>("POST", `${path}/secrets`, rotation);
  const { request } = coldGateway();
  const post = { method: "POST", body: "{}" };
  expect((await request(one.path, { ...post, headers: { "x-secret": secret } })).status).toBe(200);
  expect((await request(one.path, { ...post, headers: { "x-secret": one.secret! } })).status).toBe(401);
});

it("the secret of check digits is 256 random bits, made once", async () => {
  const { results } = await env.DIRECTORY.prepare("SELECT id, secret FROM check_secret").all<{ secret: string }>();
  expect(results).toEqual([{ id: 1, secret: expect.stringMatching(/^[0-9a-f]{64}$/) as string }]);
  const again = env.DIRECTORY.prepare("INSERT INTO check_secret (id, secret) VALUES (2, lower(hex(randomblob(32))))");
  await expect(again.run()).rejects.toThrow(/CHECK/);
});
