/** Parts of a route that a matcher needs. */
export interface RouteTemplate {
  /** HTTP method, upper case. */
  readonly method: string;
  /** Path template: a parameter is a whole segment, `{contactId}`. */
  readonly path: string;
  /** API generation. */
  readonly api: string;
}

/** A route, with the values of its path parameters, decoded. */
export type Matched<R extends RouteTemplate> = R & { readonly params: Readonly<Record<string, string>> };

/** Finds the route of a request. With `api` it considers only routes of this generation, else the newest that has the route. */
export type MatchRoute<R extends RouteTemplate> = (
  method: string,
  pathname: string,
  api?: string,
) => Matched<R> | undefined;

interface Node<R> {
  readonly literals: Map<string, Node<R>>;
  parameter?: Node<R>;
  readonly routes: R[];
}

const node = <R>(): Node<R> => ({ literals: new Map(), routes: [] });

/**
 * Makes a matcher. It builds its tree at the first match, in time linear in the routes. A match costs time linear in the
 * segments of its path. It is our own, because it selects the newest generation that has the route.
 *
 * A literal segment wins over a parameter, if the method has a route there. A trailing slash is part of the template. If no
 * route has the exact path, the route with or without the slash is taken, as HighLevel does. A parameter is never empty,
 * and never decodes to `.`, `..` or a text with a slash: the next decoder would read another path. Such a path matches
 * nothing, and neither does a path with a broken escape.
 *
 * @param routes - Returns the routes; called once, at the first match
 * @returns The matcher
 * @example
 * ```ts
 * import { createRouteMatcher } from "@ghl-edge/client/routes";
 *
 * const match = createRouteMatcher(() => [{ method: "GET", path: "/pets/{id}", api: "v1" }]);
 * console.log(match("GET", "/pets/7")?.params); // { id: "7" }
 * ```
 */
export function createRouteMatcher<R extends RouteTemplate>(routes: () => Iterable<R>): MatchRoute<R> {
  let root: Node<R> | undefined;
  const build = (): Node<R> => {
    const tree = node<R>();
    for (const route of routes()) {
      let at = tree;
      for (const segment of route.path.split("/")) {
        if (segment.startsWith("{")) {
          at.parameter ??= node();
          at = at.parameter;
        } else {
          const next = at.literals.get(segment) ?? node<R>();
          at.literals.set(segment, next);
          at = next;
        }
      }
      at.routes.push(route);
    }
    return tree;
  };

  const find = (pathname: string, method: string, api: string | undefined): Matched<R> | undefined => {
    const segments = pathname.split("/");
    const walk = (at: Node<R>, index: number): R | undefined => {
      const segment = segments[index];
      if (segment === undefined) return newest(at.routes, method, api);
      const literal = at.literals.get(segment);
      const found = literal && walk(literal, index + 1);
      if (found !== undefined || at.parameter === undefined || !isValue(segment)) return found;
      return walk(at.parameter, index + 1);
    };
    root ??= build();
    const route = walk(root, 0);
    return route && { ...route, params: valuesOf(route.path, segments) };
  };

  return (method, pathname, api) => {
    const other = pathname.endsWith("/") ? pathname.slice(0, -1) : `${pathname}/`;
    return find(pathname, method, api) ?? (pathname.endsWith("//") ? undefined : find(other, method, api));
  };
}

/** `v10` is newer than `v9`. */
const generation = (route: RouteTemplate): number => Number.parseInt(route.api.slice(1), 10) || 0;

function newest<R extends RouteTemplate>(routes: readonly R[], method: string, api: string | undefined): R | undefined {
  let best: R | undefined;
  for (const route of routes) {
    if (route.method !== method || (api !== undefined && route.api !== api)) continue;
    if (best === undefined || generation(route) > generation(best)) best = route;
  }
  return best;
}

function isValue(segment: string): boolean {
  try {
    return !/^\.{0,2}$|[/\\]/.test(decodeURIComponent(segment));
  } catch {
    return false;
  }
}

function valuesOf(template: string, segments: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [index, name] of template.split("/").entries()) {
    if (name.startsWith("{")) params[name.slice(1, -1)] = decodeURIComponent(segments[index] ?? "");
  }
  return params;
}
