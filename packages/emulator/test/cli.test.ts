import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

/** The command as it is installed: built. */
const bin = join(import.meta.dirname, "../bin/ghl-emulator.js");
const run = promisify(execFile);

describe("ghl-emulator", () => {
  test("serves until it is told to stop", async () => {
    const child = spawn(process.execPath, [bin, "--port", "0", "--limit", "sandbox", "--window", "sliding-log"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [data] = (await once(child.stdout, "data")) as [Buffer];
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(data.toString())?.[0] ?? "";
    const answer = await fetch(`${url}/oauth/token`, { method: "POST" });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { statusCode: 400, message: "Missing parameter: clientId" },
    ]);
    const state = (await (await fetch(`${url}/__emulator/state`)).json()) as { requests: number; limits: object };
    expect(state).toMatchObject({ requests: 1, limits: { max: 25, window: "sliding-log" } });
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).toBe(0);
  });

  test("reads its config file, lets flags win over it, and seeds a few records unless it is told otherwise", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ghl-emulator-"));
    const file = join(folder, "mine.json");
    await writeFile(file, JSON.stringify({ seed: "file", port: 1, rateLimit: "sandbox", seedRecords: 3 }));
    const stateOf = async (...args: string[]): Promise<unknown> => {
      const child = spawn(process.execPath, [bin, "--port", "0", ...args], { stdio: ["ignore", "pipe", "inherit"] });
      const [data] = (await once(child.stdout, "data")) as [Buffer];
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(data.toString())?.[0] ?? "";
      const state: unknown = await (await fetch(`${url}/__emulator/state`)).json();
      child.kill("SIGINT");
      await once(child, "close");
      return state;
    };
    expect(await stateOf("--config", file)).toMatchObject({ records: { contacts: 6 }, limits: { max: 25 } });
    const flags = ["--config", file, "--records", "off", "--limit", "standard"];
    expect(await stateOf(...flags)).toMatchObject({ records: { locations: 2 }, limits: { max: 100 } });
    expect(await stateOf()).toMatchObject({ records: { contacts: 20 } });
    await rm(folder, { recursive: true });
  });

  test("explains itself", async () => {
    const { stdout } = await run(process.execPath, [bin, "--help"]);
    expect(stdout).toContain("--grace <seconds>");
  });

  test.each([
    [["--port", "http"], '--port takes a whole number up to 65535, not "http"'],
    [["--port", "65536"], "--port takes a whole number"],
    [["--port", "1e3"], "--port takes a whole number"],
    [["--port", ""], "--port takes a value"],
    [["--grace", "30.5"], "--grace takes a whole number"],
    [["--grace", "99999999999"], "--grace takes a whole number"],
    [["--seed", ""], "--seed takes a value, not an empty text"],
    [["--host", ""], "--host takes a value"],
    [["--client-id", ""], "--client-id takes a value"],
    [["--client-secret="], "--client-secret takes a value"],
    [["--strict=yes"], "--strict"],
    [["4010"], "4010"],
    [["--grace", "-1"], "--grace"],
    [["--limit", "gold"], "rateLimit must be one of standard, sandbox"],
    [["--window", "leaky"], "rateLimit.window must be one of"],
    [["--nonsense"], "--nonsense"],
    [["--records", "many"], "--records takes a whole number up to 5000"],
    [["--config", "no-such-file.json"], "config file not found"],
  ])("%j is refused with a word", async (args, message) => {
    await expect(run(process.execPath, [bin, ...args])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(message) as string,
    });
  });
});
