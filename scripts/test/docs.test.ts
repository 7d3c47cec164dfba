import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";

// Blocks of documents outside of packages/, whose READMEs apps/smoke compiles and runs.

const root = fileURLToPath(new URL("../..", import.meta.url));
const documents = globSync(["*.md", "bench/README.md", "docs/**/*.md", "apps/gateway/*.md"], { cwd: root });

interface Block {
  readonly place: string;
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

const blocks: Block[] = documents.flatMap((path) => {
  const document = readFileSync(join(root, path), "utf8");
  return [...document.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm)].map(({ index, 1: language, 2: text }) => ({
    place: `${path}:${document.slice(0, index).split("\n").length}`,
    path,
    language: language!,
    text: text!,
  }));
});

/** Where TypeScript of a document is compiled and run. */
const COMPILED: Readonly<Record<string, string>> = {
  "README.md": "apps/smoke",
  "apps/gateway/README.md": "apps/gateway/test/docs",
};

test("documents are found, and blocks in them", () => {
  expect(documents.length).toBeGreaterThan(15);
  expect(blocks.length).toBeGreaterThan(20);
});

test("every block is of a kind that a test looks at; one without a language is a drawing", () => {
  for (const { place, path, language } of blocks) {
    expect(["", "sh", "ts", "json", "jsonc", "yaml"], place).toContain(language);
    if (language === "ts") expect(COMPILED, `${place}: no test compiles it`).toHaveProperty([path]);
  }
  for (const { place, text } of blocks.filter(({ language }) => language === ""))
    expect(text, `${place}: it has a language`).not.toMatch(/^\s*(import |const |npm |pnpm |curl |\{$)/m);
});

test("every block of JSON or YAML parses", () => {
  for (const { place, language, text } of blocks) {
    if (language === "yaml") expect(() => parse(text), place).not.toThrow();
    // A member as it stands in a larger object.
    if (/^jsonc?$/.test(language))
      expect(() => JSON.parse(/^\s*"/.test(text) ? `{${text}}` : text), place).not.toThrow();
  }
});

interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
}
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
const packages = globSync("{packages,apps}/*/package.json", { cwd: root }).map((path) => manifestOf(join(path, "..")));

/** Commands of other programs that documents name; what they do is not ours to test. */
const OTHERS = /^(git|cd|curl|openssl|printf|echo|key=|gateway=|npx ghl-codegen|pnpm (install|exec wrangler)\b)/;

/** What is wrong with a command; undefined when there is a script for it. */
function problemOf(command: string, path: string): string | undefined {
  if (OTHERS.test(command)) return undefined;
  const [program, ...rest] = command.split(/\s+/);
  if (program !== "pnpm" && program !== "npm") return `no such program: ${program}`;
  const [filter, folder] = [rest.indexOf("--filter"), rest.indexOf("--dir")];
  // Commands of the gateway's page that name no package are given in its folder.
  const inGateway = path.startsWith("apps/gateway/") && manifestOf("apps/gateway").scripts;
  const manifests =
    filter >= 0
      ? packages.filter(({ name }) => name === rest[filter + 1])
      : [manifestOf(folder >= 0 ? rest[folder + 1]! : "."), ...(inGateway ? [manifestOf("apps/gateway")] : [])];
  const named = Math.max(filter, folder);
  const words = rest.filter((_word, i) => named < 0 || (i !== named && i !== named + 1));
  const script = words.find((word) => word !== "run" && !word.startsWith("-"));
  const exists = manifests.some(({ scripts }) => Object.hasOwn(Object(scripts), script ?? ""));
  return exists ? undefined : `no script ${script} for: ${command}`;
}

const commandsOf = (text: string): string[] =>
  text
    .replaceAll(/\\\n/g, " ")
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => /^[a-z]/.test(line))
    .flatMap((line) => (line.startsWith("curl") || line.startsWith("key=") ? [line] : line.split(/\s*&&\s*/)));

test("every command of a document exists", () => {
  const commands = blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ place, path, text }) => commandsOf(text).map((command) => ({ place, path, command })));
  expect(commands.length).toBeGreaterThan(20);
  const problems = commands.flatMap(({ place, path, command }) => {
    const problem = problemOf(command, path);
    return problem === undefined ? [] : [`${place}: ${problem}`];
  });
  expect(problems).toEqual([]);
});

test("a command that does not exist is found, as a control", () => {
  expect(problemOf("pnpm bnch", "README.md")).toBe("no script bnch for: pnpm bnch");
  expect(problemOf("pnpm --filter gateway run sok", "docs/x.md")).toContain("no script sok");
  expect(problemOf("yarn start", "README.md")).toBe("no such program: yarn");
});
