import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { main } from "../../src/main.ts";

const REPOSITORY = join(import.meta.dirname, "../../../..");

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ghl-codegen-"));
});
afterEach(() => rmSync(root, { recursive: true }));

async function run(cwd: string, ...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    cwd,
    env: {},
    isTty: false,
    out: (text: string) => out.push(text),
    err: (text: string) => err.push(text),
  };
  const code = await main(["scopes", ...args], io);
  return { code, out: out.join(""), err: err.join("") };
}

function writeApp(): void {
  mkdirSync(join(root, "src/lib"), { recursive: true });
  const text = `import { Contacts } from "@ghl-edge/client/v3/contacts";\nclient.use(Contacts).getContact({});\n`;
  writeFileSync(join(root, "src/lib/app.ts"), text);
  writeFileSync(join(root, "src/lib/app.test.js"), text.replace("getContact", "deleteContact"));
  writeFileSync(join(root, "src/lib/types.d.ts"), text.replace("getContact", "nope"));
}

const ROUTES = `export const allRoutes = () => [{ api: "v3", module: "contacts", name: "getContact", operationId: "get-contact",
  method: "GET", path: "/contacts/{contactId}", tokens: "lL", scopes: ["contacts.readonly"] }];`;

function installClient(): void {
  const folder = join(root, "node_modules/@ghl-edge/client");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ type: "module", exports: { "./routes": "./routes.js" } }),
  );
  writeFileSync(join(folder, "routes.js"), ROUTES);
}

test("the scopes of the real documents name operation, event, and what they open", async () => {
  const { code, out } = await run(
    REPOSITORY,
    "--operation",
    "v3.contacts.getContact",
    "--event",
    "CampaignStatusUpdate",
    "--json",
  );
  const report = JSON.parse(out);
  expect(code).toBe(0);
  expect(report.scopes.map(({ scope }: { scope: string }) => scope)).toEqual([
    "campaigns.readonly",
    "contacts.readonly",
  ]);
  expect(report.tokens).toEqual(["location", "location-pit"]);
  expect(report.events.map(({ event }: { event: string }) => event)).toContain("ContactCreate");
  expect(report.unknown).toEqual([]);
});

test("an app of its own reads the client it has installed", async () => {
  writeApp();
  installClient();
  const { out } = await run(root, "--source", "src/**/*.ts");
  expect(out).toContain("contacts.readonly  v3.contacts.getContact");
  expect(out).not.toContain("Unknown");
});

test("a folder takes every source, and what the client does not have is unknown", async () => {
  writeApp();
  installClient();
  const { code, out } = await run(root, "--source", "src", "--strict");
  expect(code).toBe(1);
  expect(out).toContain("src/lib/app.test.js:2  operation v3/contacts.deleteContact: operation not found");
});

test("globs that the shell expanded arrive as arguments", async () => {
  writeApp();
  installClient();
  const { out } = await run(root, "--source", "src/lib/app.ts", "src/lib/app.test.js", "--json");
  expect(JSON.parse(out).unknown).toHaveLength(1);
});

test.each([
  [["--operation", "contacts.getContct"], 'operation not found; did you mean "v3.contacts.getContact"?'],
  [["--module", "v3/contact"], 'module not found; did you mean "v3.contacts"?'],
  [["--event", "ContactCreated"], 'event not found; did you mean "ContactCreate"?'],
])("%j is an error with the nearest name", async (args, message) => {
  installClient();
  expect(await run(root, ...args)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(message) });
});

test("an app without documents of its own knows the events", async () => {
  installClient();
  const { code, out } = await run(root, "--event", "ContactCreate", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out).scopes).toEqual([{ scope: "contacts.readonly", operations: [], events: ["ContactCreate"] }]);
});

test("--granted lists what is missing and exits 1, and takes a granted scope where one of several is enough", async () => {
  writeApp();
  installClient();
  const call = ["--source", "src/lib/app.ts"];
  expect(await run(root, ...call, "--granted", "contacts.readonly users.readonly")).toMatchObject({
    code: 0,
    out: expect.stringContaining("Every scope is granted\n"),
  });
  const missing = await run(root, ...call, "--granted", "contacts.write,users.readonly");
  expect(missing).toMatchObject({ code: 1, out: expect.stringContaining("Missing (1)\n  contacts.readonly\n") });
  expect(JSON.parse((await run(root, ...call, "--granted", "users.readonly", "--json")).out).missing).toEqual([
    "contacts.readonly",
  ]);
});

test("sources that are not there are an error", async () => {
  installClient();
  expect(await run(root, "--source", "nowhere/**/*.ts")).toMatchObject({
    code: 2,
    err: expect.stringContaining("ERR_GHL_CODEGEN_UNREADABLE nowhere/**/*.ts"),
  });
});

test("a folder without documents gives no facts, whatever is installed", async () => {
  installClient();
  expect(await run(root, "--operation", "a.b", "--openapi", "nowhere")).toMatchObject({
    code: 2,
    err: expect.stringContaining("ERR_GHL_CODEGEN_UNREADABLE"),
  });
});

test.each([[[]], [["stray.ts"]]])("%j is wrong use", async (args) => {
  expect(await run(root, ...args)).toMatchObject({ code: 2 });
});
