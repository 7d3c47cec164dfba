import { basename, relative } from "node:path";
import type { Unsupported } from "../../errors.ts";
import { isAddress } from "../../input/load/location.ts";
import { loadDocument } from "../../input/sync/load-document.ts";
import { NO_FIELD_TEXTS } from "../ir/field-texts.ts";
import { kebabCase } from "../ir/method-name.ts";
import { buildModule } from "../ir/module.ts";
import { digest } from "./digest.ts";
import type { Unit } from "./unit.ts";

export interface SingleFile {
  /** A path, or an address with `http:` or `https:`. */
  readonly file: string;
  readonly name: string | undefined;
  /** Leaves out what is not supported instead of refusing the document. */
  readonly skipUnsupported: boolean;
}

/**
 * One OpenAPI document that need not be HighLevel's: the same two files, without what tenants and the `Version` header
 * mean. Generated code imports the client's types, and what it needs at run time, from its package.
 */
export async function singleFileUnit(input: SingleFile): Promise<{ unit: Unit; skipped: readonly Unsupported[] }> {
  const remote = isAddress(input.file);
  let skipped: readonly Unsupported[] = [];
  const skip = (positions: readonly Unsupported[]): void => {
    skipped = positions;
  };
  // the files it refers to count too, so the digest is that of the document once they are in it
  const document = await loadDocument(remote ? input.file : relative(process.cwd(), input.file), {
    onUnsupported: input.skipUnsupported ? skip : undefined,
  });
  // generated files are committed: no folder of this machine belongs into their banner
  const label = remote ? basename(new URL(input.file).pathname) || "openapi" : basename(input.file);
  const module = kebabCase(input.name ?? label.replace(/(\.openapi)?\.(json|ya?ml)$/i, "")) || "api";
  const unit: Unit = {
    name: module,
    digest: digest(module, label, JSON.stringify(document)),
    emit: async () => {
      const { emitClientFiles } = await import("../emit/module-files.ts");
      const { PACKAGE_IMPORTS } = await import("../emit/client/client-file.ts");
      const { clientTexts } = await import("../emit/client/client-texts.ts");
      const built = buildModule(document, { name: module, api: "", file: label });
      return emitClientFiles(clientTexts(built, NO_FIELD_TEXTS), "", { imports: PACKAGE_IMPORTS });
    },
  };
  return { unit, skipped };
}
