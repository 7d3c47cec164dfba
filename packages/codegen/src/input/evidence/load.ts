import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UnreadableFileError } from "../../errors.ts";
import { byCodeUnit } from "../../json/json.ts";
import { parseJson } from "../load/parse.ts";
import { type Observation, parseEvidence } from "./evidence.ts";
import { EXAMPLES_NAME } from "./examples/example-file.ts";

/** The evidence of one module, with the bytes it was read from. */
export interface EvidenceFile {
  /** Name of the module: `contacts`. */
  readonly module: string;
  readonly file: string;
  readonly bytes: Buffer;
  /** Parsed on the first call. */
  readonly observations: () => readonly Observation[];
}

/**
 * Every `<module>.json` of a folder of evidence, by name, without what the documents' own examples show. A folder that is
 * not there holds none.
 *
 * @param label - The folder as errors name it
 * @throws UnreadableFileError
 */
export function readEvidence(folder: string, label: string = folder): EvidenceFile[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new UnreadableFileError("cannot be read", { file: label }, { cause });
  }
  const files = names.filter((name) => name.endsWith(".json") && name !== EXAMPLES_NAME).sort(byCodeUnit);
  return files.map((name) => {
    const file = `${label}/${name}`;
    const bytes = readFileSync(join(folder, name));
    let parsed: readonly Observation[] | undefined;
    const observations = () => {
      parsed ??= parseEvidence(parseJson(bytes, file), file);
      return parsed;
    };
    return { module: name.slice(0, -".json".length), file, bytes, observations };
  });
}
