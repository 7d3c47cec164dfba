import { afterEach, describe, expect, it, vi } from "vitest";
import { codeOf } from "../../support/calls/admin.ts";
import { call, json, keyed, upstream, wideKeyed } from "../../support/calls/gateway.ts";
import { keyFor } from "../../support/calls/keys.ts";
import {
  APP,
  BILLING_PAGE,
  CLIENT_ID,
  CLIENT_SECRET,
  COMPANY,
  LOCATIONS,
  UPSTREAM,
  WIDE_APP,
  WIDE_CLIENT_ID,
} from "../../support/setup/settings.ts";

const [ONE, TWO] = LOCATIONS.slice(142, 144) as [string, string];
const PATH = `/marketplace/billing/${APP}`;

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the billing redirect", () => {
  const redirect = (query: string): Promise<Response> => call(`${PATH}?${query}`);

  it("the billing redirect sends a browser on with HighLevel's own parameters", async () => {
    const query = `clientId=${CLIENT_ID}&installType=agency%2Clocation&locationId=${ONE},${TWO}&companyId=${COMPANY}&new=1`;
    const response = await redirect(query);
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(`${BILLING_PAGE}&${query}`);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it.each<[string, string]>([
    ["another app's", `clientId=${WIDE_CLIENT_ID}&installType=location&locationId=${ONE}`],
    ["two apps'", `clientId=${CLIENT_ID}&clientId=${WIDE_CLIENT_ID}&installType=location&locationId=${ONE}`],
    ["nobody's", `installType=location&locationId=${ONE}`],
    ["of no kind", `clientId=${CLIENT_ID}&installType=planet&locationId=${ONE}`],
    ["without a location", `clientId=${CLIENT_ID}&installType=location`],
    ["empty", ""],
  ])("the billing redirect does not send on a browser whose redirect is %s", async (_what, query) => {
    const response = await redirect(query);
    expect(response.headers.get("location")).toBeNull();
    expect(await codeOf(response)).toEqual([400, "ERR_GHL_GATEWAY_BILLING_REDIRECT"]);
  });

  it("the billing redirect is off for an app that has no page", async () => {
    const query = `clientId=${WIDE_CLIENT_ID}&installType=location&locationId=${ONE}`;
    expect(await codeOf(await call(`/marketplace/billing/${WIDE_APP}?${query}`))).toEqual([
      404,
      "ERR_GHL_GATEWAY_MARKETPLACE_OFF",
    ]);
  });
});

describe("payments of billing", () => {
  const payment = { amount: 12.5, status: "COMPLETED", paymentType: "one_time", paymentId: "pay_1" };
  const location = (locationId: string) => ({ authType: "location", locationId });
  const company = { authType: "company", companyId: COMPANY };
  const report = (body: unknown, headers: Record<string, string> = keyed) =>
    call(`${PATH}/payments`, json(body, headers));

  it("payments of billing are reported with the app's own credentials, and answered by target", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    await upstream.answer("webhook", [
      { status: 200, body: "{}" },
      { status: 422, body: '{"message":"5ecre7"}' },
      { status: 503, body: "" },
    ]);
    const response = await report({ targets: [company, location(ONE), location(TWO), location(ONE)], payment });
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        results: [
          { target: company, outcome: "accepted", code: null },
          { target: location(ONE), outcome: "refused", code: "ERR_GHL_MARKETPLACE_REFUSED" },
          { target: location(TWO), outcome: "unknown", code: "ERR_GHL_MARKETPLACE_SERVER" },
        ],
      },
    ]);
    const sent = fetched.mock.calls.filter(([url]) => String(url) === `${UPSTREAM}/oauth/billing/webhook`);
    expect(sent.map(([, init]) => JSON.parse(String(init!.body)) as unknown)).toEqual([
      { clientId: CLIENT_ID, ...company, ...payment },
      { clientId: CLIENT_ID, ...location(ONE), ...payment },
      { clientId: CLIENT_ID, ...location(TWO), ...payment },
    ]);
    for (const [, init] of sent)
      expect(init!.headers).toMatchObject({ "x-ghl-client-key": CLIENT_ID, "x-ghl-client-secret": CLIENT_SECRET });
  });

  it("payments of billing end where HighLevel refuses the credentials, and the rest is reported as not sent", async () => {
    await upstream.answer("webhook", [{ status: 401, body: "" }]);
    const response = await report({ targets: [location(ONE), location(TWO)], payment });
    expect(await response.json()).toEqual({
      results: [
        { target: location(ONE), outcome: "refused", code: "ERR_GHL_MARKETPLACE_CREDENTIALS" },
        { target: location(TWO), outcome: "not-sent", code: null },
      ],
    });
  });

  it("payments of billing need a writing key of this app, for each of the targets", async () => {
    const body = { targets: [location(ONE), company], payment };
    const SCOPE = [403, "ERR_GHL_GATEWAY_API_KEY_SCOPE"];
    const fetched = vi.spyOn(globalThis, "fetch");
    const calls = (): number => fetched.mock.calls.filter(([url]) => String(url).includes("/billing/")).length;
    expect(await codeOf(await report(body, wideKeyed))).toEqual(SCOPE);
    expect(await codeOf(await report(body, await keyFor(null, "read")))).toEqual(SCOPE);
    expect(await codeOf(await report(body, await keyFor([ONE, TWO], "write")))).toEqual(SCOPE);
    expect(await codeOf(await report(body, {}))).toEqual([401, "ERR_GHL_GATEWAY_API_KEY_MISSING"]);
    expect(calls()).toBe(0);
    await upstream.answer("webhook", [{ status: 200, body: "{}" }]);
    expect((await report({ ...body, targets: [location(ONE)] }, await keyFor([ONE], "write"))).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ["no targets", { targets: [], payment }],
    ["too many", { targets: Array.from({ length: 51 }, () => company), payment }],
    ["a target of two kinds", { targets: [{ ...company, locationId: ONE }], payment }],
    ["a target without an id", { targets: [{ authType: "location" }], payment }],
    ["an id that is none", { targets: [location("../../x")], payment }],
    ["no payment", { targets: [company] }],
    ["a negative amount", { targets: [company], payment: { ...payment, amount: -1 } }],
    ["another status", { targets: [company], payment: { ...payment, status: "PAID" } }],
    ["a misspelt member", { targets: [company], payment, target: company }],
  ])("payments of billing with %s are refused before anything is sent", async (_what, body) => {
    const fetched = vi.spyOn(globalThis, "fetch");
    expect(await codeOf(await report(body))).toEqual([400, "ERR_GHL_GATEWAY_INPUT_INVALID"]);
    expect(fetched).not.toHaveBeenCalled();
  });
});
