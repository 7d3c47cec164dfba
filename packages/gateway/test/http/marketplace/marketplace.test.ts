import { env } from "cloudflare:workers";
import { createDeliveryVerifier } from "@ghl-edge/webhooks/gateway";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../../src/app.ts";
import { isolate } from "../../../src/worker.ts";
import { codeOf } from "../../support/calls/admin.ts";
import { call, json, keyed, wideKeyed } from "../../support/calls/gateway.ts";
import { keyFor } from "../../support/calls/keys.ts";
import { encryptUserContext } from "../../support/calls/user-context.ts";
import type { Received } from "../../support/endpoints/destination.ts";
import { destination } from "../../support/endpoints/endpoints.ts";
import {
  APP,
  CALLBACK_PATHS,
  CALLBACK_SECRET,
  COMPANY,
  LOCATIONS,
  PAYMENT_KEYS,
  SHARED_SECRET,
  WIDE_APP,
} from "../../support/setup/settings.ts";

const [ONE, TWO] = LOCATIONS.slice(140, 142) as [string, string];
/** The last question that came to a path, its signature checked. */
async function lastCallback(path: string): Promise<unknown> {
  const { body, headers } = (await destination.received({ path })).at(-1) as Received;
  await createDeliveryVerifier({ secrets: [CALLBACK_SECRET] }).verifySignature({ body, headers });
  return JSON.parse(body);
}

afterEach(() => {
  vi.restoreAllMocks();
});

function paidByFailedCharge(): string {
  const chargeSnapshot = { status: "failed", chargeId: "ch", amount: 1, chargedAt: 1 };
  return JSON.stringify({ status: "succeeded", chargeSnapshot });
}

