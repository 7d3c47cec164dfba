/**
 * Child program: `node programs/handler-server.ts <handler>`. For each `{ count, atOnce }` line on standard input it handles so many
 * deliveries and prints microseconds per delivery.
 */
import { createInterface } from "node:readline";
import { signedDelivery } from "../lib/signed-delivery.ts";
import { handlers } from "../peers/handlers.ts";
import { verifyMany } from "../peers/verifiers.ts";

const handle = await handlers[process.argv[2]!]!(signedDelivery());

for await (const line of createInterface({ input: process.stdin })) {
  const { count, atOnce } = JSON.parse(line) as { count: number; atOnce: 1 | 64 };
  const startMs = performance.now();
  await verifyMany(handle, count, atOnce);
  console.log(((performance.now() - startMs) * 1000) / count);
}
