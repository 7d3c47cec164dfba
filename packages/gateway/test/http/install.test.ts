import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { codeOf as problemOf } from "../support/calls/admin.ts";
import { call, install, installCompany, keyed, readContact, refreshes, upstream } from "../support/calls/gateway.ts";
import { APP, CLIENT_ID, COMPANY, GATEWAY, LOCATIONS, SCOPES } from "../support/setup/settings.ts";

const location = LOCATIONS[5]!;

describe("install", () => {
  it("the install route leads to HighLevel's page with a state of its own and a cookie only this host can set", async () => {
    const response = await call("/oauth/install?app=main");
    const target = new URL(response.headers.get("location") ?? "");
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(target.search).toContain(`scope=${SCOPES.map(encodeURIComponent).join("%20")}`);
    expect(Object.fromEntries(target.searchParams)).toEqual({
      response_type: "code",
      client_id: CLIENT_ID,
      redirect_uri: `${GATEWAY}/oauth/callback`,
      scope: SCOPES.join(" "),
      state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as string,
    });
    for (const part of ["__Host-ghl-install=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"])
      expect(cookie).toContain(part);
  });

  it("the install callback stores the grant of a location, and of a company, and removes the cookie", async () => {
    const response = await install({ locationId: location });
    expect(await response.json()).toEqual({
      installed: true,
      app: APP,
      resource: { kind: "location", id: location },
      scopes: SCOPES,
    });
    expect(response.headers.get("set-cookie")).toContain("Max-Age=0");
    const company = await installCompany();
    expect(await company.json()).toMatchObject({ resource: { kind: "company", id: COMPANY } });
    const users = await call(`/api/company/${COMPANY}/companies/${COMPANY}`, { headers: keyed });
    // The company's token arrived; the app did not ask for this scope.
    expect([users.status, ((await users.json()) as { code: string }).code]).toEqual([403, "ERR_GHL_GATEWAY_SCOPE"]);
  });

  it("an install over an older installation uses the new token at once", async () => {
    await install({ locationId: location });
    await call(`/api/location/${location}/contacts/c1`, { headers: keyed });
    const first = (await upstream.log()).at(-1)?.tokenFingerprint;
    await install({ locationId: location });
    const since = (await upstream.log()).length;
    await call(`/api/location/${location}/contacts/c1`, { headers: keyed });
    const second = (await upstream.log()).at(-1)?.tokenFingerprint;
    expect(second).not.toBe(first);
    expect(await refreshes(since)).toEqual([]);
  });

  it.each<[string, string, RequestInit]>([
    ["without our cookie", "/oauth/callback?code=c&state=s", {}],
    [
      "with a forged cookie",
      "/oauth/callback?code=c&state=s",
      { headers: { cookie: "__Host-ghl-install=s.main.9999999999999.AAAA" } },
    ],
  ])("the install route refuses a callback %s, and spends no code", async (_what, path, init) => {
    const since = (await upstream.log()).length;
    const response = await call(path, init);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      400,
      "ERR_GHL_GATEWAY_INSTALL_STATE",
    ]);
    expect((await upstream.log()).length).toBe(since);
  });

  it("a state of another install does not fit the cookie", async () => {
    const [first, second] = await Promise.all([call("/oauth/install?app=main"), call("/oauth/install?app=main")]);
    const cookie = (first.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const state = new URL(second.headers.get("location") ?? "").searchParams.get("state") ?? "";
    const response = await call(`/oauth/callback?code=c&state=${state}`, { headers: { cookie } });
    expect(response.status).toBe(400);
  });

  it("the install callback reports when HighLevel gives no tokens, or the redirect no code", async () => {
    const begun = await call("/oauth/install?app=main");
    const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state") ?? "";
    const bogus = await call(`/oauth/callback?code=bogus&state=${state}`, { headers: { cookie } });
    expect([bogus.status, ((await bogus.json()) as { code: string }).code]).toEqual([
      502,
      "ERR_GHL_GATEWAY_INSTALL_REFUSED",
    ]);
    const none = await call(`/oauth/callback?state=${state}`, { headers: { cookie } });
    expect(((await none.json()) as { code: string }).code).toBe("ERR_GHL_GATEWAY_INSTALL_CODE");
  });

  /** An install that HighLevel has led back: the callback with its code, and the cookie. */
  async function ledBack(locationId: string): Promise<{ readonly path: string; readonly headers: HeadersInit }> {
    const begun = await call(`/oauth/install?app=${APP}`);
    const page = new URL(begun.headers.get("location") ?? "");
    page.searchParams.set("locationId", locationId);
    const back = new URL((await fetch(page, { redirect: "manual" })).headers.get("location") ?? "");
    const cookie = (begun.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    return { path: back.pathname + back.search, headers: { cookie } };
  }
  const codesSent = async (since: number): Promise<number> =>
    (await upstream.log()).slice(since).filter(({ path }) => path === "/oauth/token").length;
  const USED = [409, "ERR_GHL_GATEWAY_INSTALL_STATE_USED"];

  it("a state is good for one callback: a second one is refused, and its code is not sent", async () => {
    const [first, other] = [await ledBack(location), await ledBack(location)];
    expect((await call(first.path, first)).status).toBe(200);
    const since = (await upstream.log()).length;
    expect(await problemOf(await call(first.path, first))).toEqual(USED);
    // The state and the cookie of the first with a code that is good.
    const path = new URL(GATEWAY + first.path);
    path.searchParams.set("code", new URL(GATEWAY + other.path).searchParams.get("code") ?? "");
    expect(await problemOf(await call(path.pathname + path.search, first))).toEqual(USED);
    expect(await codesSent(since)).toBe(0);
    expect((await call(other.path, other)).status).toBe(200);
    expect((await readContact(location)).status).toBe(200);
  });

  it("one of several callbacks with one state installs, and the others send no code", async () => {
    const back = await ledBack(location);
    const since = (await upstream.log()).length;
    const all = await Promise.all([1, 2, 3, 4].map(() => call(back.path, back)));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect(await codesSent(since)).toBe(1);
  });

  it("a state whose use cannot be recorded spends no code, and is good when it can be", async () => {
    const back = await ledBack(location);
    const since = (await upstream.log()).length;
    const run = (...statements: string[]) =>
      Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          runInDurableObject(env.EVENT_BUFFER.getByName(`${APP}:states:${n}`), (_object, { storage }) => {
            for (const statement of statements) storage.sql.exec(statement);
          }),
        ),
      );
    const table = "spent_state (state TEXT PRIMARY KEY, spent_by TEXT NOT NULL, expires_at_ms INTEGER NOT NULL)";
    await run(`CREATE TABLE IF NOT EXISTS ${table} STRICT, WITHOUT ROWID`);
    await run("ALTER TABLE spent_state RENAME TO spent_away", "CREATE VIEW spent_state AS SELECT 1 AS one");
    expect((await call(back.path, back)).status).toBe(503);
    expect(await codesSent(since)).toBe(0);
    await run("DROP VIEW spent_state", "ALTER TABLE spent_away RENAME TO spent_state");
    expect((await call(back.path, back)).status).toBe(200);
  });

  it("the repetition of a lost answer spends a state once, and rows go after their time", async () => {
    const states = env.EVENT_BUFFER.getByName(`${APP}:spending`);
    const one = { state: "one", spentBy: "a", expiresAtMs: Date.now() + 1_000 };
    expect([await states.spendState(one), await states.spendState(one)]).toEqual([true, true]);
    expect(await states.spendState({ ...one, spentBy: "b" })).toBe(false);
    const rows = () =>
      runInDurableObject(states, (_object, { storage }) =>
        storage.sql.exec<{ state: string }>("SELECT state FROM spent_state").toArray(),
      );
    expect(await states.spendState({ ...one, state: "old", expiresAtMs: Date.now() - 70_000 })).toBe(true);
    expect(await states.spendState({ ...one, state: "two" })).toBe(true);
    expect(await rows()).toEqual([{ state: "one" }, { state: "two" }]);
  });

  it("the install route knows no other app", async () => {
    expect((await call("/oauth/install?app=other")).status).toBe(404);
  });
});
