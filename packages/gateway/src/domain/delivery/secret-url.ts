import { exceedsJsonDepth } from "@ghl-edge/core";

/** Stands for what is not shown of an address. */
const MARKER = "…";

/**
 * Returns the part of an address that any caller may see: its origin, and a mark that there is more. Path and query are often all that
 * protects a destination, because anybody who knows them can post to it.
 *
 * @example redactedUrl("https://hooks.zapier.com/hooks/catch/1/abc/"); // "https://hooks.zapier.com/…"
 */
export const redactedUrl = (url: string): string => `${new URL(url).origin}/${MARKER}`;

/** Whether a text is what `redactedUrl` has made. No address has the marker: a URL parser escapes it. */
export const isRedactedUrl = (text: string): boolean => text.endsWith(`/${MARKER}`);

const URLS = /(https?:\/\/)([^\s"'<>\\]*)/gi;

/** Cuts every http(s) address in a text to its host. */
export function redactUrls(text: string): string {
  return text.replace(URLS, (_whole, scheme: string, rest: string) => {
    const authority = /^[^/?#]*/.exec(rest)?.[0] ?? "";
    const host = authority.slice(authority.lastIndexOf("@") + 1);
    const more = rest.slice(authority.length);
    return more === "" || more === "/" ? `${scheme}${host}${more}` : `${scheme}${host}/${MARKER}`;
  });
}

/** Reads JSON that nests at most 64 levels; the names of members count too. */
function redactedValue(value: unknown): unknown {
  if (typeof value === "string") return redactUrls(value);
  if (Array.isArray(value)) return value.map(redactedValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [redactUrls(name), redactedValue(member)]));
}

/** JSON without the paths and queries of the addresses in it; the very text where it has none. */
export function redactedJson(json: string): string {
  // Nothing walks what is deeper; escaped slashes are the only way to write an address that this does not see.
  if (exceedsJsonDepth(json)) return redactUrls(json.replaceAll("\\/", "/"));
  const value: unknown = JSON.parse(json);
  const redacted = JSON.stringify(redactedValue(value));
  return redacted === JSON.stringify(value) ? json : redacted;
}
