import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { admin } from "./support/admin.ts";
import {
  call,
  deliver,
  install,
  installCompany,
  installFromMarketplace,
  keyed,
  readContact,
  upstream,
} from "./support/gateway.ts";
import { expectNowhere, rows, watch } from "./support/secrecy.ts";
import { API_KEY, APP, LOCATIONS } from "./support/settings.ts";

const [location, privateLocation, mintedLocation] = LOCATIONS.slice(6, 9) as [string, string, string];
const [heldLocation, otherHeldLocation] = LOCATIONS.slice(130, 132) as [string, string];

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("no token, secret or key is in a reply, a log line or a row", async () => {
  const { lines, replies, keep } = watch();

  await keep(await install({ locationId: location }));
  await keep(await readContact(location));
  await keep(await call(`/api/location/${location}/locations/elsewhere`, { headers: keyed }));
  await keep(await call(`/api/location/${location}/nowhere`, { headers: keyed }));
  await keep(await call(`/api/location/${location}/contacts/c1`, { headers: { "x-gateway-key": "wrong-key-0000" } }));
  const event = await upstream.sign("ContactCreate", { locationId: location });
  await keep(
    await call(`/webhooks/${APP}`, {
      method: "POST",
      headers: { "x-ghl-signature": event.signature },
      body: event.body,
    }),
  );
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_000 });
  await keep(await readContact(location));
  await upstream.fault(location, "garbage");
  vi.setSystemTime(Date.now() + 86_340_000);
  await keep(await readContact(location));

  // Tokens that are held, as operators see them.
  await keep(await installFromMarketplace(heldLocation));
  await keep(await admin("GET", "/admin/installations?state=pending"));
  const approved = await admin("POST", `/admin/installations/${APP}/location/${heldLocation}/approve`);
  expect(approved.status).toBe(200);
  await keep(approved);
  const held = env.TOKEN_GRANT.getByName(`${APP}:location:${otherHeldLocation}`);
  await keep(await installFromMarketplace(otherHeldLocation));
  expect((await held.status()).held).toBeDefined();
  replies.push(JSON.stringify(await held.status()));

  // A private integration token, a token that HighLevel ends, a company's, and one minted from it.
  const grant = env.TOKEN_GRANT.getByName(`${APP}:location:${privateLocation}`);
  const owner = { app: APP, resource: { kind: "location", id: privateLocation } } as const;
  await grant.keepPrivateToken(owner, "pit-0000-secret-of-a-private-integration");
  await keep(await readContact(privateLocation));
  vi.useRealTimers();
  await keep(await install({ locationId: location }));
  await upstream.expire({ kind: "location", id: location });
  await keep(await readContact(location));
  await keep(await installCompany());
  await keep(await readContact(mintedLocation));
  await keep(
    await deliver("UNINSTALL", { locationId: location, timestamp: new Date(Date.now() + 2_000).toISOString() }),
  );
  await keep(await readContact(location));

  const secrets = [
    ...(await upstream.secrets()),
    API_KEY,
    "wrong-key-0000",
    "pit-0000-secret-of-a-private-integration",
  ];
  // Code exchanges and refreshes, an access and a refresh token each; the company's; the minted one; those that were held.
  expect(secrets.length).toBeGreaterThanOrEqual(20);
  const stored = await rows();
  expect(stored).toContain(location);
  expect(lines.length).toBeGreaterThan(8);
  expectNowhere(secrets, { replies, lines, stored: [stored] });
});
