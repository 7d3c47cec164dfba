import { spawn } from "node:child_process";

/** Result of a child process. */
export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Time from before the start to after the end, in milliseconds. */
  readonly wallMs: number;
}

/** Runs a program to its end with its output collected; rejects only when it cannot be started. */
export function run(file: string, args: readonly string[], cwd: string): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const child = spawn(file, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr, wallMs: performance.now() - startMs }));
  });
}

/** Like `run`, with this very Node; rejects when the script fails. */
export async function runNode(args: readonly string[], cwd: string): Promise<Finished> {
  const finished = await run(process.execPath, args, cwd);
  if (finished.status === 0) return finished;
  const output = `${finished.stderr}\n${finished.stdout}`.trim().slice(-2000);
  throw new Error(`node ${args.slice(0, 3).join(" ")} … ended with ${finished.status}:\n${output}`);
}
