/** The page as a person sees it, in a real browser. Where there is none, these tests say so and count as skipped. */
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEmulator, type Emulator } from "../../src/index.ts";
import { type RunningServer, serve } from "../../src/node.ts";
import { ask, authorizePath, bearer, installApp } from "../support.ts";
import { violations } from "./axe.ts";
import { findChromium } from "./chromium.ts";

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn("SKIPPED: /__emulator in a browser. No Chromium here: install it, or name it by CHROMIUM_PATH.");

/** Time limit of start and stop on a busy machine of two cores. */
const BUSY_MS = 60_000;
const DESKTOP = { width: 1280, height: 900 };
const TABLET = { width: 768, height: 1024 };
const PHONE = { width: 375, height: 812 };
const SMALLEST = { width: 320, height: 568 };
const WIDEST = { width: 1920, height: 1080 };
const SCHEMES = ["light", "dark"] as const;
const EVIL = "<img src=x onerror=alert(1)>";

let browser: Browser;
let emulator: Emulator;
let server: RunningServer;
/** Errors in the browser, and the origins that it requested. */
let faults: string[];
let origins: Set<string>;

async function open(
  viewport: { width: number; height: number },
  path = "/__emulator",
  colorScheme: (typeof SCHEMES)[number] = "light",
): Promise<Page> {
  const page = await browser.newPage({ viewport, colorScheme });
  page.on("console", (message) => void faults.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => void faults.push(String(error)));
  page.on("requestfailed", (request) => void faults.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => void origins.add(new URL(request.url()).origin));
  await page.goto(server.url + path);
  return page;
}

/** One of everything, with the longest texts there are. */
async function fill(): Promise<void> {
  const { access_token: token } = await installApp(emulator);
  await ask(emulator, "/contacts/c0ntact00000000001", bearer(token));
  await ask(emulator, `/contacts/${"x".repeat(300)}`, bearer(token));
  await ask(emulator, "/payments/custom-provider/capabilities", { method: "PUT", ...bearer(token) });
  emulator.faults.add({ fault: { kind: "status", status: 503 }, match: { path: "/faulty" } });
  emulator.faults.add({ fault: { kind: "garbage", body: EVIL }, match: { path: "/never" } });
  await ask(emulator, "/faulty", bearer(token));
  const headers = { ...bearer(token).headers, "content-type": "application/json" };
  await ask(emulator, "/contacts/", { method: "POST", body: '{"locatonId":"l"}', headers });
  await emulator.webhooks.deliver("ContactCreate", `https://app.example/${"hook".repeat(40)}`);
  emulator.faults.add({
    fault: { kind: "lost" },
    match: { path: `/${"never".repeat(40)}`, grantType: "refresh_token" },
  });
}

