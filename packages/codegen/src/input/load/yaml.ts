import { NotParsableError } from "../../errors.ts";
import type { Json } from "../../json/json.ts";
import { decodeText } from "./text.ts";

/** Documents refer to one anchor many times; a handful of anchors that multiply each other is an attack. */
const MAX_ALIASES = 1000;

/**
 * Parses YAML, of which JSON is a part. Merge keys (`<<`) are merged, as YAML 1.1 has them and as tools write them still.
 * Aliases become copies: what follows changes values in place.
 *
 * @throws NotParsableError with line and column in its message
 */
export async function parseYaml(bytes: Uint8Array | string, file: string): Promise<Json> {
  const { parse } = await import("yaml");
  const text = decodeText(bytes, file);
  try {
    const value = parse(text, { merge: true, maxAliasCount: MAX_ALIASES }) as unknown;
    return JSON.parse(JSON.stringify(value ?? null)) as Json;
  } catch (cause) {
    if ((cause as { code?: string }).code === "MULTIPLE_DOCS") {
      throw new NotParsableError("file must hold one document, got several, separated by ---", { file }, { cause });
    }
    throw new NotParsableError(`file must be valid YAML: ${(cause as Error).message}`, { file }, { cause });
  }
}
