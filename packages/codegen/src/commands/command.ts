/** The parts of the process that a command uses. Tests pass their own. */
export interface CommandIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard error is a terminal. On a terminal, progress is one line that is redrawn. */
  readonly isTty: boolean;
  /** Writes to standard output, as it is. */
  readonly out: (text: string) => void;
  /** Writes to standard error, as it is. */
  readonly err: (text: string) => void;
}

/** One flag: the part that Node's `parseArgs` reads, and its text in the help. */
export interface FlagOption {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** Placeholder for the value in the help: `file` gives `--input <file>`. Required when the type is `string`. */
  readonly value?: string;
  /** One line of the help. */
  readonly help: string;
}

/** Values of the flags: a string, a boolean, or a list of them for a flag that may be repeated. */
export type FlagValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** One example of the help: the arguments after `ghl-codegen`, and what the call does. */
export type Example = readonly [args: string, does: string];

export interface Command {
  readonly name: string;
  /** One line for the list of commands. It is also the first line of the command's own help. */
  readonly summary: string;
  /** Forms of the call, after `ghl-codegen <name> `. */
  readonly usage: readonly string[];
  readonly options: Readonly<Record<string, FlagOption>>;
  readonly examples: readonly [Example, ...Example[]];
  /** Meaning of exit code 1. It is undefined when the command never ends with that code. */
  readonly found?: string;
  /** Further text of the help, below the options. */
  readonly notes?: string;
  /** Whether the command takes arguments that are not flags; default false. */
  readonly allowPositionals?: boolean;
  /**
   * Returns an exit code of `EXIT`. Throws a CodegenError for everything that can go wrong, which ends with
   * `EXIT.trouble`.
   */
  readonly run: (flags: FlagValues, io: CommandIo, positionals: readonly string[]) => Promise<number>;
}

/** Exit codes as `diff` and `grep` use them: CI must distinguish a finding from a failure. */
export const EXIT = { done: 0, found: 1, trouble: 2 } as const;

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
