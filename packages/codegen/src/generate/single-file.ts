import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { UnreadableFileError } from "../errors.ts";
import { kebabCase } from "../ir/method-name.ts";
import { buildModule } from "../ir/module.ts";
import { requireOpenApi } from "../load/parse.ts";
import { digest } from "./digest.ts";
import type { Unit } from "./unit.ts";
import { parseYaml } from "./yaml.ts";

/**
 * One OpenAPI file that need not be HighLevel's: the same two files, without what tenants and the `Version` header mean.
 * Generated code imports the client's types from its package.
 */
export async function singleFileUnit(file: string, label: string, name: string | undefined): Promise<Unit> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new UnreadableFileError(`Cannot be read: ${(cause as Error).message}`, { file: label }, { cause });
  }
  const module = kebabCase(name ?? basename(file).replace(/\.(json|ya?ml)$/i, "")) || "api";
  return {
    name: label,
    digest: digest(module, label, bytes),
    emit: async () => {
      const { emitClientFiles } = await import("../emit/module-files.ts");
      const { PACKAGE_IMPORTS } = await import("../emit/client-file.ts");
      const document = requireOpenApi(await parseYaml(bytes, label), label);
      return emitClientFiles(buildModule(document, { name: module, api: "", file: label }), "", PACKAGE_IMPORTS);
    },
  };
}
