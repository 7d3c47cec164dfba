import { expect, test } from "vitest";
import { claims, shortcomings } from "./proofs.ts";
import { runProof } from "./run-proof.ts";

for (const claim of claims) {
  const { processes, store, name } = claim.proof;
  test(`${processes} process(es) on one ${store} store: ${name}`, { timeout: 60_000 }, async () => {
    expect(shortcomings(claim, await runProof(claim.proof))).toEqual([]);
  });
}
