import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { distilled, WORK } from "./context.ts";
import { generate } from "./generate.ts";

interface Document {
  paths: Record<string, object>;
  components?: { schemas?: Record<string, object>; securitySchemes?: object };
}

/** One document out of all of v3: schemas and operations get their module's name in front, paths of several modules keep every method. */
function mergedDocument(): object {
  const merged = { openapi: "3.1.0", info: { title: "all", version: "v3" }, paths: {}, components: { schemas: {} } };
  for (const file of distilled("v3")) {
    const prefix = `${basename(file, ".json").replaceAll("-", "_")}_`;
    const text = readFileSync(file, "utf8")
      .replaceAll('"#/components/schemas/', `"#/components/schemas/${prefix}`)
      .replaceAll(/("operationId":\s*")/g, `$1${prefix}`);
    const { paths, components } = JSON.parse(text) as Document;
    const target = merged as unknown as Required<Document>;
    for (const [path, item] of Object.entries(paths)) target.paths[path] = { ...target.paths[path], ...item };
    const schemas = components?.schemas ?? {};
    for (const [name, schema] of Object.entries(schemas)) target.components.schemas![prefix + name] = schema;
    Object.assign(target.components, { securitySchemes: components?.securitySchemes });
  }
  return merged;
}

/** Lets the peers write types of both generations, and of one merged v3 document, to `.work/types`. */
export async function generatePeerTypes(): Promise<void> {
  const types = join(WORK, "types");
  rmSync(types, { recursive: true, force: true });
  const merged = join(types, "merged-document/v3/all.json");
  mkdirSync(join(types, "merged-document/v3"), { recursive: true });
  writeFileSync(merged, JSON.stringify(mergedDocument()));
  const all = distilled("v2", "v3");
  for (const [generator, target, documents] of [
    ["openapi-typescript", "openapi-typescript", all],
    ["openapi-typescript", "merged", [merged]],
    ["hey-api", "hey-api", all],
  ] as const) {
    const { failed } = await generate(generator, join(types, target), documents);
    if (failed.length > 0) throw new Error(`${generator} refused ${failed[0]!.name}: ${failed[0]!.reason}`);
  }
}
