import { describe, expect, it } from "vitest";
import { type Manifest, manifestFindings } from "../package-entries.ts";

const good: Manifest = {
  name: "@ghl-edge/rate-limit",
  description: "A limiter. Unofficial.",
  license: "MIT",
  type: "module",
  sideEffects: false,
  keywords: ["highlevel", "gohighlevel", "ghl", "limiter", "api"],
  homepage: "https://github.com/ghl-edge/ghl-edge/tree/main/packages/rate-limit#readme",
  bugs: { url: "https://github.com/ghl-edge/ghl-edge/issues" },
  repository: { url: "git+https://github.com/ghl-edge/ghl-edge.git", directory: "packages/rate-limit" },
  engines: { node: ">=20.0.0" },
  files: ["dist", "src"],
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
};
const readme = 'Unofficial. import { x } from "@ghl-edge/rate-limit";';
const findingsOf = (change: Partial<Manifest>, text = readme, exists = true): string[] =>
  manifestFindings({ ...good, ...change }, () => exists, text);

describe("manifest of a published package", () => {
  it("the check accepts a good manifest", () => expect(findingsOf({})).toEqual([]));

  it.each<[string, Partial<Manifest>]>([
    ["not a module", { type: "commonjs" }],
    ["side effects", { sideEffects: true }],
    ["another licence", { license: "ISC" }],
    ["silent about being unofficial", { description: "A limiter." }],
    ["maps that lead nowhere", { files: ["dist"] }],
    ["no build", { files: ["src"] }],
    ["the homepage of another package", { homepage: good.homepage!.replace("rate-limit", "oauth") }],
    ["no homepage", { homepage: undefined as never }],
    ["no address for bugs", { bugs: {} }],
    ["the issues of another repository", { bugs: { url: "https://github.com/other/other/issues" } }],
    ["no repository", { repository: {} }],
    ["no keywords", { keywords: [] }],
    ["keywords without HighLevel", { keywords: ["ghl", "limiter", "api", "rate", "token"] }],
    ["a keyword twice", { keywords: [...good.keywords!, "api"] }],
    ["any Node", { engines: {} }],
    ["a Node that is too old", { engines: { node: ">=18" } }],
    ["no entry", { exports: {} }],
    ["pattern entry", { exports: { "./*": { types: "./dist/*.d.ts", default: "./dist/*.js" } } }],
    ["types last", { exports: { ".": { default: "./dist/index.js", types: "./dist/index.d.ts" } } }],
    ["no types", { exports: { ".": "./dist/index.js" } }],
  ])("the check refuses a manifest with a fault: %s", (_what, change) => expect(findingsOf(change)).not.toEqual([]));

  it("the check refuses an entry that is not built", () => expect(findingsOf({}, readme, false)).toHaveLength(2));

  it("the check refuses a README that names an entry which does not exist", () =>
    expect(findingsOf({}, `${readme} import "@ghl-edge/rate-limit/redis";`)).toEqual([
      "README names @ghl-edge/rate-limit/redis, which is no entry",
    ]));
});
