/** The caller's headers that reach HighLevel: content, negotiation, conditions and ranges. Each app may add names. */
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
 * Headers that never reach HighLevel, whatever an app's configuration says. They carry credentials, are set by the gateway, or say
 * who calls us from which page. Some would make HighLevel run another operation than the one that was checked.
 */
const NEVER_UPSTREAM =
  /^(?:authorization|cookie2?|set-cookie2?|token-id|host|content-length|expect|origin|referer|via|forwarded|true-client-ip|x-real-ip|x-client-ip|x-cluster-client-ip|x-original-[a-z0-9-]+|x-rewrite-[a-z0-9-]+|x-(?:http-)?method(?:-override)?|x-forwarded(?:-[a-z0-9-]+)?|cf-[a-z0-9-]+|cdn-loop|x-gateway-[a-z0-9-]+|access-control-[a-z0-9-]+|proxy-[a-z0-9-]+|sec-[a-z0-9-]+)$/;

/** Headers by which HighLevel instructs a browser about its own host. From the gateway they would concern the gateway's host. */
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

/** Makes the headers for HighLevel: the caller's headers that are on the list, our token, and a Version if the caller has none. */
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
 * Makes the headers for the caller: HighLevel's headers without those about its own host, and headers about what the gateway did. No
 * cache may store a customer's data unless HighLevel allows it.
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
