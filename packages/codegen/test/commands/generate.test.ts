import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { main } from "../../src/main.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures/emit");
const PACKAGES = join(import.meta.dirname, "../../..");

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ghl-codegen-"));
});
afterEach(() => rmSync(root, { recursive: true }));

async function run(...args: string[]) {
  return runWith({}, args);
}

async function runWith({ isTty = false, cwd = root }: { isTty?: boolean; cwd?: string }, args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    cwd,
    env: {},
    isTty,
    out: (text: string) => out.push(text),
    err: (text: string) => err.push(text),
  };
  const code = await main(["generate", ...args], io);
  return { code, out: out.join(""), err: err.join("") };
}

const document = (paths: object) => JSON.stringify({ openapi: "3.1.0", info: { title: "x", version: "v3" }, paths });
const ping = { "/ping": { get: { operationId: "ping", responses: { "200": { description: "" } } } } };
const CLIENT = "packages/client/src/generated";
const EMULATOR = "packages/emulator/src/generated";
const config = (targets: object) => `export default ${JSON.stringify({ targets })};`;

describe("a folder with a configuration", () => {
  beforeEach(() => {
    for (const api of ["v2", "v3"]) mkdirSync(join(root, "openapi", api), { recursive: true });
    writeFileSync(join(root, "openapi/v2/pets.json"), document(ping));
    writeFileSync(join(root, "openapi/v3/pets.json"), document(ping));
    mkdirSync(join(root, "node_modules"));
    writeFileSync(join(root, "ghl-codegen.config.mjs"), config({ client: CLIENT, emulator: EMULATOR }));
  });

  test("a folder with a configuration is generated, found up to date, and found stale after one changed character", async () => {
    expect(await run()).toMatchObject({ code: 0 });
    expect(readdirSync(join(root, CLIENT, "v3"))).toEqual(["pets.gen.ts", "pets.schema.gen.d.ts"]);
    expect(existsSync(join(root, "packages/emulator/src/generated/v2/pets.gen.json"))).toBe(true);
    expect(await run("--check")).toMatchObject({ code: 0, out: "up to date, 7 unchanged\n" });
    const path = join(root, CLIENT, "routes.gen.ts");
    writeFileSync(path, readFileSync(path, "utf8").replace("ping", "pong"));
    const stale = await run("--check");
    expect(stale).toMatchObject({ code: 1 });
    expect(stale.out).toContain(`stale ${CLIENT}/routes.gen.ts\n`);
    expect(await run("--check", "--no-cache")).toMatchObject({ code: 1 });
    await run();
    expect(await run("--check", "--json")).toMatchObject({ code: 0 });
  });

  test("a folder with a configuration loses the files of a module that is gone", async () => {
    await run();
    rmSync(join(root, "openapi/v2/pets.json"));
    const { out } = await run();
    expect(out).toContain(`removed ${CLIENT}/v2/pets.gen.ts\n`);
    expect(existsSync(join(root, CLIENT, "v2/pets.gen.ts"))).toBe(false);
  });

  test("a folder with a broken document is left as it was", async () => {
    await run();
    const before = readFileSync(join(root, CLIENT, "v3/pets.gen.ts"), "utf8");
    writeFileSync(
      join(root, "openapi/v2/pets.json"),
      document({ ...ping, "/new": { get: { operationId: "pong", responses: {} } } }),
    );
    writeFileSync(join(root, "openapi/v3/pets.json"), "{");
    const { code, err } = await run();
    expect(code).toBe(2);
    expect(err).toContain("ERR_GHL_CODEGEN_NOT_PARSABLE openapi/v3/pets.json");
    expect(readFileSync(join(root, CLIENT, "v3/pets.gen.ts"), "utf8")).toBe(before);
    expect(readFileSync(join(root, CLIENT, "v2/pets.gen.ts"), "utf8")).not.toContain("/new");
  });

  test("a folder with the same route in two modules is refused, with code and file as JSON", async () => {
    writeFileSync(join(root, "openapi/v3/other.json"), document(ping));
    const { code, out } = await run("--json");
    expect(code).toBe(2);
    expect(JSON.parse(out).error).toMatchObject({ code: "ERR_GHL_CODEGEN_NAME_CLASH", file: "openapi/v3/pets.json" });
    expect(existsSync(join(root, CLIENT))).toBe(false);
  });

  test("ghl-codegen generate shows progress: one line on a terminal, plain lines elsewhere, nothing with --quiet or when nothing is due", async () => {
    const { err } = await runWith({ isTty: true }, ["--no-cache"]);
    expect(err).toContain("\r\u001b[Kgenerating 1/3 v2/pets");
    expect(err.endsWith("\r\u001b[K")).toBe(true);
    expect((await run("--no-cache")).err).toBe(
      "generating 1/3 v2/pets\ngenerating 2/3 v3/pets\ngenerating 3/3 routes\n",
    );
    expect(await runWith({ isTty: true }, ["--no-cache", "--quiet"])).toMatchObject({ code: 0, err: "" });
    await run();
    expect(await run()).toMatchObject({ code: 0, err: "" });
  });

  test("ghl-codegen generate leaves files alone that a target has from another document", async () => {
    cpSync(join(FIXTURES, "plain.yaml"), join(root, "plain.yaml"));
    await run("--input", "plain.yaml", "--out", `${CLIENT}/other`);
    await run();
    expect(readdirSync(join(root, CLIENT, "other"))).toEqual(["plain.gen.ts", "plain.schema.gen.d.ts"]);
  });

  test("a folder with a configuration is found from a folder below, and flags name other targets", async () => {
    mkdirSync(join(root, "src/deep"), { recursive: true });
    const below = { cwd: join(root, "src/deep") };
    expect(await runWith(below, [])).toMatchObject({
      code: 0,
      out: expect.stringContaining(`wrote ${CLIENT}/v2/pets.gen.ts`),
    });
    expect((await runWith(below, ["--client", "api"])).out).toContain("wrote src/deep/api/v2/pets.gen.ts\n");
    expect(existsSync(join(root, "src/deep/api/v3/pets.schema.gen.d.ts"))).toBe(true);
  });

  test("targets that lie in each other are refused", async () => {
    writeFileSync(join(root, "ghl-codegen.config.mjs"), config({ client: "src", emulator: "src/emulator" }));
    expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('got "src/emulator" inside "src"') });
    expect(existsSync(join(root, "src"))).toBe(false);
  });
});

