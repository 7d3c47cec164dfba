import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createDeliverySecret } from "@ghl-edge/webhooks/gateway";
import { describe, expect, it, vi } from "vitest";
import { createRecentEndpoints } from "../../../src/directory/recent-endpoints.ts";
import { createEndpoints } from "../../../src/directory/tables/endpoints.ts";
import { isolate } from "../../../src/worker.ts";
import { admin, administer, codeOf } from "../../support/calls/admin.ts";
import { arrived, dispatcher, type TestEndpoint } from "../../support/endpoints/endpoints.ts";
import { at, create, HOUR_MS, INVALID, opens, receiving, test } from "./endpoint-calls.ts";

describe("a secret", () => {
  const rotate = (one: TestEndpoint, body: object = {}) =>
    administer<{ secret: string; previousValidUntilMs: number | null }>("POST", at(one, "/secrets"), body);

  it("a secret is replaced by one that signs beside it for a day, and then alone", async () => {
    const one = await receiving();
    const before = Date.now();
    const { secret, previousValidUntilMs } = await rotate(one);
    expect(previousValidUntilMs).toBeGreaterThanOrEqual(before + 24 * HOUR_MS);
    expect(previousValidUntilMs).toBeLessThanOrEqual(Date.now() + 24 * HOUR_MS);
    await test(one);
    const [both] = await arrived(one, 1);
    expect([await opens(secret, both!), await opens(one.secret, both!)]).toEqual([true, true]);
    vi.useFakeTimers({ toFake: ["Date"], now: previousValidUntilMs! });
    await test(one);
    // An alarm's own clock cannot be moved.
    await runDurableObjectAlarm(dispatcher(one));
    const [, later] = await arrived(one, 2);
    expect([await opens(secret, later!), await opens(one.secret, later!)]).toEqual([true, false]);
  });

  it("a secret ends with the second rotation, or at once where the request says so", async () => {
    const one = await receiving();
    const second = await rotate(one, { overlapHours: 168 });
    const third = await rotate(one, { overlapHours: 1 });
    await test(one);
    const [received] = await arrived(one, 1);
    const good = [one.secret, second.secret, third.secret].map((secret) => opens(secret, received!));
    expect(await Promise.all(good)).toEqual([false, true, true]);
    const last = await rotate(one, { overlapHours: 0 });
    expect(last.previousValidUntilMs).toBeNull();
    await test(one);
    const [, alone] = await arrived(one, 2);
    expect(alone!.headers["webhook-signature"]).not.toContain(" ");
    expect(await opens(last.secret, alone!)).toBe(true);
  });

  it("a secret that another request replaced meanwhile is one of two good ones", async () => {
    const one = await receiving();
    let other: { secret: string } | undefined;
    const batch: D1Database["batch"] = async (statements) => {
      other ??= await rotate(one);
      return env.DIRECTORY.batch(statements);
    };
    const db = { prepare: (query: string) => env.DIRECTORY.prepare(query), batch } as D1Database;
    const change = { actor: "test", requestId: "test", nowMs: Date.now() };
    const next = createDeliverySecret();
    await createEndpoints(db, isolate.readConfig(env).tokenKeys, createRecentEndpoints()).changeSecrets(
      one.endpoint.id,
      ({ secrets }) => ({ signing: [{ secret: next, untilMs: null }, ...secrets.signing.slice(0, 1)] }),
      change,
    );
    const stored = await isolate.readDirectory(env).endpoints.open(one.endpoint.id);
    expect(stored?.secrets.signing.map(({ secret }) => secret)).toEqual([next, other?.secret]);
  });

  it("a secret is absent where nothing is signed", async () => {
    const queue = await create({ kind: "queue", target: "TESTS" });
    expect(await codeOf(await admin("POST", at(queue, "/secrets"), { body: {} }))).toEqual(INVALID);
  });

  it.each([{ overlapHours: 169 }, { overlapHours: -1 }, { overlapHours: 0.5 }, { overlap: 1 }])(
    "a secret is not replaced by %j",
    async (body) => {
      const one = await receiving();
      expect(await codeOf(await admin("POST", at(one, "/secrets"), { body }))).toEqual(INVALID);
      const stored = await isolate.readDirectory(env).endpoints.open(one.endpoint.id);
      expect(stored?.secrets.signing).toEqual([{ secret: one.secret, untilMs: null }]);
    },
  );

  it("a secret is in no list, no audit and no row", async () => {
    const one = await receiving();
    const { secret } = await rotate(one);
    const shown = [
      await administer("GET", "/admin/endpoints"),
      await administer("GET", at(one)),
      await administer("GET", "/admin/audit"),
      await env.DIRECTORY.prepare("SELECT * FROM endpoint").all(),
    ];
    for (const each of [secret, one.secret]) expect(JSON.stringify(shown)).not.toContain(each.slice("whsec_".length));
  });
});
