import { type Command, EXIT, type FlagOption } from "../command.ts";

/** Text of `ghl-codegen <command> --help`: every command has the same parts in the same order. */
export function commandHelp(command: Command): string {
  const { name, summary, usage, options, notes, examples, found } = command;
  return [
    `ghl-codegen ${name}: ${summary}\n`,
    section(
      "Usage",
      usage.map((form) => `ghl-codegen ${name} ${form}`.trimEnd()),
    ),
    section("Options", optionLines(options)),
    notes === undefined ? "" : `\n${notes.trim()}\n`,
    section("Examples", exampleLines(examples)),
    `\nExit codes: ${exitCodes(found)}\n`,
  ].join("");
}

/** Text of `ghl-codegen --help`. */
export function overview(commands: readonly { readonly name: string; readonly summary: string }[]): string {
  return [
    "ghl-codegen: typed clients and webhook types from OpenAPI documents\n",
    section("Usage", ["ghl-codegen <command> [options]"]),
    section("Commands", columns(commands.map(({ name, summary }) => [name, summary]))),
    section(
      "Options",
      columns([
        ["--help, -h", "this text; after a command, that of the command"],
        ["--version", "the version"],
      ]),
    ),
    section(
      "Examples",
      exampleLines([["generate --input petstore.yaml --out src/api", "a typed client of any OpenAPI 3 document"]]),
    ),
    `\nExit codes: ${exitCodes("found what was looked for")}\n`,
  ].join("");
}

function exitCodes(found: string | undefined): string {
  const middle = found === undefined ? "" : `, ${EXIT.found} ${found}`;
  return `${EXIT.done} done${middle}, ${EXIT.trouble} it could not be done (wrong use, unreadable file, network).`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\n${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function optionLines(options: Readonly<Record<string, FlagOption>>): string[] {
  const rows = Object.entries(options).map(([name, { type, value, help, multiple }]): [string, string] => [
    type === "string" ? `--${name} <${value}>` : `--${name}`,
    multiple === true ? `${help}; may be repeated` : help,
  ]);
  return columns([...rows, ["--help, -h", "this text"]]);
}

function exampleLines(examples: Command["examples"]): string[] {
  return columns(examples.map(([args, does]) => [`npx ghl-codegen ${args}`, does]));
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}
