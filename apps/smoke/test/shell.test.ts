/** Commands of all documents: sub-commands, flags, scripts and files exist, and what can be run is run in an empty folder. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ROOT } from "../project/packages.ts";
import { NOT_RUN, problemOf, RUN, reasonOf, type World } from "../project/shell/check.ts";
import { findLines, linesOf } from "../project/shell/documents.ts";
import { parseShell } from "../project/shell/parse.ts";

const HELP: Readonly<Record<string, readonly [file: string, ...args: string[]]>> = {
  "ghl-codegen": [process.execPath, join(ROOT, "packages/codegen/bin/ghl-codegen.js")],
  "ghl-emulator": [process.execPath, join(ROOT, "packages/emulator/bin/ghl-emulator.js")],
  wrangler: [join(ROOT, "apps/gateway/node_modules/.bin/wrangler")],
};
const helps = new Map<string, string | undefined>();

/** The programs as they are built. */
const world: World = {
  root: ROOT,
  help(program, words) {
    const key = [program, ...words].join(" ");
    if (!helps.has(key)) {
      const [file, ...args] = HELP[program]!;
      const { status, stdout } = spawnSync(file, [...args, ...words, "--help"], {
        encoding: "utf8",
        env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: join(scratch, "wrangler.log") },
      });
      // wrangler answers an unknown sub-command with the help of what is above it
      const isKnown = status === 0 && (program !== "wrangler" || stdout.startsWith(key));
      helps.set(key, isKnown ? stdout : undefined);
    }
    return helps.get(key);
  },
};

const scratch = mkdtempSync(join(tmpdir(), "ghl-edge-shell-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const lines = findLines();
const blocks = lines.filter(({ isBlock }) => isBlock);
const isRunnable = (commands: readonly (readonly string[])[]): boolean =>
  commands.every((words) => RUN.has(words[0]!) && !reasonOf(words));
const runnable = blocks.filter(({ commands }) => commands.length > 0 && isRunnable(commands));

it("there are lines in READMEs, guides and design documents, in blocks and in sentences", () => {
  for (const path of ["README.md", "CONTRIBUTING.md", "apps/gateway/README.md", "packages/codegen/README.md"])
    expect(
      blocks.some((line) => line.path === path),
      path,
    ).toBe(true);
  expect(blocks.length).toBeGreaterThan(50);
  expect(lines.length - blocks.length).toBeGreaterThan(50);
  expect(runnable.length).toBeGreaterThan(0);
});

it.each(lines)("the command at $position exists: $text", ({ commands, path }) => {
  for (const words of commands) expect(problemOf(words, path, world), words.join(" ")).toBeUndefined();
});

it.skipIf(spawnSync("openssl", ["version"]).error !== undefined).each(runnable)("$position runs: $text", ({ text }) => {
  const said = execFileSync("sh", ["-e", "-c", text], { cwd: mkdtempSync(join(scratch, "run-")), encoding: "utf8" });
  expect(said).not.toBe("");
});

it("a line of a block is run, or there is a reason why not", () => {
  const unexplained = blocks.filter(({ commands }) =>
    commands.some((words) => !RUN.has(words[0]!) && reasonOf(words) === undefined),
  );
  expect(unexplained.map(({ position, text }) => `${position}: ${text}`)).toEqual([]);
  const used = new Set(blocks.flatMap(({ commands }) => commands.map((words) => reasonOf(words))));
  // A reason that no line has is dead; `ghl-emulator` and `wrangler` also stand in sentences only.
  expect(
    Object.entries(NOT_RUN).filter(([name, reason]) => !used.has(reason) && !/^(ghl-emulator|wrangler)$/.test(name)),
  ).toEqual([]);
});

describe("a mistake in a shell block", () => {
  const problemsOf = (document: string, path = "README.md"): (string | undefined)[] =>
    linesOf(path, document)
      .flatMap(({ commands }) => commands.map((words) => problemOf(words, path, world)))
      .filter((problem) => problem !== undefined);
  const block = (text: string): string => `# Title\n\n\`\`\`sh\n${text}\n\`\`\`\n`;

  it.each<[text: string, problem: string]>([
    ["npx ghl-codegen generate --input a.yaml --outt b", "ghl-codegen generate has no --outt"],
    ["npx ghl-codegen lint --write", "ghl-codegen lint has no --write"],
    ["npx ghl-codegen genrate --input a.yaml", "ghl-codegen has no genrate"],
    ["npx ghl-emulator --prt 1", "ghl-emulator has no --prt"],
    ["npx ghl-gateway", "npx ghl-gateway is no command of ours"],
    ["pnpm bnch", "pnpm bnch: no script bnch"],
    ["pnpm bench --shrt", "bench (run.ts) has no --shrt"],
    ["pnpm generate --chek", "ghl-codegen generate has no --chek"],
    ["pnpm --filter gateway run sok", "pnpm --filter gateway run sok: no script sok"],
    [
      "pnpm --filter @ghl-edge/gateway run soak soak/none.test.ts",
      "soak: there is no soak/none.test.ts in packages/gateway",
    ],
    ["pnpm exec wrangler deploy --enviroment production", "wrangler deploy has no --enviroment"],
    ["pnpm exec vitestt run", ". has no program vitestt"],
    ["pnpm exec vitest run scripts/test/none.test.ts", "there is no scripts/test/none.test.ts in ."],
    ["pnpm --filter @ghl-edge/cli run test", "there is no package @ghl-edge/cli"],
    [
      "pnpm --filter @ghl-edge/oauth exec vitest run test/none.test.ts",
      "there is no test/none.test.ts in packages/oauth",
    ],
    ["npm install --save-dev @ghl-edge/cli", "there is no package @ghl-edge/cli"],
    ["yarn start", "no such program: yarn"],
    ["cd x && npx ghl-codegen sync --form y # comment", "ghl-codegen sync has no --form"],
  ])("a mistake in a shell block is found: %s", (text, problem) => {
    expect(problemsOf(block(text))).toEqual([problem]);
    if (/^(npx ghl-[ce]|pnpm|npm)/.test(text)) expect(problemsOf(`As \`${text}\` does.`)).toEqual([problem]);
  });
});

describe("the shell is read", () => {
  const wordsOf = (text: string): string[][] =>
    parseShell(text).flatMap(({ commands }) => commands.map((words) => [...words]));

  it.each<[text: string, words: string[][]]>([
    ["a b  c", [["a", "b", "c"]]],
    ["a # b", [["a"]]],
    ["a 'b # c' \"d e\"", [["a", "b # c", "d e"]]],
    ["a \\\n  b\nc", [["a", "b"], ["c"]]],
    ["a -d '{\n  \"b\": 1 }'\nc", [["a", "-d", '{\n  "b": 1 }'], ["c"]]],
    ["a && b | c; d || e", [["a"], ["b"], ["c"], ["d"], ["e"]]],
    ["KEY=1 a > b", [["a"]]],
    ["key=$(a b | c); d", [["a", "b"], ["c"], ["d"]]],
    ["# only a comment\n\na", [["a"]]],
    ["", []],
  ])("the shell is read into words: %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it("the shell is read with the line of each command", () => {
    expect(parseShell("a '\n'\n# comment\nb").map(({ line }) => line)).toEqual([0, 3]);
  });
});
