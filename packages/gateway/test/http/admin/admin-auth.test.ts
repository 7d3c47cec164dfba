import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Directory } from "../../../src/directory/directory.ts";
import { createAccessVerifier } from "../../../src/http/admin/access.ts";
import { authenticate } from "../../../src/http/admin/auth.ts";
import { parseConfig } from "../../../src/platform/config.ts";
import { isolate } from "../../../src/worker.ts";
import { admin, administer, asOperator, codeOf, team } from "../../support/calls/admin.ts";
import { call, keyed } from "../../support/calls/gateway.ts";
import { ACCESS_AUDIENCE, ACCESS_TEAM, GATEWAY, TOKEN_KEY, TOKEN_KEY_ID } from "../../support/setup/settings.ts";

const UNAUTHENTICATED = [401, "ERR_GHL_GATEWAY_ADMIN_UNAUTHENTICATED"];

describe("an admin key", () => {
  it("an admin key opens /admin, as bearer token or X-Gateway-Key", async () => {
    expect((await admin("GET", "/admin/apps")).status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ["none", {}],
    ["a wrong one", { authorization: "Bearer wrong" }],
    ["one for /api", keyed],
    ["an Access header that is no token", asOperator("nonsense")],
  ])("%s is refused", async (_what, headers) => {
    expect(await codeOf(await admin("GET", "/admin/apps", { headers }))).toEqual(UNAUTHENTICATED);
  });

  it("an admin key does not open /api", async () => {
    const { authorization } = { authorization: "Bearer gateway-admin-key-000000000000000" };
    const response = await call("/api/location/abc/contacts/c1", { headers: { authorization } });
    expect(await codeOf(response)).toEqual([401, "ERR_GHL_GATEWAY_API_KEY_UNKNOWN"]);
  });
});

describe("Cloudflare Access", () => {
  it("an address with a letter that only looks like an operator's is another person", async () => {
    await administer("PUT", "/admin/operators/kim@example.com", { role: "admin" });
    const kelvin = asOperator(await team.token({ email: "\u212Aim@example.com" }));
    expect(await codeOf(await admin("GET", "/admin/apps", { headers: kelvin }))).toEqual([
      403,
      "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN",
    ]);
    const put = await admin("PUT", `/admin/operators/${encodeURIComponent("\u212Aim@example.com")}`, {
      body: {
        role: "viewer",
      },
    });
    expect(await codeOf(put)).toEqual([400, "ERR_GHL_GATEWAY_INPUT_INVALID"]);
    expect(
      (await admin("GET", "/admin/apps", { headers: asOperator(await team.token({ email: "KIM@example.com" })) }))
        .status,
    ).toBe(200);
    expect((await admin("DELETE", "/admin/operators/kim@example.com")).status).toBe(204);
  });

  it("an operator of the directory has the role it says, others none", async () => {
    const headers = asOperator(await team.token({ email: "Ada@Example.com" }));
    const look = () => admin("GET", "/admin/audit", { headers });
    const change = () => admin("PUT", "/admin/operators/eve@example.com", { body: { role: "viewer" }, headers });
    expect(await codeOf(await look())).toEqual([403, "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN"]);
    await administer("PUT", "/admin/operators/ada@example.com", { role: "viewer" });
    expect((await look()).status).toBe(200);
    expect(await codeOf(await change())).toEqual([403, "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN"]);
    await administer("PUT", "/admin/operators/ADA@example.com", { role: "admin" });
    expect((await change()).status).toBe(200);
    const { items } = await administer<{ items: { actor: string; target: string }[] }>("GET", "/admin/audit?limit=1");
    expect(items).toMatchObject([{ actor: "access:ada@example.com", target: "eve@example.com" }]);
    expect((await admin("DELETE", "/admin/operators/ada@example.com")).status).toBe(204);
    expect(await codeOf(await look())).toEqual([403, "ERR_GHL_GATEWAY_ADMIN_FORBIDDEN"]);
  });

  it("a service token goes by its common name", async () => {
    await administer("PUT", "/admin/operators/robot.access", { role: "viewer" });
    const headers = asOperator(await team.token({ common_name: "robot.access", sub: "" }));
    expect((await admin("GET", "/admin/apps", { headers })).status).toBe(200);
  });

  it("Cloudflare Access takes no token but the team's own, for us, valid now, and signed by RS256", async () => {
    const name = { email: "known@example.com" };
    await administer("PUT", "/admin/operators/known@example.com", { role: "admin" });
    const nowS = Math.floor(Date.now() / 1000);
    const refused = {
      "another audience": await team.token({ ...name, aud: ["somebody-else"] }),
      "another team": await team.token({ ...name, iss: "https://evil.cloudflareaccess.com" }),
      expired: await team.token({ ...name, exp: nowS - 60 }),
      "not yet valid": await team.token({ ...name, nbf: nowS + 600 }),
      endless: await team.token({ ...name, exp: undefined }),
      nameless: await team.token({}),
      "signed by somebody else": await team.token(name, { by: "stranger" }),
      "under an unknown key": await team.token(name, { by: "new" }),
      unsigned: await team.token(name, { alg: "none" }),
      "HMAC with the public key": await team.token(name, { alg: "HS256" }),
    };
    const valid = await team.token(name);
    expect((await admin("GET", "/admin/apps", { headers: asOperator(valid) })).status).toBe(200);
    for (const [what, token] of Object.entries({ ...refused, tampered: `${valid.slice(0, -8)}AAAAAAAA` }))
      expect(await codeOf(await admin("GET", "/admin/apps", { headers: asOperator(token) })), what).toEqual(
        UNAUTHENTICATED,
      );
  });

  it("a request that a page of another site makes a browser send is refused", async () => {
    await administer("PUT", "/admin/operators/known@example.com", { role: "admin" });
    const headers = asOperator(await team.token({ email: "known@example.com" }));
    const approve = async (origin: string) =>
      codeOf(
        await admin("POST", "/admin/installations/main/location/nowhere/approve", { headers: { ...headers, origin } }),
      );
    for (const origin of ["https://evil.example", "null", `${GATEWAY}.evil.example`])
      expect(await approve(origin), origin).toEqual(UNAUTHENTICATED);
    expect(await approve(GATEWAY)).toEqual([409, "ERR_GHL_GATEWAY_NOTHING_PENDING"]);
  });

  it("the team's keys are fetched once and remembered", async () => {
    const headers = asOperator(await team.token({ email: "known@example.com" }));
    await admin("GET", "/admin/apps", { headers });
    const before = await team.fetches();
    for (let i = 0; i < 3; i++) expect((await admin("GET", "/admin/apps", { headers })).status).toBe(200);
    expect(await team.fetches()).toBe(before);
  });

  it("Cloudflare Access lets nobody in while its keys cannot be fetched", async () => {
    const config = {
      issuer: ACCESS_TEAM,
      audience: ACCESS_AUDIENCE,
      jwksUrl: `${ACCESS_TEAM}/cdn-cgi/access/certs`,
      defaultRole: undefined,
    };
    const token = await team.token({ email: "known@example.com" });
    await team.setBroken(true);
    await expect(createAccessVerifier(config)(token)).rejects.toMatchObject({
      code: "ERR_GHL_GATEWAY_ACCESS_UNREACHABLE",
    });
    await team.setBroken(false);
    expect(await createAccessVerifier(config)(token)).toBe("known@example.com");
  });
});

describe("a configuration without ADMIN_KEYS", () => {
  const raw = {
    HIGHLEVEL_API_URL: "https://upstream.test",
    HIGHLEVEL_AUTHORIZE_URL: "https://upstream.test",
    WEBHOOK_PUBLIC_KEYS: "[]",
    ADMIN_KEYS: "[]",
    ADMIN_ACCESS: "{}",
    APPS: "{}",
    API_KEYS: "[]",
    TOKEN_KEYS: JSON.stringify({ active: TOKEN_KEY_ID, keys: { [TOKEN_KEY_ID]: TOKEN_KEY } }),
  };

  it.each(["viewer", "admin"] as const)(
    "Access alone, with %s for all others, needs no list of operators",
    async (role) => {
      const access = { issuer: ACCESS_TEAM, audience: ACCESS_AUDIENCE, defaultRole: role };
      const config = parseConfig({ ...raw, ADMIN_ACCESS: JSON.stringify(access) });
      const verifier = createAccessVerifier(config.admin.access!);
      const directory = isolate.readDirectory(env);
      const headers = new Headers(asOperator(await team.token({ email: "new@example.com" })));
      expect(await authenticate(headers, { config, directory, access: verifier, origin: GATEWAY })).toEqual({
        name: "access:new@example.com",
        role,
      });
    },
  );

  it("nobody is let in, whatever they bring", async () => {
    const context = { config: parseConfig(raw), directory: {} as Directory, access: undefined, origin: GATEWAY };
    const headers = new Headers({
      authorization: "Bearer x",
      ...asOperator(await team.token({ email: "a@b.example" })),
    });
    await expect(authenticate(headers, context)).rejects.toMatchObject({ code: "ERR_GHL_GATEWAY_ADMIN_DISABLED" });
  });
});