test("ghl-codegen generate without a configuration and flags says what to do, and writes nothing", async () => {
  const { code, err, out } = await run();
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain("ghl-codegen generate --input petstore.yaml --out src/api");
  expect(err).toContain("ghl-codegen generate --client src/highlevel");
  expect(err).toContain("defineConfig");
  expect(readdirSync(root)).toEqual([]);
});

test("targets in a folder without documents are an error that names sync", async () => {
  expect(await run("--client", "src")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/ERR_GHL_CODEGEN_UNREADABLE openapi\/\{v2,v3\}\/\*\.json\n.*ghl-codegen sync/),
  });
});

test("the generated modules of any project import the package, and webhooks are types and samples", async () => {
  mkdirSync(join(root, "openapi/v3"), { recursive: true });
  writeFileSync(join(root, "openapi/v3/pets.json"), document(ping));
  expect(await run("--client", "api", "--webhooks", "events")).toMatchObject({ code: 0 });
  expect(readFileSync(join(root, "api/v3/pets.gen.ts"), "utf8")).not.toContain('from "../');
  expect(readdirSync(join(root, "events"))).toEqual(["events.gen.ts", "samples.gen.ts"]);
  expect(readFileSync(join(root, "events/events.gen.ts"), "utf8")).toBe(
    readFileSync(join(PACKAGES, "webhooks/src/generated/events.gen.ts"), "utf8"),
  );
  expect(readdirSync(root).sort()).toEqual(["api", "events", "openapi"]);
});

describe("one file", () => {
  test("one file gives two files that import the client's package, whose entry has every name they need", async () => {
    cpSync(join(FIXTURES, "plain.yaml"), join(root, "plain.yaml"));
    expect(await run("--input", "plain.yaml", "--out", "out", "--name", "petStore")).toMatchObject({ code: 0 });
    expect(readdirSync(join(root, "out"))).toEqual(["pet-store.gen.ts", "pet-store.schema.gen.d.ts"]);
    const text = readFileSync(join(root, "out/pet-store.gen.ts"), "utf8");
    const imported = /import type \{ (.*) \} from "@ghl-edge\/client"/.exec(text)?.[1]?.split(", ") ?? [];
    expect(imported).toEqual(["CallOptions", "OperationTable"]);
    const entry = readFileSync(join(PACKAGES, "client/src/index.ts"), "utf8");
    for (const name of [...imported, "Paginated"]) expect(entry).toMatch(new RegExp(`\\b${name}\\b`));
    expect(await run("--input", "plain.yaml", "--out", "out", "--name", "petStore", "--check")).toMatchObject({
      code: 0,
    });
  });

  test.each([
    ["missing.json", undefined, "ERR_GHL_CODEGEN_UNREADABLE"],
    ["broken.json", "{", "ERR_GHL_CODEGEN_NOT_PARSABLE"],
    ["broken.yaml", "a: [", "ERR_GHL_CODEGEN_NOT_PARSABLE"],
    ["swagger.json", '{"swagger":"2.0"}', "ERR_GHL_CODEGEN_NOT_OPENAPI"],
    [
      "ref.json",
      document({
        "/a": { get: { responses: { "200": { content: { "application/json": { schema: { $ref: "#/nope" } } } } } } },
      }),
      "ERR_GHL_CODEGEN_UNRESOLVED_REF",
    ],
  ])("%s is refused and nothing is written", async (file, content, code) => {
    if (content !== undefined) writeFileSync(join(root, file), content);
    const result = await run("--input", file, "--out", "out");
    expect(result).toMatchObject({ code: 2, err: expect.stringContaining(code) });
    expect(existsSync(join(root, "out"))).toBe(false);
  });
});

test.each([
  [["--input", "a.json"]],
  [["--out", "a"]],
  [["--check", "--watch"]],
  [["--name", "a"]],
  [["--nope"]],
  [["--input", "a", "--out", "b", "--client", "c"]],
])("%j is wrong use", async (args) => {
  expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining("ERR_GHL_CODEGEN_USAGE") });
});
