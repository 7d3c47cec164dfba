import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const SCRIPT = fileURLToPath(new URL("../install-chromium.sh", import.meta.url));

/** The only folder in which the script finds programs. */
let folder: string;

function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** Whether apt-get was isInstalling for something, and what the script output. */
function run(env: Record<string, string> = {}): { isInstalling: boolean; output: string } {
  const { status, stdout } = spawnSync("/bin/bash", [SCRIPT], { env: { PATH: folder, ...env }, encoding: "utf8" });
  expect(status).toBe(0);
  return { isInstalling: existsSync(join(folder, "apt-get-called")), output: stdout };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "install-chromium-"));
  program("timeout", 'shift; "$@"');
  program("id", "echo 0");
  program("apt-get", `echo "$@" >> "${folder}/apt-get-called"`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the script installs a Chromium where there is none", () => {
  expect(run()).toEqual({ isInstalling: true, output: "" });
});

test("the script installs nothing beside one that is there, or is named", () => {
  expect(run({ CHROMIUM_PATH: "/opt/chromium" }).isInstalling).toBe(false);
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    program(name, "");
    expect(run().isInstalling, name).toBe(false);
    rmSync(join(folder, name));
  }
});

test("the script says that tests will be skipped where it cannot install: not root, no apt-get, no mirror", () => {
  program("id", "echo 1000");
  expect(run()).toMatchObject({ isInstalling: false, output: expect.stringContaining("skipped") as string });
  program("id", "echo 0");
  program("apt-get", "exit 100");
  expect(run().output).toContain("skipped");
  rmSync(join(folder, "apt-get"));
  expect(run().output).toContain("skipped");
});
