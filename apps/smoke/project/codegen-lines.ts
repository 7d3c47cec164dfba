/** The command lines of codegen's README, and the folders that they run in. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./packages.ts";

/** One line `npx ghl-codegen …` of the README. */
export interface ReadmeLine {
  /** Title of the section it stands in; `""` above the first. */
  readonly section: string;
  /** The line without its comment. */
  readonly line: string;
  readonly args: readonly string[];
}

const README = join(ROOT, "packages/codegen/README.md");

/** Every such line, in the README's order. */
export function readmeLines(): ReadmeLine[] {
  const lines: ReadmeLine[] = [];
  let section = "";
  let isShell = false;
  for (const text of readFileSync(README, "utf8").split("\n")) {
    if (text.startsWith("```")) isShell = text === "```sh";
    else if (!isShell && text.startsWith("## ")) section = text.slice(3);
    else if (isShell && text.startsWith("npx ghl-codegen ")) {
      const line = text.replace(/\s+#.*$/, "");
      const words = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(2);
      lines.push({ section, line, args: words.map((word) => (word === "<commit>" ? "c0ffee" : word)) });
    }
  }
  return lines;
}

/** The first configuration file that the README shows. */
export function readmeConfig(): string {
  const config = /```ts\n(import \{ defineConfig \}[\s\S]*?)```/.exec(readFileSync(README, "utf8"))?.[1];
  if (config === undefined) throw new Error("packages/codegen/README.md shows no configuration");
  return config;
}

/** Modules without an overlay: distilled, they are taken for documents as HighLevel has them. */
const MODULES = ["campaigns", "companies", "courses"];

/** A checkout like HighLevel's, and an archive of it. */
export function writeUpstream(folder: string, archive: string): void {
  mkdirSync(join(folder, "apps/v3"), { recursive: true });
  for (const module of MODULES) {
    cpSync(join(ROOT, `openapi/v2/${module}.json`), join(folder, `apps/${module}.json`));
    cpSync(join(ROOT, `openapi/v3/${module}.json`), join(folder, `apps/v3/${module}-v3.json`));
  }
  execFileSync("tar", ["-czf", archive, "-C", join(folder, ".."), "highlevel-api-docs"]);
}

const EXCHANGE = {
  method: "GET",
  url: "https://services.leadconnectorhq.com/contacts/c1",
  status: 200,
  response: { contact: { id: "c1" } },
};

/** Everything that the README's lines read in the user's folder; nothing of HighLevel's. */
export function writeUserFiles(folder: string, project: string): void {
  mkdirSync(join(folder, "src"), { recursive: true });
  const { method, url, status, response } = EXCHANGE;
  const content = { mimeType: "application/json", text: JSON.stringify(response) };
  const entries = [{ request: { method, url, headers: [] }, response: { status, content } }];
  writeFileSync(join(folder, "package.json"), '{ "name": "app", "private": true, "type": "commonjs" }\n');
  writeFileSync(join(folder, "session.har"), JSON.stringify({ log: { entries } }));
  writeFileSync(join(folder, "calls.jsonl"), `${JSON.stringify(EXCHANGE)}\n`);
  cpSync(join(project, "petstore.yaml"), join(folder, "petstore.yaml"));
  cpSync(join(project, "petstore.yaml"), join(folder, "new.yaml"));
  cpSync(join(ROOT, "openapi/v3/companies.json"), join(folder, "old.json"));
  cpSync(join(project, "worker-app.ts"), join(folder, "src/app.ts"));
}

/** Puts the folder's `openapi/` on a branch `main` and under a tag, as the lines of `diff` name them. */
export function commitOpenapi(folder: string): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: folder });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "openapi");
  git("commit", "--quiet", "-m", "documents");
  git("tag", "v1.2.0");
}