describe("user context", () => {
  const PATH = `/marketplace/user-context/${APP}`;
  const user = {
    userId: "u1",
    companyId: COMPANY,
    role: "admin",
    type: "agency",
    userName: "Zoë",
    email: "zoe@example.com",
  };
  const open = (payload: unknown, headers: Record<string, string> = keyed) => call(PATH, json({ payload }, headers));

  it("user context is decrypted for a reading key, with the earlier secret as well", async () => {
    const there = { ...user, activeLocation: ONE };
    for (const secret of [SHARED_SECRET, "the-one-before"]) {
      const response = await open(await encryptUserContext(there, secret), await keyFor([ONE]));
      expect([response.status, await response.json()]).toEqual([200, there]);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("user context needs a key of the location that it is shown in, else of the company", async () => {
    const inLocation = await encryptUserContext({ ...user, activeLocation: ONE }, SHARED_SECRET);
    const inCompany = await encryptUserContext(user, SHARED_SECRET);
    const SCOPE = [403, "ERR_GHL_GATEWAY_API_KEY_SCOPE"];
    const [ofOther, ofCompany, ofLocation] = [await keyFor([TWO]), await keyFor([COMPANY]), await keyFor([ONE])];
    const refused = await open(inLocation, ofOther);
    const text = await refused.clone().text();
    expect(await codeOf(refused)).toEqual(SCOPE);
    expect(text).not.toContain(ONE);
    // An agency's key does not open its locations, as on /api.
    expect(await codeOf(await open(inLocation, ofCompany))).toEqual(SCOPE);
    expect(await codeOf(await open(inCompany, ofLocation))).toEqual(SCOPE);
    expect((await open(inCompany, ofCompany)).status).toBe(200);
  });

  it("user context that is invalid is refused with the same words, whatever is wrong with it", async () => {
    const good = await encryptUserContext(user, SHARED_SECRET);
    const bytes = atob(good);
    const flipped = btoa(bytes.slice(0, -1) + String.fromCharCode(bytes.charCodeAt(bytes.length - 1) ^ 1));
    const answers = [
      await encryptUserContext(user, "another secret"),
      await encryptUserContext({ userId: "u1" }, SHARED_SECRET),
      flipped,
      good.slice(0, -4),
      "no base64!",
      "",
      7,
      undefined,
      "A".repeat(20_000),
    ].map(async (payload) => {
      const response = await open(payload);
      const { requestId: _own, ...problem } = (await response.json()) as Record<string, unknown>;
      return [response.status, problem];
    });
    const [first, ...others] = await Promise.all(answers);
    expect(first).toMatchObject([400, { code: "ERR_GHL_GATEWAY_USER_CONTEXT_REFUSED" }]);
    for (const other of others) expect(other).toEqual(first);
  });

  it("user context needs a key of this app, a body that is an object, and a limited size", async () => {
    const payload = await encryptUserContext(user, SHARED_SECRET);
    expect(await codeOf(await open(payload, {}))).toEqual([401, "ERR_GHL_GATEWAY_API_KEY_MISSING"]);
    expect(await codeOf(await open(payload, { authorization: "Bearer wrong" }))).toEqual([
      401,
      "ERR_GHL_GATEWAY_API_KEY_UNKNOWN",
    ]);
    expect(await codeOf(await open(payload, wideKeyed))).toEqual([403, "ERR_GHL_GATEWAY_API_KEY_SCOPE"]);
    const off = await call(`/marketplace/user-context/${WIDE_APP}`, json({ payload }, wideKeyed));
    expect(await codeOf(off)).toEqual([404, "ERR_GHL_GATEWAY_MARKETPLACE_OFF"]);
    for (const body of ["", "[]", "null", "{", '"text"', "\ufeff{}", JSON.stringify({ payload: "x".repeat(65_536) })])
      expect(await codeOf(await call(PATH, { method: "POST", headers: keyed, body }))).toEqual([
        400,
        "ERR_GHL_GATEWAY_INPUT_INVALID",
      ]);
    expect((await call(PATH, { headers: keyed })).status).toBe(404);
  });
});

describe("external auth", () => {
  const PATH = `/marketplace/external-auth/${APP}`;
  const path = CALLBACK_PATHS.externalAuth;
  const says = (body: string) => destination.behave({ path }, { body });
  const form = new URLSearchParams({ companyId: COMPANY, locationId: `["${ONE}","${TWO}"]`, apiKey: "5ecre7" });
  const called = {
    type: "external_auth.verify",
    app: APP,
    data: {
      companyId: COMPANY,
      selection: { kind: "locations", locationIds: [ONE, TWO] },
      fields: { apiKey: "5ecre7" },
      headers: {},
    },
  };

  it.each<[string, string, RequestInit]>([
    ["a query", `${PATH}?${form.toString()}`, {}],
    ["a form", PATH, { method: "POST", body: form }],
    [
      "arrays in JSON",
      PATH,
      { ...json({ companyId: COMPANY, locationId: [ONE, TWO], apiKey: "5ecre7" }), method: "PUT" },
    ],
    ["a comma list", PATH, { ...json({ companyId: COMPANY, locationId: `${ONE},${TWO}`, apiKey: "5ecre7" }) }],
  ])("external auth in %s calls the back end, and its yes is HighLevel's", async (_what, url, init) => {
    await says('{"allow":true}');
    const response = await call(url, init);
    expect([response.status, await response.json()]).toEqual([200, { success: true }]);
    expect(await lastCallback(path)).toEqual(called);
  });

  it("external auth shows the headers that the app has named, and no other", async () => {
    await says('{"allow":true}');
    await call(PATH, json({ locationId: ONE }, { "x-api-key": "5ecre7", authorization: "Basic 5ecre7" }));
    expect(await lastCallback(path)).toMatchObject({ data: { headers: { "x-api-key": "5ecre7" } } });
    expect(JSON.stringify(await lastCallback(path))).not.toContain("Basic");
  });

  it("external auth that the back end refuses is refused", async () => {
    await says('{"allow":false}');
    expect(await codeOf(await call(PATH, json({ locationId: ONE })))).toEqual([401, "ERR_GHL_EXTERNAL_AUTH_REJECTED"]);
  });

  it.each<[string, string, number]>([
    ["is away", '{"allow":true}', 503],
    ["says nothing", "", 200],
    ["says yes in another way", '{"allow":"true"}', 200],
    ["says no object", "true", 200],
  ])("external auth whose back end %s is no success", async (_what, body, status) => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
    await destination.behave({ path }, { body, status });
    expect(await codeOf(await call(PATH, json({ locationId: ONE, apiKey: "5ecre7" })))).toEqual([
      500,
      "ERR_GHL_MARKETPLACE_HANDLER_FAILED",
    ]);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      outcome: `ERR_GHL_GATEWAY_DESTINATION_${status === 200 ? "UNREADABLE" : "REFUSED"}`,
    });
    expect(lines.join()).not.toContain("5ecre7");
  });

  it("external auth that contradicts itself or is too large calls no back end", async () => {
    const { count } = await destination.count({ path });
    const both = { companyId: COMPANY, approveAllLocations: true, locationId: [ONE] };
    expect(await codeOf(await call(PATH, json(both)))).toEqual([400, "ERR_GHL_EXTERNAL_AUTH_REQUEST"]);
    const large = json({ locationId: ONE, apiKey: "x".repeat(262_144) });
    expect(await codeOf(await call(PATH, large))).toEqual([413, "ERR_GHL_GATEWAY_WEBHOOK_TOO_LARGE"]);
    expect((await call(PATH, { method: "DELETE" })).status).toBe(405);
    expect(await codeOf(await call(`/marketplace/external-auth/${WIDE_APP}`))).toEqual([
      404,
      "ERR_GHL_GATEWAY_MARKETPLACE_OFF",
    ]);
    expect(await codeOf(await call("/marketplace/external-auth/nobody"))).toEqual([404, "ERR_GHL_GATEWAY_APP_UNKNOWN"]);
    expect(await destination.count({ path })).toMatchObject({ count });
  });
});

