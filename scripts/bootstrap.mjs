// Entry of `npm start` and `npm test` on a machine that has only Node ≥ 20 and npm: brings the pinned pnpm, installs what
// the lockfile says, then hands over to a pnpm script, which runs on the Node that came with the install.
// Plain JavaScript on purpose: Node 20 does not run TypeScript.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const root = new URL("..", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
const pnpmVersion = manifest.devEngines.packageManager.version.replace(/^\^/, "");
const [script, ...args] = process.argv.slice(2);

// Everything works offline after the install: wrangler and turbo are told not to look for the network.
const env = {
  ...process.env,
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  DO_NOT_TRACK: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
};
const shell = process.platform === "win32";

const onPath = spawnSync("pnpm", ["--version"], { cwd: root, env, shell, encoding: "utf8" });
const pnpm =
  onPath.status === 0 && onPath.stdout.trim() === pnpmVersion
    ? ["pnpm"]
    : ["npx", "--yes", "--prefer-offline", `pnpm@${pnpmVersion}`];

function run(...command) {
  const [file, ...rest] = [...pnpm, ...command];
  const { status, signal } = spawnSync(file, rest, { cwd: root, env, shell, stdio: "inherit" });
  if (status !== 0) process.exit(signal ? 1 : (status ?? 1));
}

/**
 * Runs the script itself, which may serve until it is told to stop: signals are passed on, and its end is ours. A signal
 * to npm ends the shell between npm and us without reaching us; then we have another parent.
 */
function handOver(...command) {
  const [file, ...rest] = [...pnpm, ...command];
  const child = spawn(file, rest, { cwd: root, env, shell, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill("SIGTERM");
  }, 500);
  child.on("exit", (status, signal) => {
    clearInterval(watch);
    process.exitCode = signal ? 1 : (status ?? 1);
  });
}

run("install", "--frozen-lockfile");
handOver("run", script, ...args);
