import { abortAllDurableObjects, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { createDurableObjectTokenStore } from "../../src/durable-object.ts";
import { tokenStoreContract } from "../../src/testing.ts";
import type { Grants } from "./worker.ts";

const namespace = (env as { GRANTS: DurableObjectNamespace<Grants> }).GRANTS;

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

const names = tokenStoreContract({ open: () => Promise.reject(new Error("not opened")) }).map(({ name }) => name);

for (const [index, name] of names.entries())
  test(`a store in Durable Object storage passes the contract: ${name}`, async () => {
    await runInDurableObject(namespace.getByName("contract"), async (_object, ctx) => {
      const open = () => createDurableObjectTokenStore({ storage: ctx.storage });
      await tokenStoreContract({ open })[index]!.run();
    });
  });

function tokenAnswer(serial: number): Response {
  return Response.json({
    access_token: `access-${serial}`,
    refresh_token: `refresh-${serial}`,
    expires_in: 86_399,
    userType: "Company",
    companyId: "c1",
  });
}

const company = { kind: "company", id: "c1" } as const;

async function installExpired(object: Grants): Promise<void> {
  const obtainedAtMs = Date.now() - 90_000_000;
  const times = { obtainedAtMs, expiresAtMs: obtainedAtMs + 86_399_000 };
  const grantFields = { tokenType: "Bearer", scopes: [], userType: "Company", companyId: "c1", extra: {} } as const;
  await object.manager.storeTokens({ accessToken: "access-0", refreshToken: "refresh-0", ...times, ...grantFields });
}

test("1,000 calls at once on an expired token make one refresh", async () => {
  const sent: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_url, init) => {
    sent.push(String(init?.body));
    return tokenAnswer(sent.length);
  });
  const tokens = await runInDurableObject(namespace.getByName("burst"), async (object) => {
    await installExpired(object);
    return Promise.all(Array.from({ length: 1_000 }, () => object.manager.getAccessToken({ resource: company })));
  });
  expect(new Set(tokens)).toEqual(new Set(["access-1"]));
  expect(sent).toHaveLength(1);
  expect(new URLSearchParams(sent[0]).get("refresh_token")).toBe("refresh-0");
});

test("tokens outlive the object", async () => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => tokenAnswer(7));
  const stub = namespace.getByName("restart");
  await runInDurableObject(stub, async (object) => {
    await installExpired(object);
    await object.manager.getAccessToken({ resource: company });
  });
  await abortAllDurableObjects();
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("no call is needed"));
  const token = await runInDurableObject(namespace.getByName("restart"), (object) =>
    object.manager.getAccessToken({ resource: company }),
  );
  expect(token).toBe("access-7");
});
