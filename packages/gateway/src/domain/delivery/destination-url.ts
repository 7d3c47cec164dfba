/** Names that only a private network answers to (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal of 2024). */
const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa)$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
/** A name with a top level that is letters, or an internationalised one: no number, no single label. */
const PUBLIC_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;
const MAX_URL_LENGTH = 2_048;

/** For a gateway on one's own machine. */
const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * Returns the URL of a destination, as the parser understands it, if deliveries may be sent there: https, a public name, no address
 * literal in any spelling, no credentials, the usual port. Undefined: they may not. A Worker reaches no private network
 * whatever a name resolves to; this is for names that are wrong on their face.
 */
export function readDestinationUrl(
  text: string,
  { allowLoopback }: { readonly allowLoopback: boolean },
): URL | undefined {
  if (text.length > MAX_URL_LENGTH || /[\s\\\p{Cc}]/u.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.hash !== "") return undefined;
  if (allowLoopback && LOOPBACK.has(url.hostname) && url.protocol === "http:") return url;
  // The parser turns every spelling of an IPv4 address into four decimal numbers.
  const host = url.hostname.replace(/\.$/, "");
  if (url.protocol !== "https:" || url.port !== "" || IPV4.test(host) || host.startsWith("[")) return undefined;
  return PUBLIC_NAME.test(host) && !PRIVATE_NAMES.test(host) ? url : undefined;
}
