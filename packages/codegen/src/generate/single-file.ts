import { basename, relative } from "node:path";
import { kebabCase } from "../ir/method-name.ts";
import { buildModule } from "../ir/module.ts";
import { loadDocument } from "../load/document.ts";
import { digest } from "./digest.ts";
import type { Unit } from "./unit.ts";

/**
 * One OpenAPI file that need not be HighLevel's: the same two files, without what tenants and the `Version` header mean.
 * Generated code imports the client's types from its package.
 */
export async function singleFileUnit(file: string, name: string | undefined): Promise<Unit> {
  // the files it refers to count too, so the digest is that of the document once they are in it
  const document = await loadDocument(relative(process.cwd(), file));
  // generated files are committed: no folder of this machine belongs into their banner
  const label = basename(file);
  const module = kebabCase(name ?? label.replace(/(\.openapi)?\.(json|ya?ml)$/i, "")) || "api";
  return {
    name: module,
    digest: digest(module, label, JSON.stringify(document)),
    emit: async () => {
      const { emitClientFiles } = await import("../emit/module-files.ts");
      const { PACKAGE_IMPORTS } = await import("../emit/client-file.ts");
      return emitClientFiles(buildModule(document, { name: module, api: "", file: label }), "", PACKAGE_IMPORTS);
    },
  };
}
