import { join } from "node:path";
import { type Context, ROOT } from "../lib/context.ts";
import { startLineChild } from "../lib/line-child.ts";
import { startWorkerd } from "../lib/workerd.ts";
import { portableVerifiers } from "../peers/verifiers.ts";
import { interleave, type Samples } from "../report/interleave.ts";
import type { Row, Target } from "../report/row.ts";
import { median, pairedRatio } from "../report/statistics.ts";
import { number } from "../report/table.ts";

const BARE = "bare WebCrypto";
const BY_HAND = "WebCrypto and JSON.parse";
const OFFICIAL = "official SDK";
/** Ours → what does the same work with WebCrypto alone, its key imported once. */
const SAME_WORK: Readonly<Record<string, string>> = { verifySignature: BARE, verify: BY_HAND, verifyWebhook: BY_HAND };

const HANDLER = "createWebhookHandler";
const MIDDLEWARE = "official SDK's middleware";

type Sample = (name: string, count: number, atOnce: 1 | 64) => Promise<number>;

/** Our verifier and the peer that it is compared with. */
interface Comparison {
  readonly name: string;
  readonly peer: string;
  readonly what: string;
  readonly target: Target;
}

/** Makes a row in verifications per second from samples in microseconds each. */
function rowOf(samples: Samples, { name, peer, what, target }: Comparison): Row {
  const ours = samples.get(name)!;
  const theirs = samples.get(peer)!;
  const bare = pairedRatio(theirs, samples.get(BARE)!);
  return {
    section: "Signature checks",
    what: `\`${name}\`, ${what}`,
    unit: "per s",
    ours: 1e6 / median(ours),
    peer: peer === OFFICIAL ? peer : `${peer}, key cached`,
    theirs: 1e6 / median(theirs),
    // samples are times: theirs : ours is the ratio of the speeds
    ratio: pairedRatio(theirs, ours),
    target,
    ...(peer === OFFICIAL && { note: `bare WebCrypto ${number(bare)}×` }),
  };
}

/** A whole delivery: from the bytes and headers that a server has to the function of the event. */
async function measureHandlers(short: boolean): Promise<Row[]> {
  const program = join(ROOT, "bench/programs/handler-server.ts");
  const names = [HANDLER, MIDDLEWARE];
  const children = new Map(names.map((name) => [name, startLineChild([program, name])]));
  const rows: Row[] = [];
  try {
    for (const atOnce of [1, 64] as const) {
      const question = { count: short ? 64 : 512, atOnce };
      const sample = (name: string) => async () => (await children.get(name)!.ask(question)) as number;
      const contestants = names.map((name) => ({ name, sample: sample(name) }));
      const samples = await interleave(contestants, short ? 2 : 31, 2);
      const [ours, theirs] = [samples.get(HANDLER)!, samples.get(MIDDLEWARE)!];
      rows.push({
        section: "Signature checks",
        what: `\`${HANDLER}\`, a whole delivery, Node, ${atOnce === 1 ? "one after the other" : `${atOnce} at once`}`,
        unit: "per s",
        ours: 1e6 / median(ours),
        peer: MIDDLEWARE,
        theirs: 1e6 / median(theirs),
        ratio: pairedRatio(theirs, ours),
        target: { of: "ratio", bound: "at least", value: 1 },
      });
    }
  } finally {
    await Promise.all([...children.values()].map((child) => child.close()));
  }
  return rows;
}

/** A runtime with the verifiers that run in it. */
interface Runtime {
  readonly names: readonly string[];
  readonly sample: Sample;
  readonly runtime: string;
}

async function measure({ names, sample, runtime }: Runtime, short: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const atOnce of [1, 64] as const) {
    const count = short ? 64 : 512;
    const samples = await interleave(
      names.map((name) => ({ name, sample: () => sample(name, count, atOnce) })),
      short ? 2 : 31,
      2,
    );
    const what = `${runtime}, ${atOnce === 1 ? "one after the other" : `${atOnce} at once`}`;
    for (const [name, peer] of Object.entries(SAME_WORK)) {
      // The one-shot reads its options each time.
      const value = name === "verifyWebhook" && runtime === "workerd" ? 0.9 : 0.95;
      rows.push(rowOf(samples, { name, peer, what, target: { of: "ratio", bound: "at least", value } }));
    }
    if (!names.includes(OFFICIAL)) continue;
    for (const name of ["verifySignature", "verify"]) {
      const target: Target = { of: "ratio", bound: "at least", value: 1.3 };
      rows.push(rowOf(samples, { name, peer: OFFICIAL, what, target }));
    }
  }
  return rows;
}

/**
 * `verifySignature` is the signature alone; `verify` also parses the body and checks app and time; `verifyWebhook` reads its options each
 * time as well, and finds the imported key by the list that it is given.
 */
export async function signatures({ short, log }: Context): Promise<Row[]> {
  log("signatures: on Node");
  const program = join(ROOT, "bench/programs/signature-server.ts");
  const portable = Object.keys(portableVerifiers);
  const names = [...portable, OFFICIAL];
  const children = new Map(names.map((name) => [name, startLineChild([program, name])]));
  const rows: Row[] = [];
  try {
    const onNode: Sample = async (name, count, atOnce) => (await children.get(name)!.ask({ count, atOnce })) as number;
    rows.push(...(await measure({ names, sample: onNode, runtime: "Node" }, short)));
  } finally {
    await Promise.all([...children.values()].map((child) => child.close()));
  }
  log("signatures: whole deliveries on Node");
  rows.push(...(await measureHandlers(short)));
  log("signatures: in workerd");
  const workerd = await startWorkerd();
  try {
    rows.push(...(await measure({ names: portable, sample: workerd.sample, runtime: "workerd" }, short)));
  } finally {
    await workerd.close();
  }
  return rows;
}
