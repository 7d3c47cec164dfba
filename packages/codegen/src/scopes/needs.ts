import { UsageError } from "../errors.ts";
import type { Facts, OperationFacts } from "./facts.ts";
import { createFinder, type Finder, isUnknown } from "./names.ts";
import { HOLE, matchPath } from "./paths.ts";
import type { Use } from "./reader.ts";
import type { Needs, Unknown } from "./report.ts";

/** What the user named. */
export interface Wanted {
  readonly operations: readonly string[];
  readonly modules: readonly string[];
  readonly events: readonly string[];
  readonly sources: readonly string[];
  readonly api: string;
  /** Scopes that the app has already; undefined: not said. */
  readonly granted?: readonly string[] | undefined;
}

/** @throws UsageError when an operation, a module or an event that was named does not exist */
export async function collectNeeds(wanted: Wanted, facts: Facts, cwd: string): Promise<Needs> {
  const finder = createFinder(facts, wanted.api);
  const unknown: Unknown[] = [];
  const operations = wanted.operations.map((name) => known(finder.operation(name)));
  operations.push(...wanted.modules.flatMap((name) => known(finder.module(name))));
  const events = wanted.events.map((name) => known(finder.event(name)));
  if (wanted.sources.length > 0) {
    // the compiler is only loaded when there is source to parse
    const { readSources } = await import("./source-files.ts");
    const { scanSources } = await import("./scan.ts");
    for (const use of scanSources(readSources(cwd, wanted.sources))) {
      const found = operationOf(use, { finder, facts }, wanted.api);
      if (found !== undefined) sort(found, operations, unknown);
    }
  }
  return { operations, events, unknown: dedupe(unknown) };
}

function operationOf(
  use: Use,
  { finder, facts }: { readonly finder: Finder; readonly facts: Facts },
  api: string,
): OperationFacts | Unknown | undefined {
  const { place } = use;
  if (use.kind === "unresolved") return { what: "call", name: use.text, place, reason: use.reason };
  if (use.kind === "method") {
    const found = finder.operation(`${use.module}.${use.name}`);
    return isUnknown(found) ? { ...found, place } : found;
  }
  const generation = use.module?.split("/")[0] ?? api;
  const found = matchPath(facts.operations, { api: generation, method: use.method, path: use.path });
  if (found === undefined && !use.sure) return undefined;
  const path = use.path.replaceAll(HOLE, "…");
  return found ?? { what: "operation", name: `${use.method} ${path}`, place, reason: `no such path in ${generation}` };
}

/** What the user named must be there: a misspelt name would otherwise look like an operation without a scope. */
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
