import { isResourceId, type Resource } from "./resource.ts";

export interface ProxyTarget {
  readonly resource: Resource;
  /** HighLevel's path, literal, starting with one slash. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
}

/** No API path of HighLevel's comes near it. */
const MAX_PATH_LENGTH = 2_048;
/**
 * What can make a path mean something else to the next reader: a second slash (a host), a backslash (a slash to URL
 * parsers), an encoded slash, backslash, dot or percent sign (decoded twice somewhere), controls and spaces.
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
 * Takes `/api/{location|company}/{id}/…` apart. Works on the request's URL as it was sent, because a URL parser would
 * resolve the very dots this has to refuse.
 */
export function readProxyTarget(requestUrl: string): ProxyTarget | undefined {
  const afterHost = requestUrl.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").replace(/#.*$/s, "");
  const question = afterHost.indexOf("?");
  const pathname = question < 0 ? afterHost : afterHost.slice(0, question);
  const match = /^\/api\/(location|company)\/([^/]+)(\/.*)$/s.exec(pathname);
  if (match === null) return undefined;
  const [, kind, id, path] = match;
  if (id === undefined || path === undefined || !isResourceId(id) || !isSafePath(path)) return undefined;
  const resource: Resource = { kind: kind === "company" ? "company" : "location", id };
  return { resource, path, search: question < 0 ? "" : afterHost.slice(question) };
}

/** Joins and checks that the parser agrees: same origin, same path. */
export function upstreamUrl(baseUrl: string, { path, search }: ProxyTarget): URL | undefined {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/+$/, "");
  const url = new URL(`${base.origin}${prefix}${path}${search}`);
  return url.origin === base.origin && url.pathname === `${prefix}${path}` ? url : undefined;
}
