import { describe, expect, test } from "vitest";
import { ConfigurationError, createMemoryTokenStore, createOAuthClient, createTokenManager } from "../../src/index.ts";
import { createFileTokenStore } from "../../src/node.ts";
import { createSqlTokenStore } from "../../src/sql.ts";

const credentials = { clientId: "0123456789abcdef01234567-abc", clientSecret: "secret-of-the-app" };

/** A client whose endpoints refuse arguments before anything is sent. An unset variable is `undefined` or an empty text. */
function refusing() {
  const sent: string[] = [];
  const client = createOAuthClient({
    ...credentials,
    fetch: async ({ url }) => {
      sent.push(url);
      return Response.json({});
    },
  });
  const refused = async (name: string, call: () => Promise<unknown>): Promise<void> => {
    const error: unknown = await call().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toMatch(new RegExp(`^${name} must be `));
    expect(sent).toEqual([]);
  };
  return { client, refused };
}
const first = (items: AsyncGenerator<unknown>): Promise<unknown> => items.next();
const nothing = [undefined, "", 5, null] as never[];
const unsendable = [...nothing, "a\r\nsecret: b", "\u{1f600}"] as never[];
const resource = { kind: "location", id: "l" } as const;

describe("an argument that cannot be right is refused before anything is sent, and no token is quoted", () => {
  test.each(nothing)("a code or a refresh token of %j", async (value) => {
    const { client, refused } = refusing();
    await refused("code", () => client.exchangeCode(value));
    await refused("refreshToken", () => client.refresh(value));
  });

  test.each(unsendable)("an access token of %j is refused before anything is sent", async (token) => {
    const { client, refused } = refusing();
    const mint = { companyAccessToken: token, companyId: "c", locationId: "l" };
    await refused("companyAccessToken", () => client.locationToken(mint));
    await refused("accessToken", () => first(client.installedLocations({ accessToken: token, companyId: "c" })));
    await refused("accessToken", () => client.uninstall({ accessToken: token, resource }));
  });

  test.each(nothing)("an id of %j: without one the body would name nothing to uninstall", async (id) => {
    const { client, refused } = refusing();
    await refused("resource.id", () => client.uninstall({ accessToken: "t", resource: { kind: "company", id } }));
    await refused("companyId", () => client.locationToken({ companyAccessToken: "t", companyId: id, locationId: "l" }));
    await refused("locationId", () =>
      client.locationToken({ companyAccessToken: "t", companyId: "c", locationId: id }),
    );
    await refused("companyId", () => first(client.installedLocations({ accessToken: "t", companyId: id })));
  });

  test("a kind, an API version or an app id that leads to another request is refused", async () => {
    const { client, refused } = refusing();
    const mint = { companyAccessToken: "t", companyId: "c", locationId: "l" };
    await refused("apiVersion", () => client.locationToken({ ...mint, apiVersion: "V3" as never }));
    await refused("apiVersion", () => client.locationToken({ ...mint, apiVersion: "constructor" as never }));
    await refused("apiVersion", () =>
      first(client.installedLocations({ accessToken: "t", companyId: "c", apiVersion: "v2" as never })),
    );
    for (const kind of ["Company", undefined, ""] as never[])
      await refused("resource.kind", () => client.uninstall({ accessToken: "t", resource: { kind, id: "c" } }));
    for (const appId of ["", ".", ".."])
      await refused("appId", () => client.uninstall({ accessToken: "t", resource, appId }));
  });
});

describe("an option that cannot be right is refused at construction", () => {
  test.each(["fetch", "now", "random", "sleep"])("%s has to be a function", (name) => {
    for (const value of [5, "now", {}, true, Number.NaN]) {
      expect(() => createOAuthClient({ ...credentials, [name]: value })).toThrow(`${name} must be a function`);
      const store = createMemoryTokenStore();
      expect(() => createTokenManager({ ...credentials, store, [name]: value })).toThrow(ConfigurationError);
    }
  });

  test.each([
    ["apiVersion", "V3"],
    ["onEvent", "log"],
    ["waitUntil", {}],
    ["companyOf", "c"],
    ["limiter", {}],
  ])("an option of a token manager is refused at construction: %s of %j", (name, value) => {
    const make = () => createTokenManager({ ...credentials, store: createMemoryTokenStore(), [name]: value });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(name);
  });

  test("a file store without a folder would write where the process was started", () => {
    for (const folder of nothing) expect(() => createFileTokenStore({ folder })).toThrow("folder must be");
    expect(() => createFileTokenStore({ folder: "tokens", now: 5 as never })).toThrow("now must be");
  });

  test("a SQL store without a driver is refused, and so is a placeholder that no database has", () => {
    const driver = { placeholder: "?", query: async () => [], execute: async () => 0 } as const;
    for (const wrong of [undefined, {}, { ...driver, placeholder: ":" }, { ...driver, placeholder: "constructor" }])
      expect(() => createSqlTokenStore({ driver: wrong as never })).toThrow("driver.placeholder must be");
    expect(() => createSqlTokenStore({ driver: { ...driver, query: undefined as never } })).toThrow("driver.query");
    expect(() => createSqlTokenStore({ driver, nowSql: "" })).toThrow("nowSql must be");
    expect(createSqlTokenStore({ driver })).toHaveProperty("load");
  });
});
