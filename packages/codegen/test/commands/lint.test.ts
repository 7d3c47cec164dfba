import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { Json } from "../../src/json/json.ts";
import { run, temporaryFolder, upstream, writeFiles } from "../support/source.ts";

async function project(): Promise<string> {
  const folder = temporaryFolder();
  await writeFiles(join(folder, "upstream"), upstream());
  return folder;
}

const LINT = ["lint", "--from", "upstream"];

test("the text of lint has a line per class with positions, and a sum", async () => {
  const { code, out, err } = await run(await project(), LINT);
  expect({ code, err }).toEqual({ code: 1, err: "" });
  expect(out).toContain("ref-external-common  v2 1  v3 1\n");
  expect(out).toContain(
    "    apps/v3/things-v3.json #/paths/~1things~1{thingId}/get/responses/400/content/application~1json/schema",
  );
  expect(out).toMatch(/\n\d+ defects in \d+ classes\n$/);
});

test("lint --json gives counts by class and every finding", async () => {
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
  [[], 1],
  [["--fail-on", "none"], 0],
  [["--class", "type-invalid"], 0],
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

const PETS: Record<string, Json> = {
  openapi: "3.1.0",
  info: { title: "Pets", version: "1" },
  security: [{ key: [] }],
  paths: {
    "/pets/{petId}": {
      parameters: [{ $ref: "#/components/parameters/PetId" }],
      put: {
        operationId: "putPet",
        requestBody: { $ref: "#/components/requestBodies/Pet" },
        responses: {
          "200": { $ref: "#/components/responses/Pet" },
          "404": { $ref: "shared.yaml#/components/responses/Gone" },
        },
      },
    },
  },
  components: {
    parameters: { PetId: { name: "petId", in: "path", required: true, schema: { type: "string" } } },
    requestBodies: {
      Pet: { required: true, content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } },
    },
    responses: {
      Pet: { description: "", content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } },
    },
    schemas: {
      Pet: { type: "object", properties: { kind: { const: "pet" }, gone: { type: "null" }, a_b: { enum: ["x"] } } },
    },
    securitySchemes: { key: { type: "http", scheme: "bearer" } },
  },
};
const SHARED = `openapi: 3.1.0
paths: {}
components:
  responses:
    Gone: { description: "", content: { application/json: { schema: { type: object, properties: { error: { type: string } } } } } }
`;

test("--input: an OpenAPI 3.1 document that uses components and another file, and is right, has no finding", async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, { "pets.json": PETS, "shared.yaml": SHARED });
  expect(await run(folder, ["lint", "--input", "pets.json"])).toEqual({ code: 0, out: "no defects\n", err: "" });
});

test("--input: findings of a document of one's own are counted and placed, with the file as it was named", async () => {
  const folder = temporaryFolder();
  const broken = structuredClone(PETS) as { components: { schemas: Record<string, Json> } };
  broken.components.schemas.Pet = { type: "object", properties: { kind: { type: "string", enum: ["a", "a"] } } };
  await writeFiles(folder, { "docs/pets.json": broken as unknown as Json, "docs/shared.yaml": SHARED });
  const { code, out } = await run(folder, ["lint", "--input", "docs/pets.json"]);
  expect(code).toBe(1);
  expect(out).toBe(`enum-duplicates  1
  A value occurs more than once.
    docs/pets.json #/components/schemas/Pet/properties/kind  (1 of 2)
1 defects in 1 classes
`);
  const json = await run(folder, ["lint", "--input", "docs/pets.json", "--json", "--fail-on", "none"]);
  expect(json.code).toBe(0);
  expect(JSON.parse(json.out)).toMatchObject({ classes: { "enum-duplicates": { count: 1 } } });
});

test("--input: a document is read from an address", async () => {
  const server = createServer((request, response) => {
    response.end(request.url === "/api/pets.json" ? JSON.stringify(PETS) : SHARED);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/pets.json`;
  expect(await run(".", ["lint", "--input", url])).toMatchObject({ code: 0, out: "no defects\n" });
  expect(await run(".", ["lint", "--input", "nowhere.yaml"])).toMatchObject({ code: 2 });
  expect(await run(".", ["lint", "--input", url, "--from", "upstream"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("--from belongs to HighLevel's documents"),
  });
});

test("--input: a file is named from the working directory in errors, also where it was given as a file: address", async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, { "empty.yaml": "" });
  for (const named of [join(folder, "empty.yaml"), pathToFileURL(join(folder, "empty.yaml")).href]) {
    const { code, err } = await run(folder, ["lint", "--input", named]);
    expect(code).toBe(2);
    expect(err).toContain("ERR_GHL_CODEGEN_NOT_OPENAPI");
    expect(err).toContain(relative(process.cwd(), join(folder, "empty.yaml")));
    expect(err).not.toContain("file:");
  }
});

test("an unreadable document is an error, not a clean result", async () => {
  const folder = await project();
  await writeFiles(folder, { "upstream/apps/broken.json": "{" });
  const { code, err } = await run(folder, LINT);
  expect(code).toBe(2);
  expect(err).toContain("ERR_GHL_CODEGEN_NOT_PARSABLE apps/broken.json");
});
