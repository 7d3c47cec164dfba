/** What a command may touch of the process, so that tests can run it in their own. */
export interface CommandIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard error is a terminal: there progress is one line that is redrawn. */
  readonly isTty: boolean;
  /** Writes to standard output, as it is. */
  readonly out: (text: string) => void;
  /** Writes to standard error, as it is. */
  readonly err: (text: string) => void;
}

/** One flag: the part that `parseArgs` of Node reads, and what the help says of it. */
export interface FlagOption {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** What stands for the value in the help: `file` gives `--input <file>`. Needed where the type is `string`. */
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
  /** What exit code 1 means; undefined: the command never ends with it. */
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

/** As of `diff` and `grep`: CI must tell a finding from a failure. */
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
