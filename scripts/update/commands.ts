import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** A program and its first arguments. */
export type CommandLine = readonly [program: string, ...rest: string[]];

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Print what the command prints while it runs. */
  readonly show?: boolean;
}

/** A command of the flow ended with something else than 0. */
export class CommandError extends Error {
  readonly code = "ERR_UPDATE_COMMAND";
  readonly output: string;

  constructor(line: string, status: number | null, output: string) {
    super(`${line} ended with ${status}\n${output}`);
    this.name = "CommandError";
    this.output = output;
  }
}

export interface CommandResult {
  /** Null when a signal ended it. */
  readonly status: number | null;
  /** Standard output; empty when it was shown instead. */
  readonly out: string;
  readonly err: string;
}

/** Runs a command without a shell and waits for it. */
export async function tryRun(
  [program, ...rest]: CommandLine,
  args: readonly string[],
  options: RunOptions,
): Promise<CommandResult> {
  const child = spawn(program, [...rest, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: options.show === true ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
  });
  const [closed, out, err] = await Promise.all([
    once(child, "close"),
    child.stdout === null ? "" : text(child.stdout),
    child.stderr === null ? "" : text(child.stderr),
  ]);
  return { status: closed[0] as number | null, out, err };
}

/** The same, and its standard output. @throws CommandError */
export async function run(command: CommandLine, args: readonly string[], options: RunOptions): Promise<string> {
  const { status, out, err } = await tryRun(command, args, options);
  if (status !== 0) throw new CommandError([...command, ...args].join(" "), status, err + out);
  return out.trim();
}
