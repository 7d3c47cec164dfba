import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, test } from "vitest";
import { openApiDocument } from "../../../src/http/admin/openapi.ts";

const gateway = join(import.meta.dirname, "../../..");
// Below the gateway, so that what is generated finds @ghl-edge/client as a user's project would.
const scratch = join(gateway, "node_modules/.cache");
mkdirSync(scratch, { recursive: true });
const folder = mkdtempSync(join(scratch, "admin-client-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const USE = `
import { createClient } from "@ghl-edge/client";
import { Admin } from "./admin.gen.ts";

const admin = createClient({ auth: "key", baseUrl: "https://gateway.example" }).use(Admin);
export async function use(): Promise<string | null> {
  const page = await admin.listInstallations({ state: "active", limit: 10 });
  const companies: (string | null)[] = page.items.map(({ companyId }) => companyId);
  // @ts-expect-error the document knows no such state
  await admin.listInstallations({ state: "gone" });
  const { key } = await admin.createApiKey({ body: { name: "n", app: "main", access: "read", resources: null } });
  await admin.removeOperator({ name: key });
  const settings = { name: "n", kind: "https", target: "https://example.com/", filter: { status: ["won"] } } as const;
  const { endpoint, secret }: { endpoint: { id: string }; secret: string | null } = await admin.createEndpoint({
    body: { ...settings, app: "main", types: ["Contact*"] },
  });
  await admin.changeEndpoint({ id: endpoint.id, body: settings });
  const { items } = await admin.listDeliveries({ id: endpoint.id, kind: "location", resourceId: "L1", state: "dead" });
  const codes: (string | null)[] = items.flatMap(({ attempts }) => attempts.map(({ code }) => code));
  // @ts-expect-error events are those of one app
  await admin.listEvents({});
  await admin.listEvents({ app: "main", fromMs: 0, quarantined: false });
  const filter = { ids: [items[0]?.id ?? ""] };
  const step = await admin.replayEvents({ body: { app: "main", endpoint: endpoint.id, filter, dryRun: true } });
  const { receiver } = await admin.createWorkflowReceiver({
    body: { app: "main", name: "n", kind: "action", location: null, auth: { kind: "bearer" }, callback: { service: "OURS" } },
  });
  if (receiver.callback !== null && "url" in receiver.callback) await admin.removeWorkflowReceiver({ id: receiver.callback.url });
  const { state } = await admin.uninstall({ app: "main", kind: "location", id: "l", atHighLevel: true });
  if (state === "pending") await admin.approveInstallation({ app: "main", kind: "location", id: "l" });
  return companies[0] ?? codes[0] ?? secret ?? step.nextCursor ?? page.nextCursor;
}
`;

/** Runs a program of this workspace with the Node that runs this test. */
function run(program: string, ...args: string[]): void {
  execFileSync(process.execPath, [program, ...args], { cwd: folder, stdio: "pipe", encoding: "utf8" });
}

test("ghl-codegen makes a typed client of the admin API's document, which compiles", () => {
  writeFileSync(join(folder, "admin.json"), JSON.stringify(openApiDocument()));
  writeFileSync(join(folder, "use.ts"), USE);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: "nodenext",
    target: "es2024",
    types: [],
    allowImportingTsExtensions: true,
    lib: ["es2024", "dom", "dom.iterable"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
  const { resolve } = createRequire(import.meta.url);
  run(
    join(gateway, "node_modules/@ghl-edge/codegen/bin/ghl-codegen.js"),
    "generate",
    "--input",
    "admin.json",
    "--out",
    ".",
  );
  run(join(resolve("typescript/package.json"), "../bin/tsc"), "-p", ".");
}, 60_000);
