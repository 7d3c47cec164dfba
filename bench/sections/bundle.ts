import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { writeApp } from "../lib/app.ts";
import type { Context } from "../lib/context.ts";
import { ours } from "../peers/ours.ts";
import type { TypedPeer } from "../peers/peer.ts";
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
    platform: "node",
    logLevel: "silent",
  });
  const bytes = outputFiles[0]!.contents;
  return { min: bytes.length, minGzip: gzipSync(bytes, { level: 9 }).length };
}

/** Bytes per peer of one kind of app. */
async function sizes(suffix: string, textOf: (peer: TypedPeer) => string): Promise<ReadonlyMap<string, Size>> {
  const found = new Map<string, Size>();
  for (const peer of typedPeers) found.set(peer.name, await sizeOf(writeApp(peer.id + suffix, textOf(peer))));
  return found;
}

/** `MAX_BYTES` of packages/client/scripts/size.ts, which measures the same app. */
const ONE_MODULE = { of: "ours", bound: "at most", value: 6020 } as const;

function rowsOf(bytes: ReadonlyMap<string, Size>, app: string, target?: typeof ONE_MODULE): Row[] {
  const mine = bytes.get(ours.name)!;
  // the merged client is the same code with other types
  const peers = typedPeers.filter(({ id }) => id !== ours.id && id !== "openapi-fetch-merged");
  return peers
    .flatMap(({ name }): Row[] => {
      const common = { section: "Bundle of an app with four calls", unit: "B", peer: name };
      const theirs = bytes.get(name)!;
      return [
        compare({
          ...common,
          what: `${app}, minified + gzip`,
          ours: mine.minGzip,
          theirs: theirs.minGzip,
          ...(target && { target }),
        }),
        compare({ ...common, what: `${app}, minified`, ours: mine.min, theirs: theirs.min }),
      ];
    })
    .sort((a, b) => b.what.localeCompare(a.what));
}

export async function bundle({ log }: Context): Promise<Row[]> {
  log("bundle: apps with four calls");
  return [
    ...rowsOf(
      await sizes("-one-module", (peer) => peer.fourCallsOneModule ?? peer.fourCalls),
      "one module",
      ONE_MODULE,
    ),
    ...rowsOf(await sizes("", (peer) => peer.fourCalls), "three modules"),
  ];
}
