import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import type { Endpoint } from "../../src/domain/delivery/endpoint.ts";
import { admin, administer } from "../support/calls/admin.ts";
import {
  call,
  deliver,
  install,
  installCompany,
  installFromMarketplace,
  keyed,
  readContact,
  upstream,
} from "../support/calls/gateway.ts";
import { expectNowhere, rows, watch } from "../support/checks/secrecy.ts";
import { arrived } from "../support/endpoints/endpoints.ts";
import { API_KEY, APP, DESTINATION, LOCATIONS } from "../support/setup/settings.ts";

const [location, privateLocation, derivedLocation] = LOCATIONS.slice(6, 9) as [string, string, string];
const [pendingLocation, otherPendingLocation] = LOCATIONS.slice(130, 132) as [string, string];

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Made as an operator makes them; only these answers may hold what is secret. */
async function addEndpoints() {
  const path = "/of-the-secrecy-test";
  const WORKFLOW_KEY = "w0rkfl0w-key-that-starts-a-workflow";
  const workflow = `https://services.leadconnectorhq.com/hooks/${location}/webhook-trigger/${WORKFLOW_KEY}`;
  const make = (body: object) =>
    administer<{ secret: string | null; endpoint: Endpoint }>("POST", "/admin/endpoints", { app: APP, ...body });
  const https = await make({ name: "https", kind: "https", target: DESTINATION + path });
  const { secret } = await administer<{ secret: string }>("POST", `/admin/endpoints/${https.endpoint.id}/secrets`, {});
  const unknown = await make({ name: "workflow", kind: "workflow", target: workflow, types: ["AppUninstall"] });
  const ids = [https.endpoint.id, unknown.endpoint.id];
  return {
    secrets: [https.secret ?? "", secret, WORKFLOW_KEY],
    endpoint: { endpoint: https.endpoint, path, secret },
    paths: ids.flatMap((id) => [`/admin/endpoints/${id}`, `/admin/endpoints/${id}/deliveries`, "/admin/endpoints"]),
  };
}

it("no token, secret or key is in a reply, a log line or a row", async () => {
  const { lines, replies, record } = watch();

  await record(await install({ locationId: location }));
  await record(await readContact(location));
  await record(await call(`/api/location/${location}/locations/elsewhere`, { headers: keyed }));
  await record(await call(`/api/location/${location}/nowhere`, { headers: keyed }));
  await record(await call(`/api/location/${location}/contacts/c1`, { headers: { "x-gateway-key": "wrong-key-0000" } }));
  const event = await upstream.sign("ContactCreate", { locationId: location });
  await record(
    await call(`/webhooks/${APP}`, {
      method: "POST",
      headers: { "x-ghl-signature": event.signature },
      body: event.body,
    }),
  );
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_000 });
  await record(await readContact(location));
  await upstream.fault(location, "garbage");
  vi.setSystemTime(Date.now() + 86_340_000);
  await record(await readContact(location));

  // Tokens of pending installations, as operators see them.
  await record(await installFromMarketplace(pendingLocation));
  await record(await admin("GET", "/admin/installations?state=pending"));
  const approved = await admin("POST", `/admin/installations/${APP}/location/${pendingLocation}/approve`);
  expect(approved.status).toBe(200);
  await record(approved);
  const pending = env.TOKEN_GRANT.getByName(`${APP}:location:${otherPendingLocation}`);
  await record(await installFromMarketplace(otherPendingLocation));
  expect((await pending.status()).pendingApproval).toBeDefined();
  replies.push(JSON.stringify(await pending.status()));

  // A private integration token, a token that HighLevel ends, a company's, and one minted from it.
  const grant = env.TOKEN_GRANT.getByName(`${APP}:location:${privateLocation}`);
  const tenant = { app: APP, resource: { kind: "location", id: privateLocation } } as const;
  await grant.storePrivateToken(tenant, "pit-0000-secret-of-a-private-integration");
  await record(await readContact(privateLocation));
  vi.useRealTimers();
  await record(await install({ locationId: location }));
  await upstream.expire({ kind: "location", id: location });
  await record(await readContact(location));
  await record(await installCompany());
  await record(await readContact(derivedLocation));
  // Endpoints for the events that follow: one gets them signed with two secrets, one has a secret URL.
  const endpoints = await addEndpoints();
  await record(
    await deliver("UNINSTALL", { locationId: location, timestamp: new Date(Date.now() + 2_000).toISOString() }),
  );
  await record(await readContact(location));

  const secrets = [
    ...(await upstream.secrets()),
    API_KEY,
    "wrong-key-0000",
    "pit-0000-secret-of-a-private-integration",
    ...endpoints.secrets,
  ];
  await arrived(endpoints.endpoint, 1);
  for (const path of endpoints.paths) await record(await admin("GET", path));
  // Code exchanges and refreshes, an access and a refresh token each; the company's; the derived one; those of pending installations.
  expect(secrets.length).toBeGreaterThanOrEqual(20);
  const stored = await rows();
  expect(stored).toContain(location);
  expect(lines.length).toBeGreaterThan(8);
  expectNowhere(secrets, { replies, lines, stored: [stored] });
}, 120_000);

it("no log line has a URL, a query, an authorization code or a key", async () => {
  const { lines } = watch();
  const secret = "s3cret0f0neUrl";
  const { headers } = await call(`/oauth/install?app=${APP}`);
  const cookie = (headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const state = new URL(headers.get("location") ?? "").searchParams.get("state") ?? "";
  const requests: [string, RequestInit?][] = [
    [`/oauth/callback?code=${secret}&state=${state}`, { headers: { cookie } }],
    [`/oauth/callback?code=${secret}`],
    [`/oauth/callback?error=${secret}&state=${state}`],
    [`/api/location/${location}/contacts/?query=${secret}&locationId=${location}`, { headers: keyed }],
    [`/api/location/${location}/contacts/${secret}?a=${secret}`, { headers: keyed }],
    [`/api/location/${location}/contacts/c1`, { headers: { "x-gateway-key": secret } }],
    [`/api/location/${location}//${secret}`, { headers: keyed }],
    [`/webhooks/${APP}?event=${secret}`, { method: "POST", body: secret }],
    [`/workflows/${APP}/wr_0123456789abcdef0123456789ab?token=${secret}`, { method: "POST", body: secret }],
    [`/workflows/${APP}/send/${secret}`, { method: "POST", headers: keyed, body: secret }],
    [`/marketplace/billing/${APP}?x=${secret}`],
    [`/marketplace/external-auth/${APP}?apiKey=${secret}`, { method: "POST", body: secret }],
    [`/admin/installations?cursor=${secret}`],
    [`/${secret}?${secret}`],
  ];
  for (const [path, init] of requests) await call(path, init);
  const ours = lines.filter((line) => line.startsWith("{"));
  expect(ours.length).toBeGreaterThanOrEqual(requests.length);
  expect(ours.filter((line) => line.includes(secret) || /:\/\/|\?|state=/.test(line))).toEqual([]);
});
