import { builtinModules } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { writeApp } from "../lib/app.ts";
import type { Context } from "../lib/context.ts";
import { ours } from "../peers/ours.ts";
import { typedPeers } from "../peers/typed-peers.ts";
import { compare, type Row } from "../report/row.ts";

interface Size {
  readonly min: number;
  readonly minGzip: number;
}

/** Bytes of the app with four calls, everything it needs included but the modules of Node itself. */
async function sizeOf(folder: string): Promise<Size> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, "app.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "browser",
    external: builtinModules.flatMap((name) => [name, `node:${name}`]),
    logLevel: "silent",
  });
  const bytes = outputFiles[0]!.contents;
  return { min: bytes.length, minGzip: gzipSync(bytes, { level: 9 }).length };
}

export async function bundle({ log }: Context): Promise<Row[]> {
  log("bundle: the app with four calls");
  const sizes = new Map<string, Size>();
  for (const { id, name, fourCalls } of typedPeers) sizes.set(name, await sizeOf(writeApp(id, fourCalls)));
  const mine = sizes.get(ours.name)!;
  const row = (name: string): Row[] => {
    const common = { section: "Bundle of the app with four calls", unit: "B", peer: name };
    const theirs = sizes.get(name)!;
    return [
      compare({
        ...common,
        what: "minified + gzip",
        ours: mine.minGzip,
        theirs: theirs.minGzip,
        target: { of: "ours", bound: "at most", value: 4000 },
      }),
      compare({ ...common, what: "minified", ours: mine.min, theirs: theirs.min }),
    ];
  };
  // the merged client is the same code with other types
  const peers = typedPeers.filter(({ id }) => id !== ours.id && id !== "openapi-fetch-merged");
  return peers.flatMap(({ name }) => row(name)).sort((a, b) => b.what.localeCompare(a.what));
}
