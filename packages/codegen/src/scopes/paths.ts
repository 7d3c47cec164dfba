import type { KnownOperation } from "./catalog.ts";

/** Stands for a part of a path that is computed at run time. */
export const HOLE = "\u0000";

/**
 * The operation that a request is for. A segment with a hole in it matches parameters only; literal segments win over
 * parameters.
 */
export function matchPath(
  operations: readonly KnownOperation[],
  { api, method, path }: { readonly api: string; readonly method: string; readonly path: string },
): KnownOperation | undefined {
  const segments = path.split("/");
  let best: { operation: KnownOperation; literals: number } | undefined;
  for (const operation of operations) {
    if (operation.api !== api || operation.method !== method) continue;
    const literals = countLiterals(operation.path.split("/"), segments);
    if (literals !== undefined && literals > (best?.literals ?? -1)) best = { operation, literals };
  }
  return best?.operation;
}

/** Counts the segments that are literally equal. It returns undefined when the path does not match. */
function countLiterals(template: readonly string[], path: readonly string[]): number | undefined {
  if (template.length !== path.length) return undefined;
  let literals = 0;
  for (const [index, segment] of template.entries()) {
    const given = path[index] ?? "";
    if (segment === given) literals++;
    else if (!segment.startsWith("{") || given === "") return undefined;
  }
  return literals;
}
