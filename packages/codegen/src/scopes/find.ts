import { loadCatalog } from "./catalog.ts";
import { collectNeeds, type ScopeQuery } from "./needs.ts";
import { reportScopes, type ScopeReport } from "./report.ts";

/**
 * Finds the scopes that operations, modules, events and sources need.
 *
 * @param query - Names of operations, modules and events, and source folders
 * @param cwd - Folder that relative paths start from
 * @param openapi - Folder of distilled documents, relative to `cwd`; default: `openapi`, else the installed client's table
 * @returns The scopes, the token types and the uses that are unknown
 * @throws {UnreadableFileError} when no documents are found, or no sources (`ERR_GHL_CODEGEN_UNREADABLE`)
 * @throws {UsageError} when a named operation, module or event does not exist (`ERR_GHL_CODEGEN_USAGE`)
 * @example
 * ```ts
 * import { findScopes } from "@ghl-edge/codegen";
 *
 * const { scopes, unknown } = await findScopes({ sources: ["src"] }, process.cwd());
 * console.log(scopes, unknown);
 * ```
 */
export async function findScopes(query: Partial<ScopeQuery>, cwd: string, openapi?: string): Promise<ScopeReport> {
  const catalog = await loadCatalog(cwd, openapi);
  const all: ScopeQuery = { operations: [], modules: [], events: [], sources: [], api: "v3", ...query };
  return reportScopes(await collectNeeds(all, catalog, cwd), catalog, query.granted);
}
