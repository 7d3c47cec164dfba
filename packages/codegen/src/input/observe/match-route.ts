/** A method and a path template: `GET` and `/contacts/{contactId}`. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

/** The operations of a path, of a method or of all: those with the most literal segments. */
export function matchRoute<T extends Route>(operations: readonly T[], method: string | undefined, path: string): T[] {
  const given = segmentsOf(path);
  const matches = operations
    .filter((entry) => method === undefined || entry.method === method.toUpperCase())
    .map((entry) => ({ entry, literals: literalsIn(segmentsOf(entry.path), given) }))
    .filter(({ literals }) => literals >= 0);
  const best = Math.max(...matches.map(({ literals }) => literals));
  return matches.filter(({ literals }) => literals === best).map(({ entry }) => entry);
}

/** The parts between the slashes of a path. */
export function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** Counts the equal segments, or returns -1 when the path differs. `{id}`, `:id` and a real id all match a parameter. */
export function literalsIn(template: readonly string[], path: readonly string[]): number {
  if (template.length !== path.length) return -1;
  let literals = 0;
  for (const [index, segment] of template.entries()) {
    const value = path[index] ?? "";
    if (segment.toLowerCase() === value.toLowerCase() && !segment.startsWith("{")) literals += 1;
    else if (!segment.startsWith("{")) return -1;
  }
  return literals;
}
