import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
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
  ])("%j is refused with a word", async (args, message) => {
    await expect(run(process.execPath, [bin, ...args])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(message) as string,
    });
  });
});
