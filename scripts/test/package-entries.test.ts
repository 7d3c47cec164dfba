import { describe, expect, it } from "vitest";
import { type Manifest, manifestFindings } from "../package-entries.ts";

const good: Manifest = {
  name: "@ghl-edge/rate-limit",
  description: "A limiter. Unofficial.",
  license: "MIT",
  type: "module",
  sideEffects: false,
  files: ["dist"],
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
};
const readme = 'Unofficial. import { x } from "@ghl-edge/rate-limit";';
const findingsOf = (change: Partial<Manifest>, text = readme, exists = true): string[] =>
  manifestFindings({ ...good, ...change }, () => exists, text);

describe("manifest of a published package", () => {
  it("accepts a good one", () => expect(findingsOf({})).toEqual([]));

  it.each<[string, Partial<Manifest>]>([
    ["not a module", { type: "commonjs" }],
    ["side effects", { sideEffects: true }],
    ["another licence", { license: "ISC" }],
    ["silent about being unofficial", { description: "A limiter." }],
    ["ships sources", { files: ["dist", "src"] }],
    ["no entry", { exports: {} }],
    ["pattern entry", { exports: { "./*": { types: "./dist/*.d.ts", default: "./dist/*.js" } } }],
    ["types last", { exports: { ".": { default: "./dist/index.js", types: "./dist/index.d.ts" } } }],
    ["no types", { exports: { ".": "./dist/index.js" } }],
  ])("refuses: %s", (_what, change) => expect(findingsOf(change)).not.toEqual([]));

  it("refuses an entry that is not built", () => expect(findingsOf({}, readme, false)).toHaveLength(2));

  it("refuses a README that names an entry which is none", () =>
    expect(findingsOf({}, `${readme} import "@ghl-edge/rate-limit/redis";`)).toEqual([
      "README names @ghl-edge/rate-limit/redis, which is no entry",
    ]));
});
