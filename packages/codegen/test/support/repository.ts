import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Observation } from "../../src/input/evidence/evidence.ts";
import { evidenced } from "../../src/input/evidence/evidenced.ts";
import { EXAMPLES_FILE, parseFindings } from "../../src/input/evidence/examples/example-file.ts";
import { readEvidence } from "../../src/input/evidence/load.ts";
import type { JsonObject } from "../../src/json/json.ts";

export const REPOSITORY: string = fileURLToPath(new URL("../../../..", import.meta.url));
export const OPENAPI: string = `${REPOSITORY}openapi`;

/** HighLevel's documents as they come. Only some machines have them; tests that need them are skipped elsewhere. */
export const UPSTREAM: string = fileURLToPath(new URL("../../../../../shared/openapi-upstream", import.meta.url));
export const COUNTED_FOLDER: string = fileURLToPath(new URL("../../../../../shared/facts", import.meta.url));

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

/**
 * The committed documents as `generate` reads them: with what the live API was seen to do.
 *
 * @param isUsed which observations count; default: all
 */
export function evidencedDocuments(isUsed: (observation: Observation) => boolean = () => true): Committed[] {
  const committed = committedDocuments();
  const observations = new Map(
    readEvidence(`${OPENAPI}/evidence`, "openapi/evidence").map((file) => [
      file.module,
      file.observations().filter(isUsed),
    ]),
  );
  const file = `${OPENAPI}/${EXAMPLES_FILE}`;
  const findings = parseFindings(JSON.parse(readFileSync(file, "utf8")) as JsonObject, file);
  return committed.map(({ name, text, document: own }) => {
    const [api, module = ""] = name.split("/");
    const observed = committed.find((one) => one.name === `v2/${module}`)?.document ?? {};
    const document = evidenced(own, {
      findings: findings.get(name) ?? new Map(),
      file,
      evidence: {
        observations: observations.get(module) ?? [],
        twin: api === "v2" ? undefined : { own, observed },
      },
    });
    return { name, text, document };
  });
}
