import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../../src/json.ts";

export const REPOSITORY: string = fileURLToPath(new URL("../../../..", import.meta.url));
export const OPENAPI: string = `${REPOSITORY}openapi`;

/** HighLevel's documents as they come. Only some machines have them; tests that need them are skipped elsewhere. */
export const UPSTREAM: string = fileURLToPath(new URL("../../../../../shared/openapi-upstream", import.meta.url));
export const FACTS: string = fileURLToPath(new URL("../../../../../shared/facts", import.meta.url));

export interface Committed {
  /** `v3/contacts` */
  readonly name: string;
  readonly text: string;
  readonly document: JsonObject;
}

/** Every distilled document of this repository. */
export function committedDocuments(): Committed[] {
  return ["v2", "v3"].flatMap((api) =>
    readdirSync(`${OPENAPI}/${api}`).map((file) => {
      const text = readFileSync(`${OPENAPI}/${api}/${file}`, "utf8");
      return { name: `${api}/${file.replace(/\.json$/, "")}`, text, document: JSON.parse(text) as JsonObject };
    }),
  );
}