describe.skipIf(executablePath === undefined)("/__emulator in a browser", () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath! });
  }, BUSY_MS);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    emulator = createEmulator({ fetch: async () => new Response(null, { status: 500 }) });
    server = await serve(emulator);
    faults = [];
    origins = new Set();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await server.close();
    expect(faults).toEqual([]);
    expect([...origins]).toEqual([server.url]);
    expect(emulator.log.map(({ path }) => path).filter((path) => path.includes("favicon"))).toEqual([]);
  }, BUSY_MS);

  test("the page shows requests as lines that open, and installations, webhooks and limits in tables with names", async () => {
    await fill();
    const page = await open(DESKTOP);
    expect(await page.getByRole("heading", { level: 2 }).allInnerTexts()).toEqual([
      "Requests (7)",
      "Controls",
      "Faults in force (3)",
      "Installations (1)",
      "Webhooks sent (1)",
      "Records",
    ]);
    const newest = page.getByRole("listitem").filter({ hasText: "2 breaches" }).first();
    await newest.locator("summary").click();
    expect(await newest.textContent()).toMatch(
      /property locatonId should not exist[\s\S]*Request body\s*\{\s+"locatonId": "l"/,
    );
    expect(await newest.getByText("[removed]").count()).toBe(1);
    const rowsOf = (name: string): Promise<string[]> =>
      page.getByRole("table", { name }).getByRole("row").allInnerTexts();
    expect((await rowsOf("Installations (1)"))[1]).toContain("contacts.write");
    expect((await rowsOf("Webhooks sent (1)"))[1]).toContain("ContactCreate");
    const [, lost, garbage] = await rowsOf("Faults in force (3)");
    expect(lost).toContain("lost");
    expect(garbage).toContain(EVIL);
    expect(await page.title()).toBe("Emulated HighLevel");
  });

  test("the page says that there is nothing yet, and how many lines it omits", async () => {
    expect(await (await open(PHONE)).getByText("None yet.").count()).toBe(3);
    for (let i = 0; i < 201; i++) await ask(emulator, "/contacts/c1");
    const page = await open(PHONE);
    expect(await page.locator(".requests > li").count()).toBe(200);
    expect(await page.getByText("1 older ones are not shown.").count()).toBe(1);
  });

  test.each([SMALLEST, PHONE, TABLET, DESKTOP, WIDEST])(
    "the page fits a window $width px wide, also with open lines",
    async (viewport) => {
      await fill();
      for (const path of ["/__emulator", authorizePath({ install: "locations" })]) {
        const page = await open(viewport, path);
        await page.evaluate(() => {
          for (const details of document.querySelectorAll("details")) details.open = true;
        });
        const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
        expect(given).toBe(viewport.width);
        expect(needed).toBe(given);
      }
    },
  );

  test("the page can be made to reload by keyboard, shows a new request, and is stopped", async () => {
    const page = await open(DESKTOP);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the requests");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Reload every 2 s");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Stop reloading" }).waitFor();
    await ask(emulator, "/contacts/n3w");
    await page.getByText("/contacts/n3w").waitFor();
    await page.getByRole("link", { name: "Stop reloading" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Reload every 2 s" }).waitFor();
    expect(await page.locator("meta[http-equiv=refresh]").count()).toBe(0);
  });

  test("a button asks what it needs, says what happened, and keeps what was refused", async () => {
    const page = await open(DESKTOP);
    await page.getByText("Add a fault").click();
    await page.getByLabel(/^Path \(/).fill("/contacts/*");
    await page.getByLabel(/^Status \(/).fill("503");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    expect(await page.getByRole("status").textContent()).toBe("fault-1 is in force: status on /contacts/*.");
    expect((await ask(emulator, "/contacts/x")).status).toBe(503);
    await page.getByRole("button", { name: "Remove fault-1" }).click();
    expect(await page.getByRole("status").textContent()).toBe("fault-1 is removed.");
    await page.getByText("Send an event").click();
    await page.getByLabel("URL of your app").fill("https://app.example/h");
    await page.getByLabel(/^Fields of your own/).fill("{oops");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    expect(await page.getByRole("alert").textContent()).toContain("fields must be a JSON object");
    expect(await page.getByLabel(/^Fields of your own/).inputValue()).toBe("{oops");
    // The browser says so of every document that comes with 400.
    expect(faults.splice(0).every((fault) => fault.includes("400"))).toBe(true);
  });

  test("the page filters requests, and keeps the filter in its form", async () => {
    await fill();
    const page = await open(DESKTOP);
    await page.getByLabel("Path contains").fill("/faulty");
    await page.getByLabel("Status", { exact: true }).selectOption("5xx");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByRole("heading", { name: "Requests (1 of 7)" }).waitFor();
    expect(await page.getByLabel("Path contains").inputValue()).toBe("/faulty");
  });

  test("the authorize page says that nothing is ticked, then installs, or is cancelled", async () => {
    const back = new URLSearchParams({ redirect_uri: `${server.url}/__emulator`, state: "s t" });
    const path = authorizePath(Object.fromEntries(back));
    const page = await open(PHONE, path);
    await page.getByRole("button", { name: "Install in the ticked locations" }).click();
    expect(await page.getByRole("alert").textContent()).toContain("Nothing is ticked.");
    await page.getByLabel(/^Example Sub-account One/).check();
    await page.getByRole("button", { name: "Install in the ticked locations" }).click();
    await page.waitForURL(/__emulator\?code=[0-9a-f]{40}&state=s\+t$/);
    await page.goto(server.url + path);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.waitForURL(/__emulator\?error=access_denied&state=s\+t$/);
  });

  test.each(SCHEMES)("axe finds nothing in the %s scheme", async (scheme) => {
    await fill();
    const paths = ["/__emulator", authorizePath({ install: "locations" }), authorizePath({ client_id: "nobody" })];
    for (const viewport of [DESKTOP, PHONE])
      for (const path of paths) {
        const page = await open(viewport, path, scheme);
        await page.evaluate(() => {
          for (const details of document.querySelectorAll("details")) details.open = true;
        });
        expect(await violations(page)).toEqual([]);
        await page.close();
      }
    // Without a script only this can reload, and only a person who asks for it gets it.
    const reloading = await violations(await open(DESKTOP, "/__emulator?refresh=3600", scheme));
    expect(reloading).toEqual(['meta-refresh: <meta http-equiv="refresh" content="3600">']);
    // The page that explains a wrong client id has status 400.
    expect(faults.splice(0).every((fault) => fault.includes("400"))).toBe(true);
  });
});
