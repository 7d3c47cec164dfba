import { describeValue } from "@ghl-edge/core";
import { ConfigurationError } from "../errors.ts";
import type { WorkflowUrlFault } from "./errors.ts";

/**
 * Hosts of HighLevel. Current URLs have the first one, and URLs of older workflows have the second.
 *
 * @see docs/design/marketplace.md, "Inbound Webhook trigger"
 */
const HIGHLEVEL_HOSTS: readonly string[] = ["services.leadconnectorhq.com", "backend.leadconnectorhq.com"];
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
/** Matches ids and UUIDs. It excludes everything that decodes to a slash or a dot segment. */
const SEGMENTS = /^(\/[\w-]+)+\/?$/;

/** Options of the check of a URL that starts a workflow. */
export interface WorkflowUrlOptions {
  /**
   * Further trusted hosts, each with its port if it has one: an agency's own domain, or this machine for a test. Only this machine may use
   * http. The requests go there, including a token.
   */
  readonly hosts?: readonly string[];
}

/** A URL, or an object with `href`. */
export type UrlLike = string | { readonly href: string };

/** @throws {ConfigurationError} for an invalid host */
export function trustedHosts({ hosts = [] }: WorkflowUrlOptions): ReadonlySet<string> {
  for (const host of hosts) {
    const url = `https://${host}`;
    if (typeof host !== "string" || !URL.canParse(url) || new URL(url).host !== host) {
      throw new ConfigurationError(
        `hosts must be a list of lower-case host names, each with its port if it has one, got ${describeValue(host)}`,
      );
    }
  }
  return new Set([...HIGHLEVEL_HOSTS, ...hosts]);
}

/** Returns the URL if it is below `prefix` on one of the hosts, otherwise the reason for its refusal. */
export function workflowUrl(input: UrlLike, prefix: string, hosts: ReadonlySet<string>): URL | WorkflowUrlFault {
  const text = typeof input === "string" ? input : input?.href;
  if (typeof text !== "string" || !URL.canParse(text)) return "unreadable";
  const url = new URL(text);
  // HIGHLEVEL_HOSTS has no loopback host, so the caller must have trusted it.
  const local = url.protocol === "http:" && LOOPBACK.includes(url.hostname) && hosts.has(url.host);
  if (url.protocol !== "https:" && !local) return "scheme";
  if (url.username !== "" || url.password !== "") return "credentials";
  if (!hosts.has(url.host)) return "host";
  if (!url.pathname.startsWith(prefix) || !SEGMENTS.test(url.pathname.slice(prefix.length))) return "path";
  url.hash = "";
  return url;
}
