import { loadFacts } from "./facts.ts";
import { collectNeeds, type ScopeQuery } from "./needs.ts";
import { reportScopes, type ScopeReport } from "./report.ts";

/**
 * The scopes that operations, modules, events and sources need.
 *
 * @param openapi folder of distilled documents, relative to `cwd`; default: `openapi`, else the installed client's table
 * @throws UnreadableFileError no facts at hand, or a source that is not there
 * @throws UsageError an operation, a module or an event that was named does not exist
 */
export async function findScopes(query: Partial<ScopeQuery>, cwd: string, openapi?: string): Promise<ScopeReport> {
  const facts = await loadFacts(cwd, openapi);
  const all: ScopeQuery = { operations: [], modules: [], events: [], sources: [], api: "v3", ...query };
  return reportScopes(await collectNeeds(all, facts, cwd), facts, query.granted);
}
