import { expect, test } from "vitest";
import { run } from "./support/source.ts";

test("--help lists the commands, and each command has a help of its own", async () => {
  const { code, out } = await run(".", ["--help"]);
  expect(code).toBe(0);
  for (const command of ["sync", "lint", "generate", "scopes"]) {
    expect(out).toMatch(new RegExp(`^ {2}${command} `, "m"));
    const help = await run(".", [command, "--help"]);
    expect(help).toMatchObject({ code: 0, err: "" });
    expect(help.out).toContain(`ghl-codegen ${command}`);
  }
});

test("--version tells the package's version", async () => {
  expect(await run(".", ["--version"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
    err: "",
  });
});

test.each([
  [[], ""],
  [["nope"], "no command nope"],
  [["toString"], "no command toString"],
  [["sync", "--nope"], "--nope"],
  [["sync", "extra"], "extra"],
  [["sync", "--from"], "--from"],
  [["generate", "--input", "a.json", "--input", "b.json", "--out", "api"], "--input must be given once"],
])("%j is wrong use", async (argv, message) => {
  const { code, err } = await run(".", argv);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
