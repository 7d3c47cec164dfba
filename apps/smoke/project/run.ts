/** Child processes, with what they said. */
import { spawn } from "node:child_process";

/** Result of a child process. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of `run`. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs a command to its end; never rejects because of its exit code. */
export async function run(file: string, args: readonly string[], { cwd, env }: RunOptions): Promise<Finished> {
  const child = spawn(file, args, { cwd, env: env ?? process.env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}

/** The same, for a command that must succeed. */
export async function runToSuccess(file: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  const finished = await run(file, args, options);
  if (finished.code !== 0)
    throw new Error(`${file} ${args.join(" ")} ended with ${finished.code}\n${finished.stdout}${finished.stderr}`);
  return finished;
}
