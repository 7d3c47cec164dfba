import { join } from "node:path";
import { expect, test } from "vitest";
import { run, temporaryFolder, upstream, writeFiles } from "../support/source.ts";

async function project(): Promise<string> {
  const folder = temporaryFolder();
  await writeFiles(join(folder, "upstream"), upstream());
  return folder;
}

const LINT = ["lint", "--from", "upstream"];

test("text: a line per class with places, and a sum", async () => {
  const { code, out, err } = await run(await project(), LINT);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain("ref-external-common  v2 1  v3 1\n");
  expect(out).toContain(
    "    apps/v3/things-v3.json #/paths/~1things~1{thingId}/get/responses/400/content/application~1json/schema",
  );
  expect(out).toMatch(/\n\d+ defects in \d+ classes\n$/);
});

test("--json: counts by class and every finding", async () => {
  const { out } = await run(await project(), [...LINT, "--json", "--class", "security-scheme-members", "--stats"]);
  const pointer = "#/components/securitySchemes/bearer";
  expect(JSON.parse(out)).toEqual({
    classes: { "security-scheme-members": { v2: 1, v3: 1, why: expect.stringMatching(/\.$/) } },
    findings: [
      { class: "security-scheme-members", api: "v2", file: "apps/things.json", pointer },
      { class: "security-scheme-members", api: "v3", file: "apps/v3/things-v3.json", pointer },
    ],
    stats: { "server:https://services.example.com": { v2: 1, v3: 1 } },
  });
});

test.each([
  [["--fail-on", "any"], 1],
  [["--fail-on", "ref-external-common"], 1],
  [["--fail-on", "ref-external-common", "--class", "tags-missing"], 1],
  [["--fail-on", "any", "--class", "type-invalid"], 0],
  [["--fail-on", "type-invalid"], 0],
  [["--fail-on", "nope"], 2],
  [["--class", "nope"], 2],
])("%j exits %d", async (flags, code) => {
  expect((await run(await project(), [...LINT, ...flags])).code).toBe(code);
});

test("what cannot be read is an error, not a clean bill", async () => {
  const folder = await project();
  await writeFiles(folder, { "upstream/apps/broken.json": "{" });
  const { code, err } = await run(folder, LINT);
  expect(code).toBe(2);
  expect(err).toContain("ERR_GHL_CODEGEN_NOT_PARSABLE apps/broken.json");
});
