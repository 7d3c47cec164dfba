import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../../src/app.ts";
import { newApiKey } from "../../../src/domain/access/api-key.ts";
import { createAccessVerifier } from "../../../src/http/admin/access.ts";
import { isolate } from "../../../src/worker.ts";
import { team } from "../../support/calls/admin.ts";
import { call, upstream } from "../../support/calls/gateway.ts";
import { destination } from "../../support/endpoints/endpoints.ts";
import { ACCESS_AUDIENCE, ACCESS_TEAM, APP, CALLBACK_PATHS, LOCATIONS } from "../../support/setup/settings.ts";

/** Requests of one client, all at once; how many got which status. */
async function storm(count: number, send: (index: number) => Promise<Response>): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  for (const response of await Promise.all(Array.from({ length: count }, (_, index) => send(index)))) {
    statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    await response.text();
  }
  return statuses;
}

/** The limit's period may end in the middle of the storm: then as many pass once more. */
function expectLimited(statuses: Record<number, number>, passed: number, limit: number): void {
  expect(Object.keys(statuses).sort()).toEqual([String(passed), "429"].sort());
  expect(statuses[passed]).toBeGreaterThanOrEqual(limit);
  expect(statuses[passed]).toBeLessThanOrEqual(2 * limit);
}

const from = (address: string, headers: Record<string, string> = {}) => ({
  headers: { "cf-connecting-ip": address, ...headers },
});

describe("a stranger", () => {
  it("a stranger with 200 invented codes causes 20 calls to HighLevel, and hinders nobody else", async () => {
    const since = (await upstream.log()).length;
    const statuses = await storm(200, (index) =>
      call(`/oauth/callback/${APP}?code=invented-${index}`, from("203.0.113.1")),
    );
    expectLimited(statuses, 502, 20);
    const called = (await upstream.log()).slice(since).filter(({ path }) => path === "/oauth/token");
    expect(called).toHaveLength(statuses[502]!);
    const refused = await call(`/oauth/callback/${APP}?code=again`, from("203.0.113.1"));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    expect((await call(`/oauth/callback/${APP}?code=other`, from("203.0.113.2"))).status).toBe(502);
  });

  it("a stranger with 300 external authentications causes 30 calls to the app", async () => {
    await destination.behave({ path: CALLBACK_PATHS.externalAuth }, { status: 200, body: '{"allow":false}' } as never);
    const before = (await destination.received({ path: CALLBACK_PATHS.externalAuth })).length;
    const body = JSON.stringify({ companyId: "c", locationId: [LOCATIONS[0]] });
    const post = { method: "POST", body, ...from("2001:db8::1", { "content-type": "application/json" }) };
    const statuses = await storm(300, () => call(`/marketplace/external-auth/${APP}`, post));
    const passed = Number(Object.keys(statuses).find((status) => status !== "429"));
    expectLimited(statuses, passed, 30);
    expect((await destination.received({ path: CALLBACK_PATHS.externalAuth })).length - before).toBe(statuses[passed]);
  });

  it("a stranger with 300 API keys whose check digits are right causes 100 reads of the directory", async () => {
    const checkKey = await isolate.readDirectory(env).checkKey.read();
    const keys = await Promise.all(Array.from({ length: 300 }, () => newApiKey(checkKey)));
    const statuses = await storm(300, (index) =>
      call("/api/location/abc/contacts/c1", from("203.0.113.3", { "x-gateway-key": keys[index]!.key })),
    );
    expectLimited(statuses, 401, 100);
  });

  it("a stranger is not limited where the deployment has no binding for it", async () => {
    const { LIMIT_INSTALLS: _none, ...rest } = env as unknown as Record<string, unknown>;
    const app = createApp(isolate);
    const statuses = await storm(30, async (index) =>
      app.request(
        `https://gateway.test/oauth/callback/${APP}?code=unbound-${index}`,
        from("203.0.113.4"),
        rest as never,
      ),
    );
    expect(statuses).toEqual({ 502: 30 });
  });

  it("a stranger with 100 tokens of Access on a cold isolate causes one fetch of the team's keys", async () => {
    const config = {
      issuer: ACCESS_TEAM,
      audience: ACCESS_AUDIENCE,
      jwksUrl: `${ACCESS_TEAM}/cdn-cgi/access/certs`,
      defaultRole: undefined,
    };
    const verifier = createAccessVerifier(config);
    const good = await team.token({ email: "known@example.com" });
    const [, payload, signature] = good.split(".");
    const forged = (kid: string): string =>
      `${btoa(JSON.stringify({ alg: "RS256", kid })).replaceAll("=", "")}.${payload}.${signature}`;
    const before = await team.fetches();
    const names = await Promise.all(Array.from({ length: 100 }, (_, index) => verifier(forged(`unknown-${index}`))));
    expect(names.every((name) => name === undefined)).toBe(true);
    expect(await verifier(good)).toBe("known@example.com");
    expect((await team.fetches()) - before).toBe(1);
  });
});
