import { join } from "node:path";
import { type Context, ROOT } from "../lib/context.ts";
import { interleave, type Samples } from "../lib/interleave.ts";
import { startLineChild } from "../lib/line-child.ts";
import type { Row, Target } from "../lib/row.ts";
import { median, pairedRatio } from "../lib/statistics.ts";
import { startWorkerd } from "../lib/workerd.ts";
import { portableVerifiers } from "../peers/verifiers.ts";

const BARE = "bare WebCrypto";
const OFFICIAL = "official SDK";
const PORTABLE = Object.keys(portableVerifiers);
const OURS = PORTABLE.filter((name) => name !== BARE);

type Sample = (name: string, count: number, atOnce: 1 | 64) => Promise<number>;

/** Rows in verifications per second out of samples in microseconds each. */
function rowsOf(samples: Samples, place: string, atOnce: number, peer: string, target: Target): Row[] {
  const theirs = samples.get(peer)!;
  return OURS.map((name) => {
    const ours = samples.get(name)!;
    return {
      section: "Signature checks",
      what: `\`${name}\`, ${place}, ${atOnce === 1 ? "one after the other" : `${atOnce} at once`}`,
      unit: "per s",
      ours: 1e6 / median(ours),
      peer: peer === BARE ? `${BARE}, key cached` : peer,
      theirs: 1e6 / median(theirs),
      // samples are times: theirs : ours is the ratio of the speeds
      ratio: pairedRatio(theirs, ours),
      target,
    };
  });
}

async function measure(names: readonly string[], sample: Sample, place: string, short: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const atOnce of [1, 64] as const) {
    const count = short ? 64 : 1024;
    const samples = await interleave(
      names.map((name) => ({ name, sample: () => sample(name, count, atOnce) })),
      short ? 2 : 15,
      2,
    );
    rows.push(...rowsOf(samples, place, atOnce, BARE, { of: "ratio", bound: "at least", value: 0.95 }));
    if (!names.includes(OFFICIAL)) continue;
    rows.push(...rowsOf(samples, place, atOnce, OFFICIAL, { of: "ratio", bound: "at least", value: 1.3 }));
  }
  return rows;
}

/**
 * `verifySignature` does what bare WebCrypto does; `verify` also parses the body and checks app and time; `verifyWebhook` imports the
 * key each time as well.
 */
export async function signatures({ short, log }: Context): Promise<Row[]> {
  log("signatures: on Node");
  const program = join(ROOT, "bench/programs/signature-server.ts");
  const names = [...PORTABLE, OFFICIAL];
  const children = new Map(names.map((name) => [name, startLineChild([program, name])]));
  const rows: Row[] = [];
  try {
    const onNode: Sample = async (name, count, atOnce) => (await children.get(name)!.ask({ count, atOnce })) as number;
    rows.push(...(await measure(names, onNode, "Node", short)));
  } finally {
    await Promise.all([...children.values()].map((child) => child.close()));
  }
  log("signatures: in workerd");
  const workerd = await startWorkerd();
  try {
    rows.push(...(await measure(PORTABLE, workerd.sample, "workerd", short)));
  } finally {
    await workerd.close();
  }
  return rows;
}
