import { UsageError } from "../errors.ts";
import type { Catalog, KnownOperation } from "./catalog.ts";
import { createFinder, type Finder, isUnknown } from "./names.ts";
import { HOLE, matchPath } from "./paths.ts";
import type { Use } from "./reader.ts";
import type { Needs, Unknown } from "./report.ts";

/** Operations, modules, events and source folders whose scopes are requested. */
export interface ScopeQuery {
  readonly operations: readonly string[];
  readonly modules: readonly string[];
  readonly events: readonly string[];
  readonly sources: readonly string[];
  readonly api: string;
  /** Scopes that the app has already; undefined: not said. */
  readonly granted?: readonly string[] | undefined;
}

/** @throws UsageError when an operation, a module or an event that was named does not exist */
export async function collectNeeds(query: ScopeQuery, catalog: Catalog, cwd: string): Promise<Needs> {
  const finder = createFinder(catalog, query.api);
  const unknown: Unknown[] = [];
  const operations = query.operations.map((name) => known(finder.operation(name)));
  operations.push(...query.modules.flatMap((name) => known(finder.module(name))));
  const events = query.events.map((name) => known(finder.event(name)));
  if (query.sources.length > 0) {
    // the compiler is only loaded when there is source to parse
    const { readSources } = await import("./source-files.ts");
    const { scanSources } = await import("./scan.ts");
    for (const use of scanSources(readSources(cwd, query.sources))) {
      const found = operationOf(use, { finder, catalog }, query.api);
      if (found !== undefined) sort(found, operations, unknown);
    }
  }
  return { operations, events, unknown: dedupe(unknown) };
}

function operationOf(
  use: Use,
  { finder, catalog }: { readonly finder: Finder; readonly catalog: Catalog },
  api: string,
): KnownOperation | Unknown | undefined {
  const { position } = use;
  if (use.kind === "unresolved") return { what: "call", name: use.text, position, reason: use.reason };
  if (use.kind === "method") {
    const found = finder.operation(`${use.module}.${use.name}`);
    return isUnknown(found) ? { ...found, position } : found;
  }
  const generation = use.module?.split("/")[0] ?? api;
  const found = matchPath(catalog.operations, { api: generation, method: use.method, path: use.path });
  if (found === undefined && !use.sure) return undefined;
  const path = use.path.replaceAll(HOLE, "…");
  return (
    found ?? { what: "operation", name: `${use.method} ${path}`, position, reason: `no such path in ${generation}` }
  );
}

/** Requires that a named operation exists. A misspelt name would otherwise look like an operation without a scope. */
function known<T extends object>(found: T | Unknown): T {
  if (isUnknown(found)) throw new UsageError(`${found.what} ${found.name}: ${found.reason}`);
  return found;
}

function sort<T extends object>(found: T | Unknown, known: T[], unknown: Unknown[]): void {
  if (isUnknown(found)) unknown.push(found);
  else known.push(found);
}

function dedupe(unknown: readonly Unknown[]): Unknown[] {
  return [...new Map(unknown.map((item) => [JSON.stringify(item), item])).values()];
}
