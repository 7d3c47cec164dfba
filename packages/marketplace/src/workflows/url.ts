import { ConfigurationError, type WorkflowUrlFault } from "../errors.ts";

/**
 * Hosts of HighLevel's own. URLs that it shows have the first; those of older workflows have the second.
 *
 * @see docs/design/marketplace.md, "Inbound Webhook trigger"
 */
const HIGHLEVEL_HOSTS: readonly string[] = ["services.leadconnectorhq.com", "backend.leadconnectorhq.com"];
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
/** Ids and UUIDs. Nothing that could be decoded to a slash or a dot segment on the way. */
const SEGMENTS = /^(\/[\w-]+)+\/?$/;

export interface WorkflowUrlOptions {
  /**
   * Hosts to trust beside HighLevel's, with their port if they have one: an agency's own domain, or this machine for a test, which
   * alone may be http. What is sent goes there, a token too.
   */
  readonly hosts?: readonly string[];
}

/** A URL, or something that has one. */
export type UrlLike = string | { readonly href: string };

/** @throws {ConfigurationError} */
export function trustedHosts({ hosts = [] }: WorkflowUrlOptions): ReadonlySet<string> {
  for (const host of hosts) {
    const url = `https://${host}`;
    if (typeof host !== "string" || !URL.canParse(url) || new URL(url).host !== host) {
      throw new ConfigurationError("hosts must be a list of lower-case host names, each with its port if it has one");
    }
  }
  return new Set([...HIGHLEVEL_HOSTS, ...hosts]);
}

/** The URL, if it is below `prefix` on one of the hosts; else what is wrong with it. */
export function workflowUrl(input: UrlLike, prefix: string, hosts: ReadonlySet<string>): URL | WorkflowUrlFault {
  const text = typeof input === "string" ? input : input?.href;
  if (typeof text !== "string" || !URL.canParse(text)) return "unreadable";
  const url = new URL(text);
  // A host in HIGHLEVEL_HOSTS is none of these, so that only a caller can have let one in.
  const local = url.protocol === "http:" && LOOPBACK.includes(url.hostname) && hosts.has(url.host);
  if (url.protocol !== "https:" && !local) return "scheme";
  if (url.username !== "" || url.password !== "") return "credentials";
  if (!hosts.has(url.host)) return "host";
  if (!url.pathname.startsWith(prefix) || !SEGMENTS.test(url.pathname.slice(prefix.length))) return "path";
  url.hash = "";
  return url;
}
