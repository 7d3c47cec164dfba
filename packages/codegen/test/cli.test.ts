import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

it("the command ends quietly when the reader of its output goes away", async () => {
  const child = spawn(process.execPath, [cli, "scopes", "--module", "v3/calendars", "--json"], {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect({ status, complaint }).toEqual({ status: 0, complaint: "" });
});
