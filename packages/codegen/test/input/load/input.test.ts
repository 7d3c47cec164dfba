import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { loadDocument } from "../../../src/input/sync/load-document.ts";
import { readTree, run, temporaryFolder, writeFiles } from "../../support/source.ts";

const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "t", version: "1" },
  servers: [{ url: "/v1" }],
  paths: { "/é": { get: { operationId: "a", responses: { 200: { description: "" } } } } },
};
const JSON_TEXT = JSON.stringify(DOCUMENT);
const YAML_TEXT =
  "openapi: 3.1.0\ninfo: { title: t, version: '1' }\npaths:\n  /é: { get: { operationId: a, responses: {} } }\n";

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, "utf16le");

describe("a file", () => {
  test.each<[string, string, string | Buffer]>([
    ["with a byte order mark", "a.json", `\uFEFF${JSON_TEXT}`],
    ["of YAML with a byte order mark", "a.yaml", `\uFEFF${YAML_TEXT}`],
    ["in UTF-16, as PowerShell writes it", "a.json", utf16(JSON_TEXT)],
    ["in UTF-16, the other way round", "a.json", utf16(JSON_TEXT).swap16()],
    ["of YAML in UTF-16", "a.yml", utf16(YAML_TEXT)],
    ["of JSON without a name for it", "openapi", JSON_TEXT],
    ["of YAML without a name for it", "openapi.txt", YAML_TEXT],
  ])("%s is read", async (_, name, content) => {
    const folder = temporaryFolder();
    const { writeFile } = await import("node:fs/promises");
    await writeFile(join(folder, name), content);
    const { paths } = await loadDocument(join(folder, name));
    expect(Object.keys(paths as object)).toEqual(["/é"]);
  });

  test.each<[string, Buffer]>([
    ["no text", Buffer.from([0x7b, 0xff, 0xfe])],
    ["half of a UTF-16 character", Buffer.concat([utf16("{"), Buffer.from([0])])],
  ])("a file that is %s is refused by name", async (_, content) => {
    const folder = temporaryFolder();
    const { writeFile } = await import("node:fs/promises");
    await writeFile(join(folder, "a.json"), content);
    await expect(loadDocument(join(folder, "a.json"))).rejects.toMatchObject({ code: "ERR_GHL_CODEGEN_NOT_PARSABLE" });
  });
});

test.each<[string, Record<string, string>, string, string]>([
  ["that is not there", {}, "none.yaml", "ERR_GHL_CODEGEN_UNREADABLE none.yaml\n  cannot be read: file not found"],
  [
    "that is a folder",
    { "a.yaml/b": "" },
    "a.yaml",
    "ERR_GHL_CODEGEN_UNREADABLE a.yaml\n  cannot be read: it is a folder",
  ],
  ["with several documents", { "a.yaml": "a: 1\n---\nb: 2\n" }, "a.yaml", "file must hold one document"],
])("--input with a file %s says what is wrong", async (_, files, name, message) => {
  const folder = temporaryFolder();
  const { mkdir, writeFile } = await import("node:fs/promises");
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const { code, err } = await run(folder, ["generate", "--input", name, "--out", "out"]);
  expect(code).toBe(2);
  expect(err.replace(/ \S*\/(?=\S+\.yaml)/, " ")).toContain(message);
});

test("ghl-codegen generate outside of a checkout names --input, and lint --from with one document says what it reads", async () => {
  const folder = temporaryFolder();
  expect((await run(folder, ["generate"])).err).toContain("--input");
  await writeFiles(folder, { "api.json": DOCUMENT });
  expect((await run(folder, ["lint", "--from", "api.json"])).err).toContain(
    "--from must be a folder with apps/ and common/, a .tar.gz of one, or github, got a single document",
  );
});

