import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeFolder } from "../src/make-folder.ts";
import { run } from "./support/source.ts";

const root = mkdtempSync(join(tmpdir(), "codegen-"));
afterAll(() => rmSync(root, { recursive: true }));

test("a folder is made with the missing ones above it, and may be there already", () => {
  const folder = join(root, "a/b/c");
  makeFolder(folder);
  makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
});

test("a folder below a file is refused", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => makeFolder(join(root, "file/below"))).toThrow(/ENOTDIR|EEXIST/);
});

test.runIf(process.platform === "linux")(
  "ghl-codegen generate refuses a target below a folder that cannot be made, instead of waiting for ever",
  async () => {
    writeFileSync(join(root, "a.yaml"), "openapi: 3.1.0\ninfo: { title: A, version: '1' }\npaths: {}\n");
    const { code, err } = await run(root, [
      "generate",
      "--input",
      "a.yaml",
      "--out",
      "/proc/none/api",
      "--no-cache",
      "--quiet",
    ]);
    expect(code).toBe(2);
    expect(err).toMatch(/^ERR_GHL_CODEGEN_WRITE .*\n {2}cannot be written: ENOENT.*\/proc\/none/);
  },
);
