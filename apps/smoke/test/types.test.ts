import { describe, expect, inject, it } from "vitest";
import { exampleFile } from "../project/examples.ts";
import { entriesOf, findPackages } from "../project/packages.ts";
import { entryFile, moduleEntries } from "../project/sources.ts";
import { compile, RESOLUTIONS, VERSIONS, versionOf } from "../project/typescript.ts";

const project = inject("project");
const entries = findPackages().flatMap(({ manifest }) => entriesOf(manifest));
const forWorkersOnly = (entry: string): boolean => entry.endsWith("/durable-object");
const examples = inject("examples");
const inWorkersOnly = examples.filter(({ runtimes }) => !runtimes.includes("node")).map(exampleFile);

describe.each(VERSIONS)("TypeScript %s", (version) => {
  it("the compiler has the version of its name", async () => {
    expect(await versionOf(version)).toMatch(`Version ${version}.`);
  });

  it.each(RESOLUTIONS)(
    "the compiler accepts every entry, module, README example and type test, %s",
    async (resolution) => {
      const files = [
        ...entries.filter((entry) => !forWorkersOnly(entry)).map(entryFile),
        ...examples.map(exampleFile).filter((file) => !inWorkersOnly.includes(file)),
        "modules.ts",
        "types.ts",
        "worker-app.ts",
      ];
      const name = `all-${version}-${resolution}`;
      expect(await compile(project, { name, version, resolution, platform: "node and browser", files })).toBe("");
    },
  );

  it("the compiler finds what is wrong, as a control", async () => {
    const files = ["wrong.ts"];
    const name = `wrong-${version}`;
    const said = await compile(project, { name, version, resolution: "bundler", platform: "browser", files });
    expect(said).toMatch(/^wrong\.ts\(4,\d+\): error TS/);
    expect(
      said
        .trim()
        .split("\n")
        .filter((line) => line.includes("error TS")),
    ).toHaveLength(1);
  });
});

describe("types of one platform alone", () => {
  it.each(["browser", "node", "workers"] as const)(
    "the types of one platform suffice for the entries that need none, %s",
    async (platform) => {
      const files = [
        ...entries.filter((entry) => !/\/(node|durable-object)$|codegen|emulator/.test(entry)).map(entryFile),
        "worker-app.ts",
      ];
      const name = `platform-${platform}`;
      expect(await compile(project, { name, version: "7.0", resolution: "bundler", platform, files })).toBe("");
    },
  );

  it("the types of Workers suffice for the code that runs only there", async () => {
    const files = [...entries.filter(forWorkersOnly).map(entryFile), ...inWorkersOnly, "worker-app.ts"];
    for (const resolution of RESOLUTIONS) {
      const name = `workers-${resolution}`;
      expect(await compile(project, { name, version: "7.0", resolution, platform: "workers", files })).toBe("");
    }
  });
});

it("the list of modules has both generations of the client", () => {
  for (const api of ["v2", "v3"])
    expect(moduleEntries().filter((entry) => entry.includes(`/${api}/`)).length).toBeGreaterThan(30);
});
