/** Prints the measurements of docs/design/marketplace.md: the time for a user context, and the size of each entry. `pnpm run measure`. */
import { createDecipheriv, createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { decryptUserContext } from "../src/user-context.ts";
import { encrypt, fromBase64, SECRET } from "./user-context/encrypt.ts";

const ROUNDS = 4_000;
const ENTRIES: Readonly<Record<string, string>> = {
  billing: 'export * from "./billing.ts"',
  "external-auth": 'export * from "./external-auth.ts"',
  payments: 'export * from "./payments.ts"',
  "payments, connectCheckout alone": 'export { connectCheckout } from "./payments.ts"',
  "user-context": 'export * from "./user-context.ts"',
  "user-context, requestUserContext alone": 'export { requestUserContext } from "./user-context.ts"',
  workflows: 'export * from "./workflows.ts"',
  "workflows, createInboundWebhookSender alone": 'export { createInboundWebhookSender } from "./workflows.ts"',
};

const context = { userId: "u1", companyId: "c1", role: "admin", type: "location", userName: "A B", email: "a@b.co" };

/** Decrypts with Node's own MD5 and AES, which check the padding. */
function decryptByNode(payload: string): unknown {
  const bytes = fromBase64(payload);
  let derived = Buffer.alloc(0);
  let last = Buffer.alloc(0);
  while (derived.length < 48) {
    last = createHash("md5").update(last).update(SECRET).update(bytes.subarray(8, 16)).digest();
    derived = Buffer.concat([derived, last]);
  }
  const decipher = createDecipheriv("aes-256-cbc", derived.subarray(0, 32), derived.subarray(32, 48));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString());
}

async function microseconds(work: (payload: string) => unknown, payload: string): Promise<number> {
  for (let round = 0; round < ROUNDS / 4; round++) await work(payload);
  const startMs = performance.now();
  for (let round = 0; round < ROUNDS; round++) await work(payload);
  return ((performance.now() - startMs) * 1_000) / ROUNDS;
}

const payload = await encrypt(JSON.stringify(context));
const ours = await microseconds((text) => decryptUserContext(text, { sharedSecret: SECRET }), payload);
const theirs = await microseconds(decryptByNode, payload);
console.log(`decryptUserContext, one after the other: ${ours.toFixed(0)} µs (node:crypto: ${theirs.toFixed(0)} µs)`);

for (const [name, contents] of Object.entries(ENTRIES)) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("../src", import.meta.url)), loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
  });
  console.log(`${name}: ${(gzipSync(outputFiles[0]!.contents).length / 1_024).toFixed(1)} KiB minified and gzipped`);
}
