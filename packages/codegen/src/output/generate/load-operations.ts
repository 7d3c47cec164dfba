import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UnreadableFileError } from "../../errors.ts";
import { packagedFolder } from "../../packaged.ts";
import { type OperationEntry, operationEntries } from "../operations/entry.ts";
import { workspaceModules } from "./workspace.ts";

/** Name of the table that the build makes of this repository's documents, in the packaged folder. */
export const PACKAGED_TABLE = "operations.json";

/**
 * The operations of a folder of distilled documents, or else those that this package brings along.
 *
 * @param folder - Relative to `cwd`; default: `openapi`, where that has documents
 * @throws UnreadableFileError when a folder is named and has no documents
 */
export function loadOperations(cwd: string, folder: string | undefined): OperationEntry[] {
  const modules = workspaceModules(cwd, folder ?? "openapi");
  if (modules.length > 0) return operationEntries(modules);
  if (folder === undefined) return packagedOperations();
  throw new UnreadableFileError("distilled documents not found: `ghl-codegen sync` writes them", { file: folder });
}

/** The operations of the documents that this package was made from. */
export function packagedOperations(): OperationEntry[] {
  const table = join(packagedFolder(), PACKAGED_TABLE);
  if (existsSync(table)) return JSON.parse(readFileSync(table, "utf8")) as OperationEntry[];
  return operationEntries(workspaceModules(packagedFolder(), "."));
}
