import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { watchFolder } from "../../src/commands/watch.ts";
import { NotParsableError } from "../../src/errors.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ghl-codegen-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A promise for the n-th run. */
function counter() {
  const waiting = new Map<number, () => void>();
  let count = 0;
  return {
    bump: () => waiting.get(++count)?.(),
    reached: (target: number) =>
      count >= target ? Promise.resolve() : new Promise<void>((done) => waiting.set(target, done)),
    get count() {
      return count;
    },
  };
}

test("a burst of changes is one run, an error is printed and does not end it, close ends it", async () => {
  const runs = counter();
  const printed: string[] = [];
  const watcher = watchFolder(
    { folder: root },
    async () => {
      runs.bump();
      if (runs.count === 1) throw new NotParsableError("broken", { file: "a.json" });
    },
    { err: (text) => printed.push(text) },
  );
  for (let index = 0; index < 5; index++) writeFileSync(join(root, "a.json"), `${index}`);
  await runs.reached(1);
  writeFileSync(join(root, "b.json"), "1");
  await runs.reached(2);
  expect(printed.join("")).toContain("ERR_GHL_CODEGEN_NOT_PARSABLE a.json");
  watcher.close();
  await watcher.closed;
  expect(runs.count).toBe(2);
});

test("several changes during a run lead to one more run, never to two at once", async () => {
  const runs = counter();
  let active = 0;
  let most = 0;
  let release = (): void => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  const watcher = watchFolder(
    { folder: root },
    async () => {
      most = Math.max(most, ++active);
      runs.bump();
      if (runs.count === 1) {
        writeFileSync(join(root, "during.json"), "1");
        await held;
      }
      active--;
    },
    { err: () => {} },
  );
  writeFileSync(join(root, "a.json"), "1");
  await runs.reached(1);
  release();
  await runs.reached(2);
  expect(most).toBe(1);
  watcher.close();
  await watcher.closed;
});
