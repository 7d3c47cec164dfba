import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MARK } from "../../../src/output/emit/file.ts";
import { type Cache, NO_CACHE, openCache } from "../../../src/output/generate/cache.ts";
import { type RunOptions, runUnits } from "../../../src/output/generate/run.ts";
import type { Unit } from "../../../src/output/generate/unit.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ghl-codegen-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const text = (body: string) => `// ${MARK} from x. Do not edit.\n${body}\n`;
const read = (path: string) => readFileSync(join(root, path), "utf8");
const write = (path: string, content: string) => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), content);
};

/** A unit that counts how often it had to work. */
function unit(name: string, files: Record<string, string>, digest = "1"): Unit & { runs: number } {
  const self = {
    name,
    digest,
    runs: 0,
    emit: async () => {
      self.runs++;
      return Object.entries(files).map(([path, body]) => ({ path, text: text(body) }));
    },
  };
  return self;
}

function run(units: readonly Unit[], options: Partial<RunOptions> = {}) {
  return runUnits({ root, units, targets: ["out"], fingerprint: "f", cache: NO_CACHE, check: false, ...options });
}
const cache = (): Cache => openCache(join(root, "cache"), "x");

test("a run writes what is missing or differs and leaves the rest untouched", async () => {
  await run([unit("a", { "out/a.gen.ts": "1", "out/b.gen.ts": "1" })]);
  utimesSync(join(root, "out/a.gen.ts"), 1, 1);
  const result = await run([unit("a", { "out/a.gen.ts": "1", "out/b.gen.ts": "2", "out/c.gen.ts": "1" })]);
  expect(result).toEqual({ missing: ["out/c.gen.ts"], stale: ["out/b.gen.ts"], extra: [], unchanged: 1 });
  expect(read("out/b.gen.ts")).toBe(text("2"));
  expect(statSync(join(root, "out/a.gen.ts")).mtimeMs).toBe(1000);
});

test("a run removes what an earlier run wrote, and nothing else", async () => {
  write("out/old.gen.ts", text("old"));
  write("out/mine.gen.ts", "export {};\n");
  write("out/notes.ts", text("no suffix"));
  const result = await run([unit("a", { "out/a.gen.ts": "1" })]);
  expect(result.extra).toEqual(["out/old.gen.ts"]);
  expect(readdirSync(join(root, "out")).sort()).toEqual(["a.gen.ts", "mine.gen.ts", "notes.ts"]);
});

test("an unchanged unit does no work, and a changed digest, name or generator does", async () => {
  const files = { "out/a.gen.ts": "1" };
  await run([unit("a", files)], { cache: cache() });
  const same = unit("a", files);
  await run([same], { cache: cache() });
  expect(same.runs).toBe(0);
  for (const [changed, options] of [
    [unit("a", files, "2"), {}],
    [unit("b", files), {}],
    [unit("a", files), { fingerprint: "g" }],
  ] as const) {
    await run([changed], { cache: cache(), ...options });
    expect(changed.runs).toBe(1);
  }
});

test.each([
  ["changed by one character", () => writeFileSync(join(root, "out/a.gen.ts"), text("2"))],
  ["deleted", () => rmSync(join(root, "out/a.gen.ts"))],
])("a file that was %s is made again with a warm cache", async (_, damage) => {
  const files = { "out/a.gen.ts": "1" };
  await run([unit("a", files)], { cache: cache() });
  damage();
  await run([unit("a", files)], { cache: cache() });
  expect(read("out/a.gen.ts")).toBe(text("1"));
});

test("check finds stale, missing and extra files with a warm cache, and writes nothing", async () => {
  const files = { "out/a.gen.ts": "1", "out/b.gen.ts": "1" };
  await run([unit("a", files)], { cache: cache() });
  write("out/a.gen.ts", text("1").replace("1", "l"));
  rmSync(join(root, "out/b.gen.ts"));
  write("out/old.gen.ts", text("old"));
  const warm = unit("a", files);
  const result = await run([warm], { cache: cache(), check: true });
  expect(result).toEqual({
    missing: ["out/b.gen.ts"],
    stale: ["out/a.gen.ts"],
    extra: ["out/old.gen.ts"],
    unchanged: 0,
  });
  expect(warm.runs).toBe(0);
  expect(existsSync(join(root, "out/b.gen.ts"))).toBe(false);
  expect(existsSync(join(root, "out/old.gen.ts"))).toBe(true);
});

test("check without a cache compares with what would be written", async () => {
  const result = await run([unit("a", { "out/a.gen.ts": "1" })], { check: true });
  expect(result).toMatchObject({ missing: ["out/a.gen.ts"] });
  expect(existsSync(join(root, "out"))).toBe(false);
});

test("a unit that fails leaves everything as it was", async () => {
  write("out/old.gen.ts", text("old"));
  const broken: Unit = { name: "b", digest: "1", emit: () => Promise.reject(new Error("no")) };
  await expect(run([unit("a", { "out/a.gen.ts": "1" }), broken])).rejects.toThrow("no");
  expect(readdirSync(join(root, "out"))).toEqual(["old.gen.ts"]);
});

test("a file that cannot be written leaves no other one written", async () => {
  mkdirSync(join(root, "out/b.gen.ts/in-the-way"), { recursive: true });
  write("out/a.gen.ts", text("old"));
  const clash = run([unit("a", { "out/a.gen.ts/c.gen.ts": "1", "out/d.gen.ts": "1" })]);
  await expect(clash).rejects.toThrow(
    expect.objectContaining({ code: "ERR_GHL_CODEGEN_WRITE", file: "out/a.gen.ts/c.gen.ts" }),
  );
  expect(readdirSync(join(root, "out")).sort()).toEqual(["a.gen.ts", "b.gen.ts"]);
});

test("two units must not write the same file", async () => {
  const units = [unit("a", { "out/a.gen.ts": "1" }), unit("b", { "out/a.gen.ts": "2" })];
  await expect(run(units)).rejects.toThrow(
    expect.objectContaining({ code: "ERR_GHL_CODEGEN_NAME_CLASH", file: "out/a.gen.ts" }),
  );
});

test.each(["", "{", "null", '{"k":1}', '{"k":{"a":1}}'])("a damaged cache (%j) costs time only", async (damage) => {
  await run([unit("a", { "out/a.gen.ts": "1" })], { cache: cache() });
  const [file] = readdirSync(join(root, "cache"));
  write(`cache/${file}`, damage);
  const again = unit("a", { "out/a.gen.ts": "1" });
  expect(await run([again], { cache: cache() })).toMatchObject({ unchanged: 1 });
  expect(again.runs).toBe(1);
});

test("two scopes of one cache folder do not drop each other's entries", async () => {
  const scoped = (scope: string) => openCache(join(root, "cache"), scope);
  const first = unit("a", { "out/a.gen.ts": "1" });
  await run([first], { cache: scoped("a") });
  await run([unit("b", { "other/b.gen.ts": "1" })], { cache: scoped("b"), targets: [] });
  await run([first], { cache: scoped("a") });
  expect(first.runs).toBe(1);
});
