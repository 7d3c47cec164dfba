/** Headers that belong to one connection (RFC 9110, section 7.6.1); what `Connection` names does, too. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** Says who calls us, or is ours to say; nothing of it is HighLevel's business. */
const INBOUND_ONLY = new Set([
  "authorization",
  "cookie",
  "host",
  "content-length",
  "forwarded",
  "true-client-ip",
  "x-real-ip",
]);
const INBOUND_PREFIX = /^(?:cf-|x-forwarded-|x-gateway-)/;

/** The platform's copy, less those that must go: most stay, and setting each of them again costs more than deleting few. */
function copyWithout(headers: Headers, isDropped: (name: string) => boolean): Headers {
  const kept = new Headers(headers);
  const named = (headers.get("connection") ?? "")
    .toLowerCase()
    .trim()
    .split(/\s*,\s*/);
  for (const name of headers.keys())
    if (HOP_BY_HOP.has(name) || named.includes(name) || isDropped(name)) kept.delete(name);
  return kept;
}

/** What goes to HighLevel: the caller's headers without its identity, with our token, and a Version if it has none. */
export function upstreamHeaders(
  inbound: Headers,
  call: { readonly accessToken: string; readonly version: string | undefined },
): Headers {
  const headers = copyWithout(inbound, (name) => INBOUND_ONLY.has(name) || INBOUND_PREFIX.test(name));
  headers.set("authorization", `Bearer ${call.accessToken}`);
  if (!headers.get("version") && call.version !== undefined) headers.set("version", call.version);
  return headers;
}

/** What goes back: HighLevel's headers without its cookies, and what the gateway did. */
export function downstreamHeaders(
  outbound: Headers,
  did: { readonly requestId: string; readonly waitMs: number; readonly retries: number },
): Headers {
  const headers = copyWithout(outbound, (name) => name === "set-cookie" || name.startsWith("x-gateway-"));
  headers.set("x-gateway-request-id", did.requestId);
  headers.set("x-gateway-wait-ms", String(did.waitMs));
  headers.set("x-gateway-retries", String(did.retries));
  return headers;
}
