/** Every README example runs on Node, unchanged, against stand-ins on loopback. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Example, exampleFile } from "../project/examples.ts";
import { NODES, userEnvironment } from "../project/nodes.ts";
import { findPackages } from "../project/packages.ts";
import { type Finished, run } from "../project/run.ts";
import { type StandIns, startStandIns } from "../project/stand-ins.ts";

const project = inject("project");
const examples = inject("examples").filter(({ mode, runtimes }) => mode === "run" && runtimes.includes("node"));

let standIns: StandIns;
beforeAll(async () => {
  standIns = await startStandIns(project);
});
afterAll(() => standIns.close());

/** Node 24 reads the TypeScript as it stands; Node 20 gets it with its types taken out. */
async function runExample(node: string, title: string, example: Example): Promise<Finished> {
  let file = join(project, exampleFile(example));
  if (title.startsWith("Node 20")) {
    const code = example.code.replaceAll(/(from "\.[^"]+)\.ts"/g, '$1.mjs"');
    file = file.replace(/\.ts$/, ".mjs");
    writeFileSync(file, transformSync(code, { loader: "ts", format: "esm", target: "node20" }).code);
  }
  const env = userEnvironment(node, project, standIns.origins);
  return run(node, [join(project, "run-example.mjs"), file], { cwd: dirname(file), env });
}

describe.each(NODES)("$title", ({ title, path }) => {
  beforeAll(() => {
    const generated = join(project, "examples/codegen/generated/petstore.gen");
    const { code } = transformSync(readFileSync(`${generated}.ts`, "utf8"), { loader: "ts", format: "esm" });
    writeFileSync(`${generated}.mjs`, code);
  });

  it.skipIf(!path).each(examples)("the example at $position runs", async (example) => {
    const before = standIns.log().length;
    const { code, stdout, stderr } = await runExample(path!, title, example);
    // a handler refuses the unsigned request that it gets, and writes one line about that
    const isHandler = example.code.includes("export default") && example.owner !== "emulator";
    expect({
      code,
      stderr: isHandler ? stderr.replace(/^\S+: (POST was answered 401 )?ERR_GHL_\w+: .*\n$/, "") : stderr,
    }).toEqual({
      code: 0,
      stderr: "",
    });
    if (/\bconsole\.log\(/.test(example.code) && /^(for )?await |^console/m.test(example.code))
      expect(stdout).not.toBe("");
    if (isHandler) expect(stdout).toBe("answered 401\n");
    for (const line of standIns.log().slice(before)) expect(line).toMatch(/ 20[01]$/);
  });

  it.skipIf(!path)("the guard refuses a connection that leaves the machine, as a control", async () => {
    const env = userEnvironment(path!, project);
    const leaving = 'await fetch("https://services.leadconnectorhq.com/contacts/c1").catch(() => {});';
    const { code, stderr } = await run(path!, ["--input-type=module", "-e", leaving], { cwd: project, env });
    expect({ code, stderr }).toEqual({
      code: 86,
      stderr: "smoke: refused a connection to services.leadconnectorhq.com\n",
    });
  });
});

it("every README has an example", () => {
  const owners = new Set(examples.map(({ owner }) => owner).filter((owner) => !owner.endsWith("/src")));
  expect([...owners].sort()).toEqual([...findPackages().map(({ folder }) => folder), "root"].sort());
});

it("the first example of the client's README makes its call", () => {
  expect(standIns.log()).toContain("v3.contacts.getContact 200");
});
