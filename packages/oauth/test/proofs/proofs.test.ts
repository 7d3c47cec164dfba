import { describe, expect, test } from "vitest";
import { type Claim, claims, shortcomings } from "./proofs.ts";
import { runProof } from "./run-proof.ts";

/** Above this, processes keep all cores busy by themselves; below, proofs mostly wait, and may wait together. */
const FEW_PROCESSES = 2;

function prove(claim: Claim, run: typeof test): void {
  const { processes, store, name } = claim.proof;
  run(`${processes} process(es) on one ${store} store: ${name}`, { timeout: 60_000 }, async () => {
    expect(shortcomings(claim, await runProof(claim.proof))).toEqual([]);
  });
}

const isSmall = (claim: Claim): boolean => claim.proof.processes <= FEW_PROCESSES;

describe("few processes", () => {
  for (const claim of claims.filter(isSmall)) prove(claim, test.concurrent as typeof test);
});

describe("many processes", () => {
  for (const claim of claims.filter((each) => !isSmall(each))) prove(claim, test);
});
