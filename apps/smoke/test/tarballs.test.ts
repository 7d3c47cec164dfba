/** Checks the contents of the tarballs, and that nothing in them leads back into the workspace. */
import { globSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { NODES, userEnvironment } from "../project/nodes.ts";
import { entriesOf, findPackages, type Manifest, ROOT } from "../project/packages.ts";
import { run } from "../project/run.ts";

const project = inject("project");
const packages = findPackages();

describe.each(packages)("$manifest.name", ({ manifest: source, readme }) => {
  const folder = join(project, "node_modules", source.name);
  const installed = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const files = globSync("**/*", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

  it("the tarball carries what it declares, its README, the licence and the sources of its maps, and no tests", () => {
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    expect(readFileSync(join(folder, "README.md"), "utf8")).toBe(readme);
    expect(files.filter((file) => !/^(dist|bin|src)\/|^(LICENSE|README\.md|package\.json)$/.test(file))).toEqual([]);
    expect(files.filter((file) => /(^|\/)tests?\/|\.test\./.test(file))).toEqual([]);
    expect(files.filter((file) => /^(dist|bin)\/.*(?<!\.d)\.tsx?$/.test(file))).toEqual([]);
  });

  it("the tarball leads from each declaration to the source that it was made of", () => {
    const declarations = files.filter((file) => /^dist\/.*\.d\.ts$/.test(file));
    expect(declarations.length).toBeGreaterThan(0);
    const missing = declarations.flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      // A file of re-exports alone has no declaration to follow.
      if (!/^(declare|interface|type|export (declare|interface|type|class|function) \w)/m.test(text)) return [];
      const name = /^\/\/# sourceMappingURL=(.+)$/m.exec(text)?.[1];
      if (name === undefined) return [`${file} has no map`];
      const map = JSON.parse(readFileSync(join(folder, dirname(file), name), "utf8")) as { sources: string[] };
      return (
        map.sources
          .map((source) => join(dirname(file), source))
          // Generated declarations say the same as their source; the rules of core are inlined.
          .filter((path) => !/(^|\/)generated\/|^\.\.\/core\//.test(path) && !files.includes(path))
          .map((path) => `${file} leads to ${path}`)
      );
    });
    expect(missing).toEqual([]);
  });

  it("the package depends on versions, not on the workspace", () => {
    for (const [name, range] of Object.entries(installed.dependencies ?? {})) {
      const sibling = packages.find(({ manifest }) => manifest.name === name);
      expect(range).toMatch(
        sibling ? new RegExp(`^[\\^~]?${sibling.manifest.version.replaceAll(".", "\\.")}$`) : /^[\^~]?\d/,
      );
    }
    expect(realpathSync(folder).startsWith(realpathSync(project))).toBe(true);
  });

  it("the tarball names no path of the machine that built it", () => {
    const texts = files.filter((file) => /\.(js|ts|json|md|map)$/.test(file));
    expect(texts.filter((file) => readFileSync(join(folder, file), "utf8").includes(ROOT))).toEqual([]);
  });

  // A member may have the name.
  it("the declarations say `any` in no type", () => {
    const loose = files
      .filter((file) => file.endsWith(".d.ts"))
      .filter((file) => /\bany\b(?!\??:)/.test(withoutText(readFileSync(join(folder, file), "utf8"))));
    expect(loose).toEqual([]);
  });

  for (const { title, path } of NODES)
    it.skipIf(!path)(`the package is imported by its entries on ${title}`, async () => {
      const entries = entriesOf(source).filter((entry) => !entry.endsWith("/durable-object"));
      const code = `for (const entry of ${JSON.stringify(entries)}) await import(entry);`;
      const said = await run(path!, ["--input-type=module", "-e", code], {
        cwd: project,
        env: userEnvironment(path!, project),
      });
      expect(said).toEqual({ code: 0, stdout: "", stderr: "" });
    });
});

/** TypeScript without its comments and strings. */
function withoutText(code: string): string {
  return code.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|`[^`]*`/g, "");
}

it("the package resolves nothing from the workspace", async () => {
  const { path } = NODES[0]!;
  const names = ["esbuild", "miniflare", "openapi-fetch", "typescript", "vitest"];
  const code = `for (const name of ${JSON.stringify(names)})
    await import(name).then(() => console.log("found", name), ({ code }) => code === "ERR_MODULE_NOT_FOUND" || console.log(code));`;
  const said = await run(path!, ["--input-type=module", "-e", code], {
    cwd: project,
    env: userEnvironment(path!, project),
  });
  expect(said).toEqual({ code: 0, stdout: "", stderr: "" });
});
