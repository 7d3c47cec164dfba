/** What of a caller's headers reaches HighLevel: content, negotiation, conditions and ranges. Each app may add names. */
const UPSTREAM = /^(?:accept|accept-[a-z0-9-]+|content-[a-z0-9-]+|version|if-[a-z0-9-]+|range|user-agent)$/;

/** Headers of one connection (RFC 9110, section 7.6.1). What `Connection` names belongs to the connection, too. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Never goes up, whatever an app's configuration says: it carries credentials, is the gateway's own to set, says who calls
 * us and from which page, or would make HighLevel do something else than the operation that was checked.
 */
const NEVER_UPSTREAM =
  /^(?:authorization|cookie2?|set-cookie2?|token-id|host|content-length|expect|origin|referer|via|forwarded|true-client-ip|x-real-ip|x-client-ip|x-cluster-client-ip|x-original-[a-z0-9-]+|x-rewrite-[a-z0-9-]+|x-(?:http-)?method(?:-override)?|x-forwarded(?:-[a-z0-9-]+)?|cf-[a-z0-9-]+|cdn-loop|x-gateway-[a-z0-9-]+|access-control-[a-z0-9-]+|proxy-[a-z0-9-]+|sec-[a-z0-9-]+)$/;

/** What HighLevel says about its own host to a browser; under the gateway's name it would be about the gateway's. */
const NOT_DOWNSTREAM =
  /^(?:set-cookie2?|set-cookie-[a-z0-9-]+|strict-transport-security|alt-svc|clear-site-data|access-control-[a-z0-9-]+|nel|report-to|reporting-endpoints|refresh|x-gateway-[a-z0-9-]+)$/;

/** Whether an app may let callers send a header of this name to HighLevel; lower case. */
export function mayGoUpstream(name: string): boolean {
  return /^[a-z0-9-]+$/.test(name) && !HOP_BY_HOP.has(name) && !NEVER_UPSTREAM.test(name);
}

/** Names that `Connection` gives to the connection. */
function namedByConnection(headers: Headers): ReadonlySet<string> | undefined {
  const connection = headers.get("connection");
  return connection === null ? undefined : new Set(connection.toLowerCase().split(/[\s,]+/));
}

export interface UpstreamCall {
  readonly accessToken: string;
  /** The operation's; sent where the caller names none. */
  readonly version: string | undefined;
  /** Names that the app's configuration adds; lower case. */
  readonly requestHeaders?: ReadonlySet<string> | undefined;
}

/** What goes to HighLevel: the headers of the caller that are on the list, with our token, and a Version if it has none. */
export function upstreamHeaders(inbound: Headers, call: UpstreamCall): Headers {
  const { accessToken, version, requestHeaders } = call;
  const named = namedByConnection(inbound);
  const headers = new Headers();
  for (const [name, value] of inbound) {
    const isListed = UPSTREAM.test(name) || requestHeaders?.has(name);
    if (isListed && mayGoUpstream(name) && !named?.has(name)) headers.set(name, value);
  }
  headers.set("authorization", `Bearer ${accessToken}`);
  if (!headers.get("version") && version !== undefined) headers.set("version", version);
  return headers;
}

export interface GatewayDid {
  readonly requestId: string;
  readonly waitMs: number;
  readonly retries: number;
}

/**
 * What goes back: HighLevel's headers without what is about its host alone, and what the gateway did. A customer's data is
 * kept by no cache unless HighLevel says that it may.
 */
export function downstreamHeaders(outbound: Headers, did: GatewayDid): Headers {
  // The platform's copy, less those that must go: most stay, and setting each of them again costs more than deleting few.
  const headers = new Headers(outbound);
  const named = namedByConnection(outbound);
  for (const name of outbound.keys())
    if (HOP_BY_HOP.has(name) || named?.has(name) || NOT_DOWNSTREAM.test(name)) headers.delete(name);
  if (!headers.has("cache-control") && !headers.has("expires")) headers.set("cache-control", "no-store");
  headers.set("x-gateway-request-id", did.requestId);
  headers.set("x-gateway-wait-ms", String(did.waitMs));
  headers.set("x-gateway-retries", String(did.retries));
  return headers;
}
