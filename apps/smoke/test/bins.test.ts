/** The commands run as a user runs them, from node_modules/.bin, on each Node there is. */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { NODES, userEnvironment } from "../project/nodes.ts";
import { findPackages } from "../project/packages.ts";
import { run } from "../project/run.ts";

const project = inject("project");
const bins = findPackages().flatMap(({ manifest }) =>
  Object.keys(manifest.bin ?? {}).map((bin) => ({ bin, version: manifest.version })),
);
const binPath = (bin: string): string => join(project, "node_modules/.bin", bin);

it("the packages have the commands ghl-codegen and ghl-emulator", () => {
  expect(bins.map(({ bin }) => bin)).toEqual(expect.arrayContaining(["ghl-codegen", "ghl-emulator"]));
});

describe.each(NODES)("$title", ({ title, path }) => {
  const env = userEnvironment(path ?? "", project);
  const test = it.skipIf(!path);

  test("a command gets this version of Node", async () => {
    const { stdout } = await run("node", ["--version"], { cwd: project, env });
    expect(stdout.trim()).toBe(`v${title.replace("Node ", "")}`);
  });

  test.each(bins)("the command $bin explains itself with --help", async ({ bin }) => {
    const { code, stdout, stderr } = await run(binPath(bin), ["--help"], { cwd: project, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(bin);
  });

  test("the command ghl-codegen prints its version", async () => {
    const { version } = bins.find(({ bin }) => bin === "ghl-codegen")!;
    expect(await run(binPath("ghl-codegen"), ["--version"], { cwd: project, env })).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
  });

  test.each(["generate", "sync", "lint", "diff", "scopes", "find", "observe"])(
    "the command ghl-codegen %s explains itself with --help",
    async (command) => {
      const { code, stdout } = await run(binPath("ghl-codegen"), [command, "--help"], { cwd: project, env });
      expect(code).toBe(0);
      expect(stdout).toContain(`ghl-codegen ${command}`);
    },
  );

  test("ghl-codegen generates from one's own document, and --check agrees until it changes", async () => {
    const cwd = join(project, `bins-${title.replaceAll(/\W+/g, "-")}`);
    mkdirSync(cwd);
    const command = (...args: string[]): ReturnType<typeof run> =>
      run(binPath("ghl-codegen"), ["generate", ...args], { cwd, env });
    const target = ["--input", "../petstore.yaml", "--out", "api"];
    expect((await command(...target)).code).toBe(0);
    expect(readdirSync(join(cwd, "api")).sort()).toEqual(["petstore.gen.ts", "petstore.schema.gen.d.ts"]);
    for (const file of readdirSync(join(cwd, "api")))
      expect(readFileSync(join(cwd, "api", file), "utf8")).toBe(
        readFileSync(join(project, "examples/codegen/generated", file), "utf8"),
      );
    expect((await command(...target, "--check")).code).toBe(0);
    expect((await command("--input", "../worker-app.ts", "--out", "other")).code).toBe(2);
  });

  test("ghl-emulator serves, and stops on a signal", async () => {
    const child = spawn(binPath("ghl-emulator"), ["--port", "0"], {
      cwd: project,
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let said = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          said += text;
          const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
          if (found) resolve(found[0]);
        });
        child.once("error", reject);
        child.once("close", () => reject(new Error(`ended, having said ${said}`)));
      });
      const answer = await fetch(`${url}/contacts/c1`, { headers: { version: "v3" } });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ statusCode: 401 });
    } finally {
      child.kill("SIGTERM");
    }
    expect(await ended).toBe(0);
  });
});
