import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareFolder, writeFolder } from "../../../src/input/sync/write.ts";
import { readTree, temporaryFolder, writeFiles } from "../../support/source.ts";

const FILES = new Map([
  ["v2/a.json", "1\n"],
  ["v3/a.json", "2\n"],
  ["sources.lock.json", "3\n"],
]);

test("sync changes what differs, removes what is left over, and touches nothing else", async () => {
  const folder = temporaryFolder();
  await writeFiles(folder, {
    "v2/a.json": "old",
    "v3/a.json": "2\n",
    "v3/b.json": "x",
    "v3/notes.txt": "n",
    "overlays/a.yaml": "y",
  });
  const before = await stat(join(folder, "v3/a.json"));
  const difference = await compareFolder(folder, FILES);
  expect(difference).toEqual({ added: ["sources.lock.json"], changed: ["v2/a.json"], removed: ["v3/b.json"] });
  await writeFolder(folder, FILES, difference);
  expect(await readTree(folder)).toEqual({
    "overlays/a.yaml": "y",
    "sources.lock.json": "3\n",
    "v2/a.json": "1\n",
    "v3/a.json": "2\n",
    "v3/notes.txt": "n",
  });
  expect((await stat(join(folder, "v3/a.json"))).mtimeMs).toBe(before.mtimeMs);
  expect(await compareFolder(folder, FILES)).toEqual({ added: [], changed: [], removed: [] });
});

test("when one file cannot be written, none is", async () => {
  const folder = temporaryFolder();
  // a file where the folder v3 must go: works for root too, unlike a permission
  await writeFiles(folder, { "v2/a.json": "old", v3: "in the way" });
  const before = await readTree(folder);
  await expect(writeFolder(folder, FILES, await compareFolder(folder, FILES))).rejects.toMatchObject({
    code: "ERR_GHL_CODEGEN_WRITE",
    file: folder,
  });
  expect(await readTree(folder)).toEqual(before);
});
