import type { Resource } from "@ghl-edge/core";
import { isResourceId } from "../resource.ts";

export interface ProxyTarget {
  readonly resource: Resource;
  /** HighLevel's path, literal, starting with one slash. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
}

/** Upper bound that no API path of HighLevel's comes near. */
const MAX_PATH_LENGTH = 2_048;
/**
 * Matches what another parser may read differently: a second slash (a host), or a backslash (a slash to URL parsers). Also an encoded
 * slash, backslash, dot or percent sign (which some server may decode twice), controls and spaces.
 */
const DANGEROUS = /\/\/|\\|%(?:2e|2f|5c|25|0[0-9a-f]|1[0-9a-f]|7f)|[^\x21-\x7e]/i;
const DOT_SEGMENT = /(^|\/)\.{1,2}(\/|$)/;
const BAD_ESCAPE = /%(?![0-9a-f]{2})/i;

/** Whether a path may be sent to HighLevel as it stands. */
export function isSafePath(path: string): boolean {
  if (!path.startsWith("/") || path.length > MAX_PATH_LENGTH || path.includes("@")) return false;
  return !DANGEROUS.test(path) && !DOT_SEGMENT.test(path) && !BAD_ESCAPE.test(path);
}

/**
 * Parses `/api/{location|company}/{id}/…`. Why not hono's parameters or a URL parser: both resolve the very dots that have to be
 * refused, so this reads the raw URL.
 */
export function readProxyTarget(requestUrl: string): ProxyTarget | undefined {
  const afterHost = requestUrl.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").replace(/#.*$/s, "");
  const queryAt = afterHost.indexOf("?");
  const pathname = queryAt < 0 ? afterHost : afterHost.slice(0, queryAt);
  const match = /^\/api\/(location|company)\/([^/]+)(\/.*)$/s.exec(pathname);
  if (match === null) return undefined;
  const [, kind, id, path] = match;
  if (id === undefined || path === undefined || !isResourceId(id) || !isSafePath(path)) return undefined;
  const resource: Resource = { kind: kind === "company" ? "company" : "location", id };
  return { resource, path, search: queryAt < 0 ? "" : afterHost.slice(queryAt) };
}

/** Joins and checks that the parser agrees: same origin, same path. */
export function upstreamUrl(baseUrl: string, { path, search }: ProxyTarget): URL | undefined {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/+$/, "");
  const url = new URL(`${base.origin}${prefix}${path}${search}`);
  return url.origin === base.origin && url.pathname === `${prefix}${path}` ? url : undefined;
}
