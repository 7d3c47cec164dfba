import { describe, expect, test } from "vitest";
import { DEFAULT_APP, DEFAULT_COMPANY, type EmulatorOptions } from "../../src/index.ts";
import { describeScopes } from "../../src/oauth/scope-words.ts";
import { ask, authorizePath, clockedEmulator, LOCATION } from "../support.ts";

async function pageOf(choice: Record<string, string> = {}, options: EmulatorOptions = {}) {
  const { emulator } = clockedEmulator(options);
  const response = await ask(emulator, authorizePath(choice), { headers: { accept: "text/html,*/*;q=0.8" } });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

describe("the authorize page", () => {
  test("the authorize page names the app and its scopes in words, and has a viewport, a first action and a cancel", async () => {
    const { status, html } = await pageOf();
    expect(status).toBe(200);
    for (const part of [
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      "<h1>Install an app</h1>",
      DEFAULT_APP.clientId,
      "<strong>Contacts</strong>: read; create, change and delete",
      'class="primary" name="install"',
      'name="cancel"',
    ])
      expect(html).toContain(part);
    expect(html).not.toContain('role="alert"');
  });

  test("the policy of the authorize page allows no script, only its own style, and the redirect", async () => {
    const policy = (await pageOf()).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|script-src|form-action/);
  });

  test("the authorize page says when nothing is ticked, and when a location or company is unknown", async () => {
    expect((await pageOf({ install: "locations" })).html).toMatch(/role="alert">Nothing is ticked\./);
    expect((await pageOf({ locationId: "nowhere" })).html).toContain("Example Agency has no location nowhere.");
    expect((await pageOf({ companyId: "other" })).html).toContain(`The company is ${DEFAULT_COMPANY.id}, not other.`);
    const agency = { apps: [{ ...DEFAULT_APP, target: "agency" as const }] };
    expect((await pageOf({ locationId: LOCATION }, agency)).html).toContain("This app is for agencies");
  });

  test.each<[string, Record<string, string>, EmulatorOptions, string[]]>([
    [
      "an unknown client id",
      { client_id: "65f0c0ffee" },
      {},
      ["error.noversionid", DEFAULT_APP.clientId, "--client-id"],
    ],
    ["no client id", { client_id: "" }, {}, ["client_id must be the client id of an app."]],
    [
      "a scope like another",
      { scope: "contacts.readonly contacts.read" },
      {},
      ["did you mean contacts.readonly?", "scope=contacts.readonly</code>"],
    ],
    [
      "a redirect URI that is not registered",
      { redirect_uri: "http://localhost:3000/callbak" },
      { apps: [{ ...DEFAULT_APP, redirectUris: ["http://localhost:3000/callback"] }] },
      ["redirect_uri is not registered", "redirect_uri=http://localhost:3000/callback</code>"],
    ],
    [
      "no redirect URI",
      { redirect_uri: "" },
      {},
      ["must be an absolute URL, for example http://localhost:3000/oauth/callback"],
    ],
    ["another response type", { response_type: "token" }, {}, ["response_type=code</code>"]],
  ])("the authorize page explains %s, and what would be right", async (_what, choice, options, words) => {
    const { status, html } = await pageOf(choice, options);
    expect(status).toBe(400);
    for (const word of words) expect(html).toContain(word);
  });

  test("the URL that it proposes is taken", async () => {
    const { emulator } = clockedEmulator();
    const wrong = authorizePath({ scope: "contacts.read", client_id: "65f0c0ffee", state: "s&t" });
    const html = { headers: { accept: "text/html" } };
    let path = wrong;
    for (const _parameter of ["client_id", "scope"]) {
      const found = /href="(\/oauth[^"]*)"/.exec(await (await ask(emulator, path, html)).text())?.[1] ?? "";
      path = found.replaceAll("&amp;", "&");
    }
    expect((await ask(emulator, path, html)).status).toBe(200);
    expect(new URL(path, "http://x").searchParams.get("state")).toBe("s&t");
  });

  test("the authorize page writes nothing of the query or the options as markup", async () => {
    const evil = `"'><script>alert(1)</script>`;
    const company = { ...DEFAULT_COMPANY, name: evil, locations: [{ id: evil, name: evil }] };
    const options = { company, apps: [{ ...DEFAULT_APP, clientId: evil, scopes: [evil] }] };
    const pages = await Promise.all([
      pageOf({ client_id: evil, state: evil, scope: evil, install: evil }, options),
      pageOf({ client_id: evil, locationId: `x${evil}` }, options),
      pageOf({ client_id: evil }),
      pageOf({ scope: evil }),
      pageOf({ response_type: evil, redirect_uri: evil }),
    ]);
    for (const { html } of pages) {
      expect(html).toContain("&lt;script&gt;");
      expect(html).not.toContain("<script");
    }
  });

  test("a program that does not accept HTML gets one line of text, and the advice below it", async () => {
    const response = await ask(clockedEmulator().emulator, authorizePath({ client_id: "x" }));
    expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(await response.text()).toMatch(/^error\.noversionid\nThe emulator has no app with this client id\.\n/);
  });
});

test.each([
  [["contacts.readonly", "contacts.write"], "Contacts", ["read", "create, change and delete"]],
  [["locations/customFields.write"], "Locations: custom fields", ["create, change and delete"]],
  [["locations/write"], "Locations", ["create, change and delete"]],
  [["saas/company.read"], "SaaS: company", ["read"]],
  [["payments/orders.collectPayment"], "Payments: orders", ["collect payment"]],
  [["odd"], "Odd", ["use"]],
])("%j are in words %s: %j", (scopes, subject, access) => {
  expect(describeScopes(scopes)).toEqual([{ subject, access, scopes }]);
});
