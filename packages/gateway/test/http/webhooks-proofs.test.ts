import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { jsonForms } from "@ghl-edge/emulator";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createTrafficApp } from "../../src/app.ts";
import { TokenGrant } from "../../src/objects/token-grant/token-grant.ts";
import { isolate } from "../../src/worker.ts";
import { call, installCompany, settled, upstream } from "../support/calls/gateway.ts";
import { addEndpoint, arrived, destination, removeEndpoint } from "../support/endpoints/endpoints.ts";
import type { Posted } from "../support/highlevel/upstream.ts";
import {
  APP,
  CLIENT_ID,
  COMPANY,
  GATEWAY,
  HMAC_SECRET,
  LOCATIONS,
  WIDE_APP,
  WIDE_CLIENT_ID,
} from "../support/setup/settings.ts";
import { appIdOf, HOUR_MS, inbox, inboxes, next, post, today } from "./webhook-posts.ts";

// The numbers of docs/design/gateway.md that are about webhooks.

afterEach(() => {
  vi.restoreAllMocks();
});

it(`every one of the ${jsonForms.length} ways to write JSON is accepted, and kept and delivered as it was written`, async () => {
  const location = next();
  const endpoint = await addEndpoint({ resources: [{ kind: "location", id: location }] });
  const fields = { locationId: location, appId: appIdOf(CLIENT_ID) };
  const posted = await upstream.letters(jsonForms.map((form) => ({ event: "ContactCreate", form, fields })));
  expect(posted).toHaveLength(19);
  for (const one of posted) expect(await (await post(one)).json()).toEqual({ outcome: "stored" });
  const received = await arrived(endpoint, 19);
  const bodies = received.map(({ body }) => body);
  for (const { body } of posted)
    expect(
      bodies.some((text) => text.endsWith(`"data":${body}}`)),
      body,
    ).toBe(true);
  await removeEndpoint(endpoint);
});

describe("forged, refused, and nothing stored:", () => {
  const cases: [string, (genuine: Posted, rsa: Posted) => Posted | Promise<Posted>][] = [
    ["no signature", ({ body }) => ({ headers: {}, body })],
    ["a signature of nothing", ({ body }) => ({ headers: { "x-ghl-signature": `${"A".repeat(86)}==` }, body })],
    ["a signature that is too short", ({ body }) => ({ headers: { "x-ghl-signature": "AAAA" }, body })],
    ["N/A", ({ body }) => ({ headers: { "x-ghl-signature": "N/A" }, body })],
    ["no app and no signature", () => ({ headers: {}, body: JSON.stringify({ type: "ContactCreate" }) })],
    [
      "no app and a made up signature",
      () => ({ headers: { "x-ghl-signature": `${"B".repeat(86)}==` }, body: JSON.stringify({ type: "INSTALL" }) }),
    ],
    ["an array", ({ headers, body }) => ({ headers, body: `[${body}]` })],
    ["an empty body", ({ headers }) => ({ headers, body: "" })],
    ["written again", ({ headers, body }) => ({ headers, body: JSON.stringify(JSON.parse(body), null, 2) })],
    ["one more byte", ({ headers, body }) => ({ headers, body: `${body} ` })],
    ["RSA alone, where it is off", (_genuine, rsa) => rsa],
    [
      "a bad Ed25519 beside a good RSA",
      (_genuine, rsa) => ({ ...rsa, headers: { ...rsa.headers, "x-ghl-signature": `${"C".repeat(86)}==` } }),
    ],
    [
      "an HMAC, where it is off",
      async ({ body }) => ({ headers: { "x-highlevel-signature": await hmac(body) }, body }),
    ],
  ];

  async function hmac(body: string): Promise<string> {
    const encode = (text: string) => new TextEncoder().encode(text);
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", encode(HMAC_SECRET), algorithm, false, ["sign"]);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, encode(body)));
    return Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  it.each(cases)("a forged webhook is refused and nothing is stored: %s", async (_what, forge) => {
    const before = await inboxes();
    const fields = { locationId: next(), appId: appIdOf(CLIENT_ID) };
    const [genuine, rsa] = await upstream.letters([
      { event: "ContactCreate", fields },
      { event: "ContactCreate", fields, signatures: ["rsa"] },
    ]);
    const response = await post(await forge(genuine!, rsa!));
    expect(response.status).toBe(401);
    expect(await inboxes()).toBe(before);
  });

  it("a webhook with any one bit of the signature or the body inverted is refused", async () => {
    const before = await inboxes();
    const [genuine] = await upstream.letters([{ event: "ContactCreate", fields: { locationId: next() } }]);
    const { headers, body } = genuine!;
    const signature = Uint8Array.from(atob(headers["x-ghl-signature"]!), (character) => character.charCodeAt(0));
    const bytes = new TextEncoder().encode(body);
    const flipped = (array: Uint8Array, bit: number): Uint8Array =>
      array.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(), async (ofBody, n) => {
        const forged = ofBody ? signature : flipped(signature, n % (signature.length * 8));
        const sent = ofBody ? flipped(bytes, n % (bytes.length * 8)) : bytes;
        const response = await call(`/webhooks/${APP}`, {
          method: "POST",
          headers: { "x-ghl-signature": btoa(String.fromCharCode(...forged)) },
          body: sent,
        });
        expect(response.status).toBe(401);
      }),
      { numRuns: 150 },
    );
    expect(await inboxes()).toBe(before);
  });

  it("webhooks with RSA and HMAC are accepted where an app enables them, and never at a provider's URL", async () => {
    const fields = { locationId: next(), appId: appIdOf(WIDE_CLIENT_ID) };
    const [rsa, plain] = await upstream.letters([
      { event: "ContactCreate", fields, signatures: ["rsa"] },
      { event: "ContactUpdate", fields },
    ]);
    const signed = { headers: { "x-highlevel-signature": `sha256=${await hmac(plain!.body)}` }, body: plain!.body };
    expect((await post(rsa!, WIDE_APP, "/provider")).status).toBe(401);
    expect((await post(signed, WIDE_APP, "/provider")).status).toBe(401);
    expect((await post(rsa!, WIDE_APP)).status).toBe(200);
    expect((await post(signed, WIDE_APP)).status).toBe(200);
    expect(await inbox(fields.locationId, WIDE_APP).events({}, 10)).toHaveLength(2);
  });
});

