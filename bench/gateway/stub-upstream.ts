import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ROOT } from "../lib/context.ts";

/** Starts upstream.ts in a process of its own. */
export async function startStubUpstream(emulatorUrl: string): Promise<{ url: string; close: () => Promise<void> }> {
  const program = join(ROOT, "bench/gateway/upstream.ts");
  const child = spawn(process.execPath, [program, emulatorUrl], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const said = (await Promise.race([once(child.stdout, "data"), ended])) as [Buffer | number | null];
  const port = Number(String(said[0]));
  if (!(port > 0) || child.exitCode !== null) throw new Error("the upstream did not start");
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
