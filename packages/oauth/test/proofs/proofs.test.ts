import { describe, expect, test } from "vitest";
import { type Claim, claims, shortcomings } from "./proofs.ts";
import { type Proof, runProof } from "./run-proof.ts";

/** Above this, processes keep all cores busy by themselves; below, proofs mostly wait, and may wait together. */
const FEW_PROCESSES = 2;

/** A process that stands still for longer, in time of the proof's clock, may miss a time-out that the claim does not allow for. */
const STALLED_MS = 500;
/** Factors by which the clock is slower when the machine was too busy for the one before. */
const SLOWER = [1, 4, 16];

const slowedBy = (proof: Proof, factor: number): Proof => ({
  ...proof,
  speed: (proof.speed ?? 1) / factor,
  spreadMs: (proof.spreadMs ?? 0) * factor,
});

/** Runs a proof, and again with a slower clock when it failed on a machine that made it stand still. The last run counts. */
async function findingsOf(claim: Claim): Promise<string[]> {
  let findings: string[] = [];
  for (const factor of SLOWER) {
    const proof = slowedBy(claim.proof, factor);
    const result = await runProof(proof);
    findings = shortcomings(claim, result);
    if (findings.length === 0 || result.stalledMs * (proof.speed ?? 1) < STALLED_MS) break;
  }
  return findings;
}

function prove(claim: Claim, run: typeof test): void {
  const { processes, store, name } = claim.proof;
  run(`${processes} process(es) on one ${store} store: ${name}`, { timeout: 300_000 }, async () => {
    expect(await findingsOf(claim)).toEqual([]);
  });
}

const isSmall = (claim: Claim): boolean => claim.proof.processes <= FEW_PROCESSES;

describe("few processes", () => {
  for (const claim of claims.filter(isSmall)) prove(claim, test.concurrent as typeof test);
});

describe("many processes", () => {
  for (const claim of claims.filter((each) => !isSmall(each))) prove(claim, test);
});