it("a conversation provider's message is known by its URL, whose type is the channel", async () => {
  const location = next();
  const fields = { locationId: location, type: "SMS", appId: appIdOf(CLIENT_ID) };
  const [message] = await upstream.letters([{ event: "ProviderOutboundMessage", fields }]);
  expect((await post(message!, APP, "/provider")).status).toBe(200);
  const undated = env.WEBHOOK_INBOX.getByName(`${APP}:location:${location}:undated`);
  const events = [...(await inbox(location).events({}, 10)), ...(await undated.events({}, 10))];
  expect(events).toMatchObject([{ name: "ProviderOutboundMessage", type: "SMS" }]);
});

it("a message that another provider of the location received is refused when a hintKey is set", async () => {
  const location = next();
  const config = isolate.readConfig(env);
  const app = config.apps.get(APP)!;
  const hintKey = "0123456789abcdef";
  const apps = new Map([[APP, { ...app, webhooks: { ...app.webhooks, hintKey } }]]);
  vi.spyOn(isolate, "readConfig").mockReturnValue({ ...config, apps });
  const timestamp = new Date().toISOString();
  const fields = { locationId: location, type: "SMS", timestamp, appId: null };
  const [message] = await upstream.letters([{ event: "ProviderOutboundMessage", fields }]);
  const { headers, body } = message!;
  // The app that serves the other tests has read its configuration.
  const gateway = createTrafficApp(isolate);
  for (const path of ["/provider", "/provider?key=0123456789abcdeg", `/provider?key=${hintKey}`, "/provider"]) {
    const request = new Request(`${GATEWAY}/webhooks/${APP}${path}`, { method: "POST", headers, body });
    expect((await gateway.fetch(request, env, createExecutionContext())).status).toBe(200);
  }
  const events = await inbox(location).events({}, 10);
  expect(events.map(({ name }) => name)).toEqual(["ProviderOutboundMessage", "unknown"]);
});

it("a time of 2020, and an UNINSTALL captured more than three days ago, are kept and have no effects", async () => {
  const location = next();
  const endpoint = await addEndpoint({ resources: [{ kind: "location", id: location }] });
  const uninstalled = vi.spyOn(TokenGrant.prototype, "applyUninstallEvent");
  for (const timestamp of ["2020-02-29T12:00:00Z", new Date(Date.now() - 74 * HOUR_MS).toISOString()]) {
    const fields = { locationId: location, timestamp, appId: appIdOf(CLIENT_ID) };
    const [event] = await upstream.letters([{ event: "AppUninstall", fields }]);
    expect(await (await post(event!)).json()).toEqual({ outcome: "quarantined" });
    await settled(`location:${location}:${timestamp.slice(0, 10)}`);
  }
  expect(uninstalled).not.toHaveBeenCalled();
  expect(await destination.count(endpoint)).toMatchObject({ count: 0 });
  await removeEndpoint(endpoint);
});

it("300 INSTALL events at once are all acknowledged, and every location can be used", async () => {
  await installCompany();
  const storm = LOCATIONS.slice(-300);
  expect(storm).toHaveLength(300);
  const letters = await upstream.letters(
    storm.map((locationId) => ({
      event: "AppInstall",
      fields: { locationId, companyId: COMPANY, appId: appIdOf(CLIENT_ID) },
    })),
  );
  const answers = await Promise.all(letters.map(async (letter) => (await post(letter)).status));
  expect(answers.filter((status) => status !== 200)).toEqual([]);
  for (const location of storm) await settled(`location:${location}:${today()}`, 60_000);
  const states = await Promise.all(
    storm.map(async (id) => (await env.TOKEN_GRANT.getByName(`${APP}:location:${id}`).status()).derived),
  );
  // Each knows its company and that it is installed: its first call mints its token.
  expect(states.filter((state) => state?.companyId !== COMPANY || state.installedAtMs === undefined)).toEqual([]);
  for (const id of storm.slice(0, 10)) {
    const tenant = { app: APP, resource: { kind: "location", id }, acceptedTokenTypes: "any" } as const;
    expect(await env.TOKEN_GRANT.getByName(`${APP}:location:${id}`).accessToken(tenant)).toMatchObject({ ok: true });
  }
}, 120_000);
