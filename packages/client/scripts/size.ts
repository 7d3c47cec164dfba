/**
 * Prints the size of a small app, bundled from the built package, minified and gzipped. Exits 1 when the app exceeds the limit,
 * or when it contains a module that it does not use.
 */
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./entries.ts";

/**
 * Limit: the size of today, with little room, so that growth is a decision. The goal is 4,874. docs/design/client.md lists the
 * size of each part.
 */
const MAX_BYTES = 5880;

const app = `
import { createClient } from "@ghl-edge/client";
import { Contacts } from "@ghl-edge/client/v3/contacts";
const contacts = createClient({ auth: token }).location("ve9EPM428h8vShlRW1KT").use(Contacts);
const { contact } = await contacts.upsertContact({ body: { email: "a@example.com" } });
await contacts.addTags({ contactId: contact.id, body: { tags: ["new"] } });
await contacts.createNote({ contactId: contact.id, body: { body: "Hello" } });
console.log(await contacts.getContact({ contactId: contact.id }));
`;

const { outputFiles, metafile } = await build({
  stdin: { contents: app, resolveDir: root },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  write: false,
  metafile: true,
});
const text = outputFiles[0]!.contents;
const bytes = gzipSync(text, { level: 9 }).length;
const inputs = Object.keys(metafile.inputs);
console.log(`app with 4 calls: ${bytes} B gzipped (limit ${MAX_BYTES}), ${text.length} B minified`);
for (const [path, { bytesInOutput }] of Object.entries(Object.values(metafile.outputs)[0]!.inputs)) {
  if (bytesInOutput > 0) console.log(`  ${String(bytesInOutput).padStart(6)} B  ${path}`);
}
const stray = inputs.filter((path) => /openapi|routes|raw|^node:/.test(path));
if (stray.length > 0) console.error(`drags in ${stray.join(", ")}`);
if (bytes > MAX_BYTES || stray.length > 0) process.exitCode = 1;
