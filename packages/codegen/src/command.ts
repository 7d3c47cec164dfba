import type { ParseArgsConfig } from "node:util";

/** What a command may touch of the process, so that tests can run it in their own. */
export interface CommandIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard error is a terminal: progress lines are only drawn on one. */
  readonly isTty: boolean;
  /** Writes to standard output, as it is. */
  readonly out: (text: string) => void;
  /** Writes to standard error, as it is. */
  readonly err: (text: string) => void;
}

/** Values of parseArgs: a string, a boolean, or a list of them for a flag that may be repeated. */
export type FlagValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface Command {
  /** Text of `ghl-codegen <command> --help`. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** Whether the command takes arguments that are not flags; default false. */
  readonly allowPositionals?: boolean;
  /**
   * Returns the exit code: 0, or 1 when it found what a flag asked to be told of. Throws a CodegenError for everything
   * that can go wrong, which ends with 2.
   */
  readonly run: (flags: FlagValues, io: CommandIo, positionals: readonly string[]) => Promise<number>;
}

/** The flag's value when it was given as text. */
export function textFlag(flags: FlagValues, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

/** The values of a flag that may be repeated. */
export function textFlags(flags: FlagValues, name: string): string[] {
  const value = flags[name];
  const values = Array.isArray(value) ? value : [value];
  return values.filter((item) => typeof item === "string");
}
