/** Prints the table of docs/design/oauth.md: `pnpm --filter @ghl-edge/oauth proofs`. */
import { claims, shortcomings } from "./proofs.ts";
import { runProof } from "./run-proof.ts";

console.log("| processes | store | scenario | calls ok / failed | token calls | rotations | mints | time | holds |");
console.log("|---|---|---|---|---|---|---|---|---|");
let broken = 0;
for (const claim of claims) {
  const { proof } = claim;
  const result = await runProof(proof);
  const findings = shortcomings(claim, result);
  if (findings.length > 0) broken++;
  const { tokenCalls, rotations, mints } = result.counts;
  const holds = findings.length === 0 ? "yes" : `no: ${findings.join(", ")}`;
  const code = claim.code ? ` (${claim.code})` : "";
  console.log(
    `| ${proof.processes} | ${proof.store} | ${proof.name} | ${result.ok} / ${result.failed}${code} | ${tokenCalls} | ${rotations} | ${mints} | ${(result.realMs / 1_000).toFixed(1)} s | ${holds} |`,
  );
}
process.exitCode = broken === 0 ? 0 : 1;
