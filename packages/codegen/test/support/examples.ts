import { distil } from "../../src/input/distil/distil.ts";
import { carryExamples } from "../../src/input/evidence/examples/examples.ts";
import { parseSource } from "../../src/input/load/documents.ts";
import { readFolder } from "../../src/input/load/source/folder.ts";
import { applyOverlays } from "../../src/input/overlay/apply.ts";
import { readOverlays } from "../../src/input/overlay/files.ts";
import { repair } from "../../src/input/repair/repair.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { OPENAPI } from "./repository.ts";

/** HighLevel's documents as `sync` distils them, with their examples, by name (`v3/contacts`). */
export async function documentsWithExamples(
  folder: string,
  { overlays = true } = {},
): Promise<ReadonlyMap<string, JsonObject>> {
  const { documents, files } = parseSource(await readFolder(folder));
  const repaired = new Map<string, JsonObject>();
  for (const { api, module, file, document } of documents) {
    repaired.set(`${api}/${module}`, repair(document, { file, files }).document);
  }
  if (overlays) applyOverlays(repaired, await readOverlays(`${OPENAPI}/overlays`));
  return new Map(
    documents.map(({ api, module }) => {
      const name = `${api}/${module}`;
      return [name, distil(carryExamples(repaired.get(name) ?? {}), { title: module, version: api })];
    }),
  );
}

/** A distilled document with one operation that answers and takes the schema `Thing`. */
export function thing(schema: JsonObject, more: JsonObject = {}): JsonObject {
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } };
  return distil(
    carryExamples({
      openapi: "3.0.0",
      info: { title: "Things", version: "1" },
      paths: {
        "/things": { get: { operationId: "get-things", responses: { 200: { description: "", content } }, ...more } },
      },
      components: { schemas: { Thing: schema } },
    }),
    { title: "things", version: "v3" },
  );
}
