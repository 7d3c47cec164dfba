import { env } from "cloudflare:workers";
import { allRoutes } from "@ghl-edge/client/routes";
import { beforeAll, describe, expect, it } from "vitest";
import { call, codeOf, installLocation, keyed, upstream, wideKeyed } from "../support/calls/gateway.ts";
import { APP, CLIENT_ID, LOCATIONS, WIDE_APP, WIDE_CLIENT_ID } from "../support/setup/settings.ts";

/** Three tenants: two locations of one app, and one of them under another app. */
const [A, B] = LOCATIONS.slice(30, 32) as [string, string];

beforeAll(async () => {
  await installLocation(A, WIDE_APP);
  await installLocation(B, WIDE_APP);
  await installLocation(A, APP);
});

const contact = (location: string, headers: Record<string, string>) =>
  call(`/api/location/${location}/contacts/c1`, { headers });

describe("tenants", () => {
  it("each key reaches the installations of its own app alone, with that app's token", async () => {
    const since = (await upstream.log()).length;
    expect((await contact(A, wideKeyed)).status).toBe(200);
    expect((await contact(B, wideKeyed)).status).toBe(200);
    expect((await contact(A, keyed)).status).toBe(200);
    const ofOther = await contact(B, keyed);
    expect([ofOther.status, await codeOf(ofOther)]).toEqual([404, "ERR_GHL_GATEWAY_NOT_INSTALLED"]);
    const seen = (await upstream.log()).slice(since).map(({ clientId, resource }) => [clientId, resource?.id]);
    expect(seen).toEqual([
      [WIDE_CLIENT_ID, A],
      [WIDE_CLIENT_ID, B],
      [CLIENT_ID, A],
    ]);
  });

  it("a call with another tenant's ids uses the token of the path, whatever the operation", async () => {
    const since = (await upstream.log()).length;
    const routes = allRoutes();
    let sent = 0;
    const send = async ({ method, path, version }: (typeof routes)[number]): Promise<void> => {
      const target = path.replaceAll(/\{[^}]+\}/g, B);
      const query = `?locationId=${B}&altId=${B}&altType=location`;
      const headers = { ...wideKeyed, ...(version && { version }) };
      const response = await call(`/api/location/${A}${target}${query}`, { method, headers });
      await response.arrayBuffer();
      if (!response.headers.get("content-type")?.includes("problem+json")) sent += 1;
    };
    for (let index = 0; index < routes.length; index += 50)
      await Promise.all(routes.slice(index, index + 50).map(send));
    const seen = (await upstream.log()).slice(since);
    expect(sent).toBeGreaterThan(20);
    expect(seen.filter(({ resource }) => resource !== undefined && resource.id !== A)).toEqual([]);
    expect(seen.filter(({ clientId }) => clientId !== undefined && clientId !== WIDE_CLIENT_ID)).toEqual([]);
    // HighLevel refuses a call that names the other location, and answers nothing of it.
    expect(seen.filter(({ refused }) => refused === "location").length).toBeGreaterThan(0);
  }, 60_000);

  it("a value that is sealed for one tenant cannot be opened for another", async () => {
    const statuses = await Promise.all(
      [`${WIDE_APP}:location:${A}`, `${APP}:location:${A}`].map((name) => env.TOKEN_GRANT.getByName(name).status()),
    );
    const tokenIds = statuses.map(({ grant }) => grant?.current?.tokenId);
    expect(new Set(tokenIds).size).toBe(2);
  });
});
