import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { LANES } from "../lanes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("every package that has tests is in one lane, and in no other", () => {
  const tested = globSync("{packages,apps}/*/package.json", { cwd: root })
    .map((path) => JSON.parse(readFileSync(root + path, "utf8")) as { name: string; scripts?: Record<string, string> })
    .filter(({ scripts }) => scripts?.test !== undefined)
    .map(({ name }) => name);
  expect(LANES.flat().sort()).toEqual(tested.sort());
});
