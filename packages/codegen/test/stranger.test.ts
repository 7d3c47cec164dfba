import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { OPENAPI, REPOSITORY, UPSTREAM } from "./support/repository.ts";
import { readTree, temporaryFolder, writeFiles } from "./support/source.ts";

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

/** Runs the program in a folder, as its own process. */
function ghlCodegen(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
}

/** A project that is not this repository. `imports` are what its configuration says. */
async function project(imports: "package" | "relative"): Promise<string> {
  const root = temporaryFolder();
  const targets = { client: "src/highlevel", emulator: "data", webhooks: "src/webhooks" };
  await writeFiles(root, {
    "package.json": { type: "module" },
    "ghl-codegen.config.ts": `export default ${JSON.stringify({ targets, imports })};\n`,
  });
  return root;
}

/** Folders of this project's own packages, by the names of the targets above. */
const OWN = [
  ["src/highlevel", "packages/client/src/generated"],
  ["data", "packages/emulator/src/generated"],
  ["src/webhooks", "packages/webhooks/src/generated"],
] as const;

/** A text without the modules that it imports from. */
const withoutSources = (text: string): string => {
  const imports = text.split("\n").filter((line) => /^import /.test(line));
  const names = imports.flatMap((line) => [...line.matchAll(/\w+(?=,| \})/g)].map(([name]) => name)).sort();
  return [names.join(" "), ...text.split("\n").filter((line) => !imports.includes(line))].join("\n");
};

describe("a project of its own, with the distilled documents in openapi/", () => {
  test("imports: relative gives what this repository's packages have, byte for byte, and nothing else", async () => {
    const root = await project("relative");
    for (const api of ["v2", "v3"]) cpSync(join(OPENAPI, api), join(root, "openapi", api), { recursive: true });
    expect(ghlCodegen(root, "generate", "--quiet")).toMatchObject({ status: 0, stderr: "" });
    for (const [target, own] of OWN) {
      expect(await readTree(join(root, target)), target).toEqual(await readTree(join(REPOSITORY, own)));
    }
    expect(readdirSync(root).sort()).toEqual(["data", "ghl-codegen.config.ts", "openapi", "package.json", "src"]);
    expect(ghlCodegen(root, "generate", "--check")).toMatchObject({ status: 0 });
  });

  test("imports: package differs in import lines alone, and leaves out what only the package can import", async () => {
    const root = await project("package");
    for (const api of ["v2", "v3"]) cpSync(join(OPENAPI, api), join(root, "openapi", api), { recursive: true });
    expect(ghlCodegen(root, "generate", "--quiet")).toMatchObject({ status: 0, stderr: "" });
    const made = await readTree(join(root, "src/highlevel"));
    const own = await readTree(join(REPOSITORY, "packages/client/src/generated"));
    expect(Object.keys(made)).toEqual(Object.keys(own));
    for (const [file, text] of Object.entries(made)) {
      expect(withoutSources(text), file).toBe(withoutSources(own[file] ?? ""));
      expect(text, file).not.toMatch(/from "\.\.\/\.\./);
    }
    expect(readdirSync(join(root, "src/webhooks"))).toEqual(["events.gen.ts", "samples.gen.ts"]);
  });
});

test.skipIf(!existsSync(UPSTREAM))(
  "sync and generate from HighLevel's documents give what is committed here, byte for byte",
  async () => {
    const root = await project("relative");
    expect(ghlCodegen(root, "sync", "--from", UPSTREAM)).toMatchObject({ status: 0, stderr: "" });
    const made = await readTree(join(root, "openapi"));
    const own = await readTree(OPENAPI);
    expect(Object.keys(made)).toEqual(
      expect.arrayContaining(["v2/contacts.json", "v3/contacts.json", "sources.lock.json"]),
    );
    for (const [file, text] of Object.entries(made)) expect(text === own[file], file).toBe(true);
    expect(ghlCodegen(root, "generate", "--quiet")).toMatchObject({ status: 0, stderr: "" });
    for (const [target, committed] of OWN) {
      expect(await readTree(join(root, target)), target).toEqual(await readTree(join(REPOSITORY, committed)));
    }
  },
);
