/**
 * `pnpm --filter gateway dev`: the gateway in workerd with reload, an emulated HighLevel beside it, and the directory's
 * tables made. Settings are those of `.dev.vars`, else of `.dev.vars.example`. What else is given goes to `wrangler dev`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { createEmulator } from "@ghl-edge/emulator";
import { type RunningServer, serve } from "@ghl-edge/emulator/node";

const root = dirname(import.meta.dirname);
const wrangler = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js");
const { values, tokens } = parseArgs({
  options: { "emulator-port": { type: "string", default: "4010" }, "persist-to": { type: "string" } },
  strict: false,
  tokens: true,
});
const persist = typeof values["persist-to"] === "string" ? ["--persist-to", values["persist-to"]] : [];
const isOurs = (token: (typeof tokens)[number]): boolean =>
  token.kind === "option" && (token.name === "emulator-port" || token.name === "persist-to");
const ours = new Set(tokens.filter(isOurs).flatMap(({ index }) => [index, index + 1]));
const forWrangler = process.argv.slice(2).filter((_argument, index) => !ours.has(index));

function run(args: readonly string[], stdio: "inherit" | "ignore"): ChildProcess {
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
  return spawn(process.execPath, [wrangler, ...args], { cwd: root, env, stdio: [stdio, stdio, "inherit"] });
}

async function startEmulator(port: number): Promise<RunningServer | undefined> {
  try {
    return await serve(createEmulator(), { port });
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EADDRINUSE") throw error;
    process.stdout.write(`Port ${port} is taken: the gateway goes by what answers there.\n`);
    return undefined;
  }
}

const port = Number(values["emulator-port"]);
const emulator = await startEmulator(port);
const emulatorUrl = emulator?.url ?? `http://127.0.0.1:${port}`;

const migrated = run(["d1", "migrations", "apply", "DIRECTORY", "--local", ...persist], "ignore");
const [failed] = (await once(migrated, "exit")) as [number | null];
if (failed !== 0) {
  await emulator?.close();
  throw new Error("The directory's tables could not be made");
}

process.stdout.write(`emulator  ${emulatorUrl}\n`);
const settings = existsSync(join(root, ".dev.vars")) ? ".dev.vars" : ".dev.vars.example";
const urls = [
  `HIGHLEVEL_API_URL:${emulatorUrl}`,
  `HIGHLEVEL_AUTHORIZE_URL:${emulatorUrl}/oauth/chooselocation`,
].flatMap((setting) => ["--var", setting]);
const worker = run(["dev", "--env-file", settings, ...urls, ...persist, ...forWrangler], "inherit");
const stopped = once(worker, "exit");
// A terminal's Ctrl+C has reached wrangler already.
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => void (process.stdin.isTTY ? undefined : worker.kill(signal)));
const [code] = (await stopped) as [number | null];
await emulator?.close();
process.exitCode = code ?? 0;
