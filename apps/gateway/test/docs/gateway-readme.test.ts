import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocksOf, curlsOf } from "./blocks.ts";

// Every block of the gateway's README and of docs/gateway/: TypeScript is compiled and run, curl is sent to the gateway in workerd, JSON is parsed.
Object.assign(process.env, {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
});
const { APP, startServers } = await import("../../local/demo/servers.ts");
const { installApp } = await import("../../local/demo/steps.ts");

const app = join(import.meta.dirname, "../..");
const folder = join(app, ".readme-blocks");
const pages = [join(app, "README.md"), ...globSync(join(app, "../../docs/gateway/*.md")).sort()];
const blocks = pages.flatMap((page) => blocksOf(page).map((block) => ({ ...block, page: basename(page, ".md") })));
const inTypeScript = blocks.filter(({ language }) => language === "ts");
const withCurl = blocks.filter(({ language, text }) => language === "sh" && /^curl/m.test(text));

let demo: Awaited<ReturnType<typeof startServers>>;

/** The README's app, host and keys are the reader's; here they are this run's. */
const asHere = (text: string): string =>
  text
    .replaceAll("http://localhost:8787", demo.gatewayUrl)
    .replaceAll("dev-gateway-key", demo.apiKey)
    .replaceAll(/\/main\b/g, `/${APP}`)
    .replaceAll('"app": "main"', `"app": "${APP}"`)
    .replaceAll(/"sinceMs": \d+/g, `"sinceMs": ${Date.now() - 86_400_000}`)
    .replaceAll(/^gateway=.*$/gm, "");

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  demo = await startServers();
  await installApp(demo, () => {});
}, 60_000);
afterAll(async () => {
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the README and the reference have blocks of each kind", () => {
  // A parser of blocks that finds nothing would pass all that follows.
  expect(inTypeScript.length).toBeGreaterThanOrEqual(4);
  expect(withCurl.length).toBeGreaterThanOrEqual(8);
});

test("every TypeScript block compiles in a Worker's project", () => {
  for (const { page, line, text } of inTypeScript) writeFileSync(join(folder, `${page}-line-${line}.ts`), text);
  const options = { noEmit: true, noUnusedLocals: false };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../tsconfig.json",
      compilerOptions: options,
      include: ["*.ts", "../worker-configuration.d.ts"],
    }),
  );
  // The platform's types are not in the repository: a fresh clone may run this before it has checked types.
  execFileSync(
    process.execPath,
    [join(app, "node_modules/wrangler/bin/wrangler.js"), "types", "--strict-vars", "false"],
    {
      cwd: app,
    },
  );
  let said = "";
  try {
    execFileSync(process.execPath, [join(app, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
  } catch (error) {
    said = (error as { stdout: string }).stdout;
  }
  expect(said).toBe("");
}, 60_000);

test("every TypeScript block that has nothing of the reader's own runs", async () => {
  const complete = inTypeScript.filter(({ text }) => !/^declare /m.test(text));
  expect(complete.length).toBe(2);
  const before = demo.emulator.log.length;
  for (const { page, line, text } of complete) {
    const path = join(folder, `run-${page}-${line}.ts`);
    writeFileSync(path, asHere(text));
    const { default: worker } = (await import(pathToFileURL(path).href)) as {
      default?: { fetch(r: Request): Promise<Response> };
    };
    // An endpoint refuses what is not signed.
    if (worker !== undefined)
      expect((await worker.fetch(new Request("https://endpoint.example", { method: "POST", body: "{}" }))).status).toBe(
        401,
      );
  }
  expect(demo.emulator.log.slice(before).map(({ operation }) => operation)).toEqual(["v3.contacts.getContact"]);
});

/** Expected status by path. A path that is not listed answers 200. The demo's app has no marketplace parts and no workflow endpoint. */
const EXPECTED: readonly [RegExp, number, string?][] = [
  [/\/admin\/(api-keys|endpoints|workflow-receivers)$/, 201],
  [/\/marketplace\//, 404, "ERR_GHL_GATEWAY_MARKETPLACE_OFF"],
  [/\/send\//, 404, "ERR_GHL_GATEWAY_NOT_IN_DIRECTORY"],
];

test.each(withCurl)("the commands of $page at line $line do what they say", async ({ text }) => {
  const variables = { gateway: demo.gatewayUrl, ADMIN_KEY: demo.adminKey, KEY: demo.apiKey };
  const requests = curlsOf(asHere(text), variables);
  expect(requests.length).toBeGreaterThan(0);
  for (const request of requests) {
    const [, status, code] = EXPECTED.find(([path]) => path.test(new URL(request.url).pathname)) ?? [undefined, 200];
    const response = await fetch(request);
    const said = await response.text();
    expect(response.status, `${request.url} ${said}`).toBe(status);
    if (code !== undefined) expect(said).toContain(code);
  }
});

test("every JSON block parses", () => {
  const inJson = blocks.filter(({ language }) => /^jsonc?$/.test(language));
  expect(inJson.length).toBeGreaterThan(0);
  // A member as it stands in a larger object.
  for (const { text } of inJson) expect(() => JSON.parse(/^\s*"/.test(text) ? `{${text}}` : text)).not.toThrow();
});
