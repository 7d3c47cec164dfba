import { NotParsableError } from "../errors.ts";
import type { Json } from "../json.ts";

/** Parses YAML, of which JSON is a part. @throws NotParsableError with line and column in its message. */
export async function parseYaml(bytes: Uint8Array, file: string): Promise<Json> {
  const { parse } = await import("yaml");
  try {
    return parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Json;
  } catch (cause) {
    throw new NotParsableError(`Neither JSON nor YAML: ${(cause as Error).message}`, { file }, { cause });
  }
}
