import { expect, test } from "vitest";
import { parseCommandLine } from "../src/commands/usage/parse.ts";
import { COMMANDS, main } from "../src/main.ts";
import { run } from "./support/source.ts";

const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));

test("--help lists every command, and help <command> is <command> --help", async () => {
  const { code, out, err } = await run(".", ["--help"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  for (const { name, summary } of commands) {
    expect(out).toMatch(new RegExp(`^ {2}${name} +${summary.slice(0, 20)}`, "m"));
    expect(await run(".", ["help", name])).toEqual(await run(".", [name, "--help"]));
  }
});

test.each(commands)(
  "the help of $name has the same parts as that of the others, and names every option",
  async (command) => {
    const { code, out, err } = await run(".", [command.name, "--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.startsWith(`ghl-codegen ${command.name}: ${command.summary}\n`)).toBe(true);
    expect(
      [...out.matchAll(/^(\w[\w ]*):(?:\n| )/gm)].map(([, title]) => title).filter((title) => title !== "Classes"),
    ).toEqual(["Usage", "Options", "Examples", "Exit codes"]);
    for (const [name, { type, value }] of Object.entries(command.options)) {
      expect(out).toContain(type === "string" ? `--${name} <${value}>` : `--${name} `);
      if (type === "string") expect(value).toMatch(/^\S/);
    }
  },
);

test.each(commands.flatMap(({ name, examples }) => examples.map(([args]) => ({ name, args }))))(
  "the example `$args` of $name is a call that the command takes",
  ({ name, args }) => {
    const words = [...args.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
    expect(words[0]).toBe(name);
    const command = commands.find((candidate) => candidate.name === name)!;
    expect(parseCommandLine(command, words.slice(1)).flags).toBeDefined();
  },
);

test("--version prints the package's version", async () => {
  expect(await run(".", ["--version"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
    err: "",
  });
});

test.each([
  [[], "Usage:"],
  [["nope"], "unknown command nope\n"],
  [["generat"], 'unknown command generat; did you mean "generate"?'],
  [["--versoin"], "unknown option --versoin"],
  [["help", "snyc"], 'unknown command snyc; did you mean "sync"?'],
  [["toString"], "unknown command toString"],
  [["sync", "--form", "x"], "unknown option --form; did you mean --from?"],
  [["sync", "--constructor"], "unknown option --constructor"],
  [["sync", "extra"], 'unexpected argument "extra"'],
  [["sync", "--from"], "--from must have a value: --from <source>"],
  [["sync", "--from="], "--from must have a value: --from <source>"],
  [["sync", "--from", "--check"], "--from must have a value: --from <source>, got --check"],
  [["sync", "--check=yes"], "--check takes no value"],
  [["generate", "--input", "a.json", "--input", "b.json", "--out", "api"], "--input must be given once"],
  [["lint", "--class", "enum-dupicates"], 'unknown class "enum-dupicates"; did you mean "enum-duplicates"?'],
  [["diff", "a", "b", "--fail-on", "braking"], 'unknown class "braking"; did you mean "breaking"?'],
  [["scopes", "--api", "v4", "--module", "contacts"], '--api must be v2 or v3, got "v4"'],
])("%j is wrong use: exit code 2, with what would be right", async (argv, message) => {
  const { code, err, out } = await run(".", argv);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(message);
});

test("an error that is not this package's own escapes, so that it ends with its stack", async () => {
  const io = { cwd: ".", env: {}, isTty: false, err: () => {}, out: () => void Promise.reject };
  const broken = {
    ...io,
    out: () => {
      throw new TypeError("broken pipe");
    },
  };
  await expect(main(["--version"], broken)).rejects.toThrow("broken pipe");
});
