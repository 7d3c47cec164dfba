/** The page as a person sees it, in a real browser. Where there is none, these tests say so and count as skipped. */
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEmulator, type Emulator } from "../../src/index.ts";
import { type RunningServer, serve } from "../../src/node.ts";
import { ask, bearer, installApp } from "../support.ts";
import { findChromium } from "./chromium.ts";
import { contrasts } from "./contrast.ts";

const executablePath = findChromium();
if (executablePath === undefined)
  console.warn("SKIPPED: /__emulator in a browser. No Chromium here: install it, or name it by CHROMIUM_PATH.");

/** What beginning and ending may take on a busy machine of two cores. */
const BUSY_MS = 60_000;
const DESKTOP = { width: 1280, height: 900 };
const TABLET = { width: 1201, height: 900 };
const PHONE = { width: 390, height: 844 };
const EVIL = "<img src=x onerror=alert(1)>";

let browser: Browser;
let emulator: Emulator;
let server: RunningServer;
/** What went wrong in the browser, and where it turned to. */
let faults: string[];
let origins: Set<string>;

async function open(viewport: { width: number; height: number }, query = ""): Promise<Page> {
  const page = await browser.newPage({ viewport });
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
  await page.goto(`${server.url}/__emulator${query}`);
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

  test("shows what was asked, installed, sent and put in force, in tables with names", async () => {
    await fill();
    const page = await open(DESKTOP);
    const rowsOf = (name: string): Promise<string[]> =>
      page.getByRole("table", { name }).getByRole("row").allInnerTexts();
    const [names, newest, ...older] = await rowsOf("Requests (7)");
    expect(names).toContain("operation");
    expect(newest).toContain("property locatonId should not exist");
    expect(older.find((row) => row.includes("v3.contacts.getContact"))).toContain("200");
    expect((await rowsOf("Installations (1)"))[1]).toContain("contacts.write");
    expect((await rowsOf("Webhooks sent (1)"))[1]).toContain("ContactCreate");
    const [, lost, garbage] = await rowsOf("Faults in force (3)");
    expect(lost).toContain("lost");
    expect(garbage).toContain(EVIL);
    expect(await page.title()).toBe("Emulated HighLevel");
  });

  test("says that there is nothing yet, and how many it leaves out", async () => {
    // The records are never none: the locations of the options are some.
    expect(await (await open(PHONE)).getByText("None yet.").count()).toBe(4);
    for (let i = 0; i < 201; i++) await ask(emulator, "/contacts/c1");
    const page = await open(PHONE);
    expect(await page.getByRole("heading", { name: "Requests (201, the newest 200)" }).count()).toBe(1);
    expect(await page.locator("table[aria-labelledby=log] tbody tr").count()).toBe(200);
  });

  test.each([DESKTOP, TABLET, PHONE])("fits a window $width px wide", async (viewport) => {
    await fill();
    const page = await open(viewport);
    const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(given).toBe(viewport.width);
    expect(needed).toBe(given);
  });

  test("in a narrow window each value is beside the name of its column, and empty ones are left out", async () => {
    await fill();
    const page = await open(PHONE);
    expect(await page.locator("thead").first().isVisible()).toBe(false);
    const cells = page.locator("tbody tr").first().locator("td:visible");
    const names = await cells.evaluateAll((all) => all.map((cell) => getComputedStyle(cell, "::before").content));
    expect(names).toEqual(
      ["time (UTC)", "method", "path", "status", "operation", "resource", "token", "why"].map((name) => `"${name}"`),
    );
  });

  test("by keyboard it is made to reload by itself, shows a new request, and is stopped", async () => {
    const page = await open(DESKTOP);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("reload every 2 s");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "stop reloading" }).waitFor();
    await ask(emulator, "/contacts/n3w");
    await page.getByRole("cell", { name: "/contacts/n3w" }).waitFor();
    await page.getByRole("link", { name: "stop reloading" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "reload every 2 s" }).waitFor();
    expect(await page.locator("meta[http-equiv=refresh]").count()).toBe(0);
  });

  test("every text has the contrast that WCAG 2.2 AA asks for", async () => {
    await fill();
    for (const viewport of [DESKTOP, PHONE]) {
      const found = await contrasts(await open(viewport));
      expect(found.length).toBeGreaterThan(2);
      expect(found.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
    }
  });
});