/** Serves files by path, on loopback. */
async function serving(files: Readonly<Record<string, string>>): Promise<string> {
  const server = createServer((request, response) => {
    const text = files[request.url ?? ""];
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("--input with an address", () => {
  test("--input with an address reads the document and its references, and uses its host for a missing server", async () => {
    const document = { ...DOCUMENT, components: { schemas: { A: { $ref: "../shared/b.yaml#/B" } } } };
    const origin = await serving({
      "/docs/shop.openapi.json": JSON.stringify(document),
      "/shared/b.yaml": "B: { type: object, properties: { c: { type: string } } }",
    });
    const folder = temporaryFolder();
    const argv = ["generate", "--input", `${origin}/docs/shop.openapi.json`, "--out", "out"];
    expect(await run(folder, [...argv, "--quiet"])).toMatchObject({ code: 0, err: "" });
    const files = await readTree(join(folder, "out"));
    expect(Object.keys(files)).toEqual(["shop.gen.ts", "shop.schema.gen.d.ts"]);
    expect(files["shop.gen.ts"]).toContain(`server: "${origin}/v1",`);
    expect(files["shop.gen.ts"]?.split("\n")[0]).toBe(
      "// Generated by ghl-codegen from shop.openapi.json. Do not edit.",
    );
    expect(files["shop.schema.gen.d.ts"]).toContain("c?: string");
    expect(await run(folder, [...argv, "--check"])).toMatchObject({ code: 0 });
    expect(await run(folder, [...argv, "--watch"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("needs a file"),
    });
  });

  test.each<[string, (origin: string) => string, string]>([
    ["where nothing is", (origin) => `${origin}/gone.json`, "ERR_GHL_CODEGEN_NETWORK"],
    ["where nobody listens", () => "http://127.0.0.1:1/a.json", "ERR_GHL_CODEGEN_NETWORK"],
    ["where no document is", (origin) => `${origin}/page.json`, "ERR_GHL_CODEGEN_NOT_PARSABLE"],
  ])("%s is an error with the address, and nothing is written", async (_, addressOf, code) => {
    const address = addressOf(await serving({ "/page.json": "<html>" }));
    const folder = temporaryFolder();
    const result = await run(folder, ["generate", "--input", address, "--out", "out"]);
    expect(result).toMatchObject({ code: 2, out: "", err: expect.stringContaining(`${code} ${address}`) });
    expect(await readTree(folder)).toEqual({});
  });

  test("an --input with an address of another kind is refused", async () => {
    await expect(loadDocument("ftp://a.example/b.json")).rejects.toMatchObject({ code: "ERR_GHL_CODEGEN_UNREADABLE" });
  });
});

test("a reference to an address is refused with the reason", async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, {
    "a.json": { ...DOCUMENT, components: { schemas: { A: { $ref: "https://a.example/b.json#/B" } } } },
  });
  await expect(loadDocument(join(folder, "a.json"))).rejects.toMatchObject({
    code: "ERR_GHL_CODEGEN_UNRESOLVED_REF",
    pointer: "#/components/schemas/A",
    message: expect.stringContaining("is an address, which is not followed"),
  });
});

test.each<[string, string]>([
  ["nothing", "#/paths/~1gone/get"],
  ["no schema", "#/paths/~1é/get/operationId"],
])("a reference to %s is refused with its position", async (_, reference) => {
  const folder = temporaryFolder();
  await writeFiles(folder, { "a.json": { ...DOCUMENT, components: { schemas: { A: { $ref: reference } } } } });
  await expect(loadDocument(join(folder, "a.json"))).rejects.toMatchObject({
    code: "ERR_GHL_CODEGEN_UNRESOLVED_REF",
    pointer: "#/components/schemas/A/$ref",
  });
});

test("a reference through another reference finds its schema", async () => {
  const folder = temporaryFolder();
  const answer = {
    description: "",
    content: { "application/json": { schema: { type: "object", properties: { a: {} } } } },
  };
  await writeFiles(folder, {
    "a.json": {
      ...DOCUMENT,
      paths: { "/a": { get: { responses: { 200: { $ref: "#/components/responses/Ok" } } } } },
      components: {
        responses: { Ok: answer },
        schemas: { A: { $ref: "#/paths/~1a/get/responses/200/content/application~1json/schema/properties/a" } },
      },
    },
  });
  const { components } = await loadDocument(join(folder, "a.json"));
  expect((components as { schemas: object }).schemas).toEqual({
    A: { $ref: "#/components/schemas/AGet200ApplicationJsonA" },
    AGet200ApplicationJsonA: {},
  });
});
