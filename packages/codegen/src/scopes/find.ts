import { loadFacts } from "./facts.ts";
import { collectNeeds, type Wanted } from "./needs.ts";
import { reportScopes, type ScopeReport } from "./report.ts";

/**
 * The scopes that operations, modules, events and sources need.
 *
 * @param openapi folder of distilled documents, relative to `cwd`; default: `openapi`, else the installed client's table
 * @throws UnreadableFileError no facts at hand, or a source that is not there
 * @throws UsageError an operation, a module or an event that was named does not exist
 */
export async function findScopes(wanted: Partial<Wanted>, cwd: string, openapi?: string): Promise<ScopeReport> {
  const facts = await loadFacts(cwd, openapi);
  const all: Wanted = { operations: [], modules: [], events: [], sources: [], api: "v3", ...wanted };
  return reportScopes(await collectNeeds(all, facts, cwd), facts, wanted.granted);
}
