import { countAny } from "../lib/any-count.ts";
import { writeApp } from "../lib/app.ts";
import { type Compilation, compile } from "../lib/compiler.ts";
import type { Context } from "../lib/context.ts";
import { everyOperation } from "../lib/operations.ts";
import { ours } from "../peers/ours.ts";
import type { TypedPeer } from "../peers/peer.ts";
import { typedPeers } from "../peers/typed-peers.ts";
import { interleave } from "../report/interleave.ts";
import { compare, type Row, type Target } from "../report/row.ts";
import { median, pairedRatio } from "../report/statistics.ts";

const SECTION = "Types";
const atMost = (value: number): Target => ({ of: "ours", bound: "at most", value });

/** Compiles the apps of all peers in turn; a row per peer for the instantiations and one for the check time. */
async function compileRows(
  apps: ReadonlyMap<TypedPeer, string>,
  { what, maxInstantiations }: { readonly what: string; readonly maxInstantiations: number },
  rounds: number,
): Promise<Row[]> {
  const last = new Map<string, Compilation>();
  const samples = await interleave(
    [...apps].map(([{ name }, folder]) => ({
      name,
      sample: async () => {
        const compilation = await compile(folder);
        last.set(name, compilation);
        return compilation.checkMs;
      },
    })),
    rounds,
  );
  const mine = last.get(ours.name)!;
  const row = (name: string): Row[] => {
    const theirs = last.get(name)!;
    const errors = [mine, theirs].flatMap((compilation, index) =>
      compilation.errors.length === 0
        ? []
        : [`${compilation.errors.length} type errors in ${index ? "peer's" : "ours"}`],
    );
    const note = errors.length === 0 ? {} : { note: errors.join(", ") };
    const common = { section: SECTION, peer: name, ...note };
    return [
      compare({
        ...common,
        what: `instantiations, ${what}`,
        unit: "",
        ours: mine.instantiations,
        theirs: theirs.instantiations,
        target: atMost(maxInstantiations),
      }),
      {
        ...common,
        what: `tsc check time, ${what}`,
        unit: "ms",
        ours: median(samples.get(ours.name)!),
        theirs: median(samples.get(name)!),
        ratio: pairedRatio(samples.get(ours.name)!, samples.get(name)!),
      },
    ];
  };
  const peers = [...apps.keys()].filter((peer) => peer !== ours).map(({ name }) => name);
  return peers.flatMap(row).sort((a, b) => a.what.localeCompare(b.what));
}

export async function types({ short, log }: Context): Promise<Row[]> {
  const rows: Row[] = [];
  const oursAny = countAny(ours.declarations);
  for (const { name, declarations } of typedPeers) {
    if (declarations.length === 0 || name === ours.name) continue;
    const row = { section: SECTION, what: "`any` in the output", unit: "", peer: name, target: atMost(0) };
    const theirs = countAny(declarations);
    rows.push(
      compare({ ...row, ...(oursAny !== undefined && { ours: oursAny }), ...(theirs !== undefined && { theirs }) }),
    );
  }
  log("types: compiling the app with four calls");
  const four = new Map(typedPeers.map((peer) => [peer, writeApp(peer.id, peer.fourCalls)]));
  rows.push(...(await compileRows(four, { what: "4 calls", maxInstantiations: 1500 }, short ? 1 : 5)));

  const operations = everyOperation();
  log(`types: compiling calls of all ${operations.length} operations of v3`);
  const every = new Map<TypedPeer, string>();
  for (const peer of typedPeers) {
    if (peer.everyCall !== undefined) every.set(peer, writeApp(`${peer.id}-every`, await peer.everyCall(operations)));
  }
  rows.push(
    ...(await compileRows(
      every,
      { what: `all ${operations.length} operations of v3`, maxInstantiations: 120_000 },
      short ? 1 : 3,
    )),
  );
  return rows;
}
