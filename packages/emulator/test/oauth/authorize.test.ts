import { describe, expect, test } from "vitest";
import { DEFAULT_APP, DEFAULT_COMPANY } from "../../src/index.ts";
import { ask, authorizePath, clockedEmulator, LOCATION, REDIRECT_URI } from "../support.ts";

describe("authorize page", () => {
  test.each(["/oauth/chooselocation", "/v2/oauth/chooselocation"])("%s redirects with code and state", async (base) => {
    const { emulator } = clockedEmulator();
    const response = await ask(emulator, authorizePath({ locationId: LOCATION, state: "s t" }, base));
    expect(response.status).toBe(302);
    const target = new URL(response.headers.get("location") ?? "");
    expect(target.origin + target.pathname).toBe(REDIRECT_URI);
    expect(target.searchParams.get("state")).toBe("s t");
    expect(target.searchParams.get("code")).toMatch(/^[0-9a-f]{40}$/);
  });

  test("offers every location and the company, and its links lead to the redirect", async () => {
    const { emulator } = clockedEmulator();
    const page = await (await ask(emulator, authorizePath({}))).text();
    const links = Array.from(page.matchAll(/href="([^"]+)"/g), ([, link]) => link!.replaceAll("&#38;", "&"));
    expect(links).toHaveLength(DEFAULT_COMPANY.locations.length + 1);
    for (const link of links) expect((await ask(emulator, link)).status).toBe(302);
  });

  test("writes nothing of the query as markup", async () => {
    const { emulator } = clockedEmulator();
    const page = await (await ask(emulator, authorizePath({ state: '"><script>alert(1)</script>' }))).text();
    expect(page).not.toContain("<script>");
  });

  test.each([
    ["another client", { client_id: "nobody" }, "error.noversionid"],
    ["another response type", { response_type: "token" }, "response_type must be code"],
    ["no redirect", { redirect_uri: "" }, "redirect_uri is missing"],
  ])("refuses %s", async (_what, choice, message) => {
    const { emulator } = clockedEmulator();
    const response = await ask(emulator, authorizePath({ locationId: LOCATION, ...choice }));
    expect([response.status, await response.text()]).toEqual([400, message]);
  });

  test("refuses what the app has not registered", async () => {
    const app = { ...DEFAULT_APP, redirectUris: ["https://other.example/"], scopes: ["contacts.readonly"] };
    const { emulator } = clockedEmulator({ apps: [app] });
    const redirect = await ask(emulator, authorizePath({ locationId: LOCATION }));
    expect(await redirect.text()).toBe("redirect_uri is not registered");
    const scope = await ask(emulator, authorizePath({ locationId: LOCATION, redirect_uri: "https://other.example/" }));
    expect(await scope.text()).toBe("scope is not allowed: contacts.write");
  });
});
