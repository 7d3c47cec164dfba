import { routeGroups, routePaths } from "./generated/routes.gen.ts";
import { type Route, unpackRoutes } from "./routes/route-data.ts";
import { createRouteMatcher, type Matched, type MatchRoute } from "./routes/route-matcher.ts";

export type { Route } from "./routes/route-data.ts";
export { createRouteMatcher, type Matched, type MatchRoute, type RouteTemplate } from "./routes/route-matcher.ts";

/** A route of HighLevel's API with the values of its path parameters. */
export type RouteMatch = Matched<Route>;

/**
 * Returns every operation of both generations, sorted by path.
 *
 * @returns A new list at each call
 * @example
 * ```ts
 * import { allRoutes } from "@ghl-edge/client/routes";
 *
 * const deprecated = allRoutes().filter((route) => route.deprecated);
 * console.log(deprecated.length);
 * ```
 */
export const allRoutes = (): Route[] => unpackRoutes(routeGroups, routePaths);

/** Finds the operation that a request is for. See `createRouteMatcher` for the rules. */
// R8: builds its tree at the first match, always the same one, because the routes are constants.
export const matchRoute: MatchRoute<Route> = /* @__PURE__ */ createRouteMatcher(allRoutes);
