import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const script = join(import.meta.dirname, "../local/dev.ts");
const persistTo = mkdtempSync(join(tmpdir(), "gateway-dev-"));
afterAll(() => rmSync(persistTo, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

test("pnpm dev serves the gateway with its tables and the emulator beside it, and ends clean", async () => {
  const [port, emulatorPort, inspectorPort] = [await freePort(), await freePort(), await freePort()];
  const args = ["--emulator-port", String(emulatorPort), "--persist-to", persistTo];
  const forWrangler = ["--port", String(port), "--inspector-port", String(inspectorPort), "--ip", "127.0.0.1"];
  const env = { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_HIDE_BANNER: "true" };
  // Settings of a suite around this one would take the place of the example's.
  for (const name of ["APPS", "API_KEYS", "TOKEN_KEYS"]) delete (env as NodeJS.ProcessEnv)[name];
  const child = spawn(process.execPath, [script, ...args, ...forWrangler], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  try {
    let output = "";
    const ready = new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (data: Buffer) => {
          output += data.toString();
          if (output.includes("Ready on")) resolve();
        });
      void ended.then(() => reject(new Error(output)));
    });
    await ready;
    const gateway = `http://127.0.0.1:${port}`;
    const begun = await fetch(`${gateway}/oauth/install`, { redirect: "manual" });
    const page = new URL(begun.headers.get("location") ?? "");
    expect(page.origin).toBe(`http://127.0.0.1:${emulatorPort}`);
    page.searchParams.set("locationId", "lOcAtIoN000000000001");
    const chosen = await fetch(page, { redirect: "manual" });
    const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
    const installed = await fetch(chosen.headers.get("location") ?? "", { headers: { cookie } });
    expect(await installed.json()).toMatchObject({ installed: true });
    const unknown = await fetch(`${gateway}/api/location/lOcAtIoN000000000001/contacts/abc`, {
      headers: { "x-gateway-key": `ghle_${"0".repeat(16)}_${"A".repeat(51)}` },
    });
    // 503 where the tables are not made.
    expect(unknown.status).toBe(401);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
  await expect(fetch(`http://127.0.0.1:${emulatorPort}/`)).rejects.toThrow();
}, 90_000);
