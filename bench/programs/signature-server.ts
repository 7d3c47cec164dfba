/**
 * Child program: `node programs/signature-server.ts <verifier>`. For each `{ count, atOnce }` line on standard input it verifies so many
 * times and prints microseconds per verification.
 */
import { createInterface } from "node:readline";
import { signedDelivery } from "../lib/signed-delivery.ts";
import { officialVerifier } from "../peers/official-verifier.ts";
import { portableVerifiers, verifyMany } from "../peers/verifiers.ts";

const name = process.argv[2]!;
const verify = await (portableVerifiers[name] ?? officialVerifier)(signedDelivery());
if ((await verify()) === false) throw new Error(`${name} refuses a good signature`);

for await (const line of createInterface({ input: process.stdin })) {
  const { count, atOnce } = JSON.parse(line) as { count: number; atOnce: 1 | 64 };
  const startMs = performance.now();
  await verifyMany(verify, count, atOnce);
  console.log(((performance.now() - startMs) * 1000) / count);
}
