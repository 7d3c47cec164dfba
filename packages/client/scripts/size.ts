/**
 * Prints the size of a small app, bundled from the built package, minified and gzipped. Exits 1 when the app exceeds the limit,
 * or when it contains a module that it does not use.
 */
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./entries.ts";

/**
 * Limit: the size of today, so that growth is a decision. The row of bench/sections/bundle.ts has the same bound;
 * docs/design/client.md lists the size of each part.
 */
const MAX_BYTES = 6020;

/** The same calls as `fourCallsOneModule` of bench/peers/ours.ts, so that both measure one app. */
const app = `
import { createClient } from "@ghl-edge/client";
import { Contacts } from "@ghl-edge/client/v3/contacts";

export async function app(token) {
  const contacts = createClient({ auth: { privateIntegrationToken: token } }).use(Contacts);
  const one = await contacts.getContact({ contactId: "c1" });
  const made = await contacts.createContact({ body: { locationId: "l1", firstName: "Ada" } });
  const changed = await contacts.updateContact({ contactId: "c1", body: { firstName: "Ada" } });
  const gone = await contacts.deleteContact({ contactId: "c1" });
  return [one, made, changed, gone];
}
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
