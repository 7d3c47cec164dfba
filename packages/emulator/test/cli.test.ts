import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

/** The command as it is installed: built. */
const bin = join(import.meta.dirname, "../bin/ghl-emulator.js");
const run = promisify(execFile);

/** Starts the command on a free port, and waits for what it says. */
async function start(...args: string[]): Promise<{ child: ChildProcess; said: string; url: string }> {
  const child = spawn(process.execPath, [bin, "--port", "0", ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  while (!said.includes("Stop with")) {
    const [data] = (await once(child.stdout, "data")) as [Buffer];
    said += data.toString();
  }
  return { child, said, url: /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? "" };
}

/** @returns the exit code */
async function stop(child: ChildProcess): Promise<number | null> {
  child.kill("SIGINT");
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}

const stateOf = async (url: string): Promise<unknown> => (await fetch(`${url}/__emulator/state`)).json();

describe("ghl-emulator", () => {
  test("ghl-emulator serves until it is stopped", async () => {
    const { child, url } = await start("--limit", "sandbox", "--window", "sliding-log");
    const answer = await fetch(`${url}/oauth/token`, { method: "POST" });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { statusCode: 400, message: "Missing parameter: clientId" },
    ]);
    expect(await stateOf(url)).toMatchObject({ requests: 1, limits: { max: 25, window: "sliding-log" } });
    expect(await stop(child)).toBe(0);
  });

  test("ghl-emulator reads its config file, lets flags win over it, and seeds a few records by default", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ghl-emulator-"));
    const file = join(folder, "mine.json");
    await writeFile(file, JSON.stringify({ seed: "file", port: 1, rateLimit: "sandbox", seedRecords: 3 }));
    const startedState = async (...args: string[]): Promise<unknown> => {
      const { child, url } = await start(...args);
      const state = await stateOf(url);
      await stop(child);
      return state;
    };
    expect(await startedState("--config", file)).toMatchObject({ records: { contacts: 6 }, limits: { max: 25 } });
    const flags = ["--config", file, "--records", "off", "--limit", "standard"];
    expect(await startedState(...flags)).toMatchObject({ records: { locations: 2 }, limits: { max: 100 } });
    expect(await startedState()).toMatchObject({ records: { contacts: 20 } });
    await rm(folder, { recursive: true });
  });

  test("ghl-emulator explains itself", async () => {
    const { stdout } = await run(process.execPath, [bin, "--help"]);
    expect(stdout).toContain("--grace <seconds>");
    expect(stdout).toContain("Examples\n  ghl-emulator --");
    expect((await run(process.execPath, [bin, "-h"])).stdout).toBe(stdout);
  });

  test("ghl-emulator prints its version", async () => {
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, "../package.json"), "utf8")) as {
      version: string;
    };
    expect((await run(process.execPath, [bin, "--version"])).stdout).toBe(`${version}\n`);
  });

  test("ghl-emulator takes locations, apps and webhook addresses from flags, and prints addresses and keys", async () => {
    const flags = ["--locations", "7", "--app", "two:s:2", "--webhook-url", "http://127.0.0.1:9/hook"];
    const { child, said, url } = await start(...flags, "--records", "1");
    for (const row of [
      /^ {2}token endpoint +http:\/\/127\.0\.0\.1:\d+\/oauth\/token$/m,
      /^ {2}client id +65f0c0ffee65f0c0ffee65f0-emulator$/m,
      /^ {2}client id +two\n {2}client secret +s:2\n {2}webhooks go to +http:\/\/127\.0\.0\.1:9\/hook$/m,
      /^ {2}location +lOcAtIoN000000000001 {2}Example Sub-account One$/m,
      /^ {2}location +lOcAtIoN000000000005 {2}Example Sub-account 5\n +and 2 more$/m,
      /^ {2}webhook key +[\w+/=]{40,}$/m,
    ])
      expect(said).toMatch(row);
    expect(await stateOf(url)).toMatchObject({ records: { locations: 7, contacts: 7 } });
    await stop(child);
    const named = await start("--locations", "here,there");
    expect(named.said).toMatch(/^ {2}location +here .*\n {2}location +there /m);
    await stop(named.child);
  });

  test("ghl-emulator names a free port when the requested one is taken", async () => {
    const { child, url } = await start();
    const port = new URL(url).port;
    const refused = await run(process.execPath, [bin, "--port", port]).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 2 });
    const said = (refused as { stderr: string }).stderr;
    expect(said).toContain(`port ${port} on 127.0.0.1 is in use`);
    expect(said).toContain("--port 0 takes any free port");
    const free = /--port (\d+) is free/.exec(said)?.[1] ?? "";
    expect(Number(free)).toBeGreaterThan(Number(port));
    await stop(child);
  });

  test("ghl-emulator shows no secret of a flag that it refuses", async () => {
    const refused = await run(process.execPath, [bin, "--app", ":t0ps3cret"]).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 2 });
    expect((refused as { stderr: string }).stderr).not.toContain("t0ps3cret");
  });

  test.each([
    [["--port", "http"], '--port must be a whole number up to 65535, got "http"'],
    [["--port", "65536"], "--port must be a whole number"],
    [["--port", "1e3"], "--port must be a whole number"],
    [["--port", ""], "--port must have a value"],
    [["--grace", "30.5"], "--grace must be a whole number"],
    [["--grace", "99999999999"], "--grace must be a whole number"],
    [["--seed", ""], "--seed must have a value: --seed <text>"],
    [["--host", ""], "--host must have a value"],
    [["--client-id", ""], "--client-id must have a value"],
    [["--client-secret="], "--client-secret must have a value"],
    [["--strict=yes"], "--strict"],
    [["4010"], "4010"],
    [["--grace", "-1"], "--grace must be a whole number up to "],
    [["--limit", "gold"], 'rateLimit must be one of standard, sandbox, got "gold"'],
    [["--window", "leaky"], 'token-bucket, got "leaky"'],
    [["--nonsense"], "unknown option --nonsense"],
    [["--prt", "1"], "unknown option --prt; did you mean --port?"],
    [["--port", "--strict"], "--port must have a value"],
    [["--seed", "a", "--seed", "b"], "--seed must be given once"],
    [["--locations", "1001"], "--locations must be a whole number up to 1000"],
    [["--locations", "a,,b"], "--locations must be a number, or different ids"],
    [["--locations", "a,a"], "different ids"],
    [["--app", "no-secret"], "--app must be <client id>:<client secret>"],
    [["--app", "a:1", "--app", "a:2"], "each app must have a client id of its own, got a twice"],
    [["--webhook-url", "nowhere"], "webhookUrl must be an absolute http(s) URL"],
    [["--host", "no.such.host.invalid"], "--host 127.0.0.1"],
    [["--records", "many"], "--records must be off, small or a whole number up to 5000"],
    [["--config", "no-such-file.json"], "config file not found"],
    [["--config", "."], "config file must be a file, got the folder"],
  ])("%j is refused with a word", async (args, message) => {
    await expect(run(process.execPath, [bin, ...args])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message) as string,
    });
  });
});
