import { createEmulator } from "@ghl-edge/emulator";
import { createMemoryTokenStore, createTokenManager, parseCallback } from "@ghl-edge/oauth";
import { expect, test } from "vitest";

const CLIENT_ID = "5f0000000000000000000001-lx2k9d3a";
const LOCATION = "lOcAtIoN000000000001";

test("the oauth package installs from, and keeps tokens of, an emulated HighLevel that its baseUrl names", async () => {
  const emulator = createEmulator({
    seed: "oauth",
    apps: [{ clientId: CLIENT_ID, clientSecret: "secret" }],
    company: { id: "cOmPaNy0000000000001", name: "Agency", locations: [{ id: LOCATION, name: "One" }] },
  });
  const tokens = createTokenManager({
    clientId: CLIENT_ID,
    clientSecret: "secret",
    redirectUri: "http://localhost:8787/callback",
    baseUrl: "http://127.0.0.1:4010",
    fetch: (request) => emulator.fetch(request),
    store: createMemoryTokenStore(),
  });
  const link = new URL(tokens.client.authorizeUrl({ scopes: ["contacts.readonly"], state: "once" }));
  expect(link.origin).toBe("http://127.0.0.1:4010");
  link.searchParams.set("locationId", LOCATION);
  const chosen = await emulator.fetch(new Request(link));
  expect(chosen.status).toBe(302);
  const { code } = parseCallback(chosen.headers.get("location") ?? "", "once");
  const { resource } = await tokens.exchangeCode(code);
  expect(resource).toEqual({ kind: "location", id: LOCATION });
  const first = await tokens.getAccessToken({ resource });
  emulator.expireAccessTokens(resource);
  expect(await tokens.getAccessToken({ resource, rejectedToken: first })).not.toBe(first);
});