describe("a payment query", () => {
  const PATH = `/marketplace/payments/${APP}`;
  const path = CALLBACK_PATHS.payments;
  const query = (fields: object, apiKey: string = PAYMENT_KEYS.live) => call(PATH, json({ apiKey, ...fields }));

  it("a payment query calls the back end without its key, and is answered as HighLevel reads it", async () => {
    await destination.behave({ path }, { body: '{"status":"succeeded"}' });
    const paid = await query({ type: "verify", transactionId: "t1", chargeId: "ch_1" });
    expect([paid.status, await paid.json()]).toEqual([200, { success: true }]);
    const called = await lastCallback(path);
    expect(called).toMatchObject({
      type: "payments.verify",
      app: APP,
      data: { mode: "live", transactionId: "t1", chargeId: "ch_1" },
    });
    expect(JSON.stringify(called)).not.toContain(PAYMENT_KEYS.live);
  });

  it.each<[string, object, unknown, unknown]>([
    [
      "list_payment_methods",
      { contactId: "c1" },
      [{ id: "pm", type: "card", title: "A card", subTitle: "", customerId: "cu" }],
      [{ id: "pm", type: "card", title: "A card", subTitle: "", customerId: "cu" }],
    ],
    [
      "charge_payment",
      { paymentMethodId: "pm", contactId: "c1", amount: "10.50", currency: "USD" },
      { status: "failed", message: "declined" },
      { success: false, failed: true, message: "declined" },
    ],
    [
      "refund",
      { amount: 3, chargeId: "ch" },
      { status: "succeeded", id: "re", amount: 3, currency: "USD" },
      { success: true, message: "", id: "re", amount: 3, currency: "USD" },
    ],
    ["cancel_subscription", { subscriptionId: "s" }, { status: "canceled" }, { status: "canceled" }],
  ])("a payment query of type %s goes the same way", async (type, fields, answer, reply) => {
    await destination.behave({ path }, { body: JSON.stringify(answer) });
    const response = await query({ type, ...fields }, PAYMENT_KEYS.test);
    expect([response.status, await response.json()]).toEqual([200, reply]);
    expect(await lastCallback(path)).toMatchObject({ type: `payments.${type}`, data: { mode: "test" } });
  });

  it.each<[string, string, number, string]>([
    ["away", '{"status":"succeeded"}', 502, "MARKETPLACE_HANDLER_FAILED"],
    ["empty", "", 200, "MARKETPLACE_HANDLER_FAILED"],
    ["as older guides are", '{"success":true,"status":"pending!"}', 200, "PAYMENT_REPLY"],
    ["one that says paid with a charge that is not", paidByFailedCharge(), 200, "PAYMENT_REPLY"],
  ])("a payment query whose back end is %s is never paid", async (_what, body, status, code) => {
    await destination.behave({ path }, { body, status });
    expect(await codeOf(await query({ type: "verify", chargeId: "ch" }))).toEqual([500, `ERR_GHL_${code}`]);
  });

  it("a payment query with a wrong key, or another app's, belongs to no merchant", async () => {
    const { count } = await destination.count({ path });
    for (const apiKey of ["", "wrong", PAYMENT_KEYS.live.slice(0, -1)])
      expect(await codeOf(await query({ type: "verify", chargeId: "c" }, apiKey))).toEqual([
        401,
        "ERR_GHL_PAYMENT_QUERY_API_KEY",
      ]);
    // The other app has no key for tests.
    const wide = json({ apiKey: PAYMENT_KEYS.test, type: "verify", chargeId: "c" });
    expect((await call(`/marketplace/payments/${WIDE_APP}`, wide)).status).toBe(401);
    expect((await call(PATH)).status).toBe(405);
    expect((await query({ type: "verify", chargeId: "x".repeat(1_048_576) })).status).toBe(413);
    expect(await destination.count({ path })).toMatchObject({ count });
  });

  it("a payment query of an app whose back end is a bound Worker goes there", async () => {
    await destination.behave({ path: "/" }, { body: '{"status":"pending"}', times: 1 });
    const wide = json({ apiKey: PAYMENT_KEYS.live, type: "verify", chargeId: "bound" });
    const response = await call(`/marketplace/payments/${WIDE_APP}`, wide);
    expect([response.status, await response.json()]).toEqual([200, { success: false }]);
    expect(await lastCallback("/")).toMatchObject({ app: WIDE_APP, data: { chargeId: "bound" } });
  });
});

it("a part that is configured wrong closes everything, and is named without its value", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  const apps = JSON.parse(env.APPS) as Record<string, { marketplace?: unknown }>;
  apps[APP]!.marketplace = { externalAuth: { callback: { url: "http://s3cret.example/", secret: CALLBACK_SECRET } } };
  const broken = { ...env, APPS: JSON.stringify(apps) };
  const response = await createApp(isolate).request(`/marketplace/external-auth/${APP}`, { method: "POST" }, broken);
  expect(response.status).toBe(503);
  expect(lines.join()).toContain(`"setting":"APPS.${APP}.marketplace.externalAuth.callback.url"`);
  expect(lines.join() + (await response.text())).not.toContain("s3cret");
});
