import { describe, expect, test } from "vitest";
import { DEFAULT_APP, DEFAULT_COMPANY, type Emulator } from "../../src/index.ts";
import { ask, authorizePath, clockedEmulator, json, LOCATION, REDIRECT_URI, tokenRequest } from "../support.ts";

describe("authorize page", () => {
  test.each(["/oauth/chooselocation", "/v2/oauth/chooselocation"])(
    "the authorize page at %s redirects with code and state",
    async (base) => {
      const { emulator } = clockedEmulator();
      const response = await ask(emulator, authorizePath({ locationId: LOCATION, state: "s t" }, base));
      expect(response.status).toBe(302);
      const target = new URL(response.headers.get("location") ?? "");
      expect(target.origin + target.pathname).toBe(REDIRECT_URI);
      expect(target.searchParams.get("state")).toBe("s t");
      expect(target.searchParams.get("code")).toMatch(/^[0-9a-f]{40}$/);
    },
  );

  /** Sends the form of the page as a browser would, with these fields beside the hidden ones. */
  async function submit(emulator: Emulator, fields: readonly (readonly [string, string])[]): Promise<URL> {
    const page = await (await ask(emulator, authorizePath({ state: 's"t' }))).text();
    const text = (value: string) => value.replaceAll("&quot;", '"');
    const hidden = Array.from(page.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g), ([, name, value]) => [
      text(name!),
      text(value!),
    ]);
    const action = /<form action="([^"]*)"/.exec(page)![1]!;
    const query = new URLSearchParams([...hidden, ...fields.map((field) => [...field])]);
    const response = await ask(emulator, `${action}?${query}`);
    expect(response.status).toBe(302);
    return new URL(response.headers.get("location") ?? "");
  }

  const tokensFor = async (emulator: Emulator, back: URL) => {
    expect(back.searchParams.get("state")).toBe('s"t');
    const code = back.searchParams.get("code") ?? "";
    return json(tokenRequest(emulator, { grant_type: "authorization_code", code }));
  };
  const [one, two] = DEFAULT_COMPANY.locations.map(({ id }) => id) as [string, string];

  test("the form of the authorize page offers one location, several, the agency, or nothing", async () => {
    const { emulator } = clockedEmulator();
    const choose = async (...fields: [string, string][]) => tokensFor(emulator, await submit(emulator, fields));
    expect(await choose(["locationId", one])).toMatchObject({ userType: "Location", locationId: one });
    expect(await choose(["locationId", one], ["locationId", two])).toMatchObject({
      userType: "Company",
      isBulkInstallation: true,
      approvedLocations: [one, two],
      installToFutureLocations: false,
    });
    expect(await choose(["companyId", DEFAULT_COMPANY.id])).toMatchObject({ installToFutureLocations: true });
    const back = await submit(emulator, [["cancel", "1"]]);
    expect(Object.fromEntries(back.searchParams)).toEqual({ error: "access_denied", state: 's"t' });
  });

  test("an app for agencies gets a company's token, and offers no locations", async () => {
    const { emulator } = clockedEmulator({ apps: [{ ...DEFAULT_APP, target: "agency" }] });
    expect(await (await ask(emulator, authorizePath({ locationId: one }))).text()).not.toContain('type="checkbox"');
    const tokens = await tokensFor(emulator, await submit(emulator, [["companyId", DEFAULT_COMPANY.id]]));
    expect(tokens).toMatchObject({ userType: "Company", isBulkInstallation: false });
    expect(tokens).not.toHaveProperty("approvedLocations");
  });

  test("the authorize page writes nothing of the query as markup", async () => {
    const { emulator } = clockedEmulator();
    const page = await (await ask(emulator, authorizePath({ state: '"><script>alert(1)</script>' }))).text();
    expect(page).not.toContain("<script>");
  });

  test.each([
    ["another client", { client_id: "nobody" }, "error.noversionid"],
    ["another response type", { response_type: "token" }, "response_type must be code"],
    [
      "an unknown scope",
      { scope: "contacts.read" },
      "scope is unknown: contacts.read; did you mean contacts.readonly?",
    ],
    ["a scope like none", { scope: "zzz" }, "scope is unknown: zzz"],
    ["no redirect", { redirect_uri: "" }, "redirect_uri is missing"],
  ])("the authorize page refuses %s", async (_what, choice, message) => {
    const { emulator } = clockedEmulator();
    const response = await ask(emulator, authorizePath({ locationId: LOCATION, ...choice }));
    expect([response.status, (await response.text()).split("\n")[0]]).toEqual([400, message]);
  });

  test("the authorize page refuses what the app has not registered", async () => {
    const app = { ...DEFAULT_APP, redirectUris: ["https://other.example/"], scopes: ["contacts.readonly"] };
    const { emulator } = clockedEmulator({ apps: [app] });
    const redirect = await ask(emulator, authorizePath({ locationId: LOCATION }));
    expect(await redirect.text()).toMatch(/^redirect_uri is not registered\n/);
    const scope = await ask(emulator, authorizePath({ locationId: LOCATION, redirect_uri: "https://other.example/" }));
    expect(await scope.text()).toMatch(/^scope is not allowed: contacts\.write\n/);
  });

  test("the authorize page accepts any scope that the app has registered, also those of HighLevel's list without an operation", async () => {
    const own = clockedEmulator({ apps: [{ ...DEFAULT_APP, scopes: ["brand-new.readonly"] }] }).emulator;
    const taken = async (emulator: Emulator, scope: string) =>
      (await ask(emulator, authorizePath({ locationId: LOCATION, scope }))).status;
    expect(await taken(own, "brand-new.readonly")).toBe(302);
    expect(await taken(clockedEmulator().emulator, "saas/location.read courses.write")).toBe(302);
  });
});
