import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

const script = join(import.meta.dirname, "../local/demo/start.ts");
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});

interface Run {
  readonly child: ChildProcess;
  /** Resolves when the text has been printed. */
  printed(text: string): Promise<void>;
  readonly ended: Promise<{ code: number | null; output: string }>;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  let output = "";
  const waiting: { text: string; resolve: () => void }[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (data: Buffer) => {
      output += data.toString();
      for (const { text, resolve } of waiting) if (output.includes(text)) resolve();
    });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, output }));
  const printed = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ text, resolve });
      void ended.then(() => reject(new Error(`It ended without printing ${JSON.stringify(text)}:\n${output}`)));
    });
  return { child, printed, ended };
}

describe("npm start", () => {
  test("npm start shows install, typed call and webhook, and ends with exit code 0 when it gets `--exit`", async () => {
    const { code, output } = await start("--exit").ended;
    expect(output).toContain("grant sealed and stored");
    expect(output).toContain("HighLevel saw GET /contacts/c0ntact0000000000001, Version v3");
    expect(output).toContain("200, verified and stored");
    expect(output).toContain("401, nothing stored");
    expect(output).toMatch(/the endpoint has verified evt_[0-9a-f]{32}: Ada/);
    expect(code).toBe(0);
  }, 60_000);

  test("npm start keeps serving, beside another process on its port, until a signal stops it, and leaves nothing behind", async () => {
    const neighbour = createServer().listen(8787, "127.0.0.1");
    // Rejects where somebody is there already, who will do as well.
    await once(neighbour, "listening").catch(() => {});
    const { child, printed, ended } = start();
    await printed("Stop with Ctrl+C.");
    child.kill("SIGINT");
    const { code, output } = await ended;
    neighbour.close();
    expect(code).toBe(0);
    const url = /gateway +(http:\S+)/.exec(output)?.[1] ?? "";
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(url).not.toBe("http://127.0.0.1:8787");
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  }, 60_000);
});
