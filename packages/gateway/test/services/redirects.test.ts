import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { admin } from "../support/calls/admin.ts";
import { call, installCompany, installLocation, keyed, readContact, upstream } from "../support/calls/gateway.ts";
import { APP, COMPANY, LOCATIONS, UPSTREAM } from "../support/setup/settings.ts";

const [OWN, DERIVED] = LOCATIONS.slice(240, 242) as [string, string];
/** Requests of the gateway to HighLevel, and whether it would have followed a redirect. */
let requests: { readonly what: string; readonly redirect: string }[] = [];

beforeEach(() => {
  requests = [];
  const { fetch } = globalThis;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init);
    const { origin, pathname } = new URL(request.url);
    const isControl = pathname.startsWith("/__");
    if (origin === UPSTREAM && !isControl)
      requests.push({ what: `${request.method} ${pathname}`, redirect: request.redirect });
    return fetch(request);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

it("no sender of a token or a secret follows a redirect", async () => {
  await installLocation(OWN);
  await upstream.expire({ kind: "location", id: OWN });
  expect((await readContact(OWN)).status).toBe(200);
  await installCompany();
  expect((await readContact(DERIVED)).status).toBe(200);
  const path = (id: string, kind = "location") => `/admin/installations/${APP}/${kind}/${id}`;
  const reconcile = { sinceMs: Date.now() - 60_000, modules: ["contacts"] };
  expect((await admin("POST", `${path(OWN)}/reconcile`, { body: reconcile })).status).toBe(200);
  const uninstalled = [
    await admin("DELETE", `${path(OWN)}?atHighLevel=true`),
    await admin("DELETE", `${path(COMPANY, "company")}?atHighLevel=true`),
  ];
  expect(uninstalled.map(({ status }) => status)).not.toContain(502);

  const senders = [
    /^POST \/oauth\/token$/,
    /^POST \/oauth\/location-?token$/i,
    /^GET \/contacts\/\w/,
    /^POST \/contacts\/search/,
    /^DELETE \/marketplace\/app\//,
  ];
  const found = requests.map(({ what }) => what).join("\n");
  for (const sender of senders) expect(found).toMatch(new RegExp(sender.source, `${sender.flags}m`));
  expect(requests.filter(({ redirect }) => redirect !== "manual")).toEqual([]);
});

it("HighLevel's redirect is passed on to the caller, and the gateway does not follow it", async () => {
  await installLocation(OWN);
  const location = `${UPSTREAM}/contacts/elsewhere`;
  await upstream.answer("moved", [{ status: 302, body: "", headers: { location } }]);
  requests = [];
  const response = await call(`/api/location/${OWN}/contacts/moved`, { headers: keyed });
  expect(response.status).toBe(302);
  expect(requests).toEqual([{ what: "GET /contacts/moved", redirect: "manual" }]);
});
