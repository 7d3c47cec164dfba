import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, expect, it, vi } from "vitest";
import { entries, root } from "../scripts/entries.ts";

const blocks = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(
  ([, code]) => code!,
);

const alias = Object.fromEntries(
  Object.entries(entries())
    .map(([name, file]) => [name === "index" ? "@ghl-edge/client" : `@ghl-edge/client/${name}`, join(root, file)])
    // the longer name first: an alias also takes what begins with it
    .reverse(),
);

afterEach(() => {
  vi.restoreAllMocks();
});

it("the README has examples", () => {
  expect(blocks.length).toBeGreaterThanOrEqual(6);
});

it.each(blocks.map((code) => [code.split("\n").at(-2)!, code]))("the example that ends in %j runs", async (_, code) => {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root, loader: "ts" },
    alias,
    bundle: true,
    format: "esm",
    write: false,
  });
  const opportunities = [{ id: "o1", name: "Deal" }];
  const answer = { contact: { id: "c1", firstName: "Ada", tags: [] }, opportunities, meta: { total: 1 } };
  const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json(answer));
  const logged = vi.spyOn(console, "log").mockImplementation(() => {});
  await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`);
  if (code.includes("await ")) expect(fetched).toHaveBeenCalled();
  if (code.includes("console.log")) expect(logged).toHaveBeenCalled();
});
