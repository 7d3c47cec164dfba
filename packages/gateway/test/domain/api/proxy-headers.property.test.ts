import fc from "fast-check";
import { expect, test } from "vitest";
import { downstreamHeaders, mayGoUpstream, upstreamHeaders } from "../../../src/domain/api/proxy-headers.ts";

/** Headers that must never reach HighLevel, whatever is configured. */
const SECRET_UP = [
  ...["authorization", "cookie", "proxy-authorization", "token-id", "x-gateway-key", "cf-access-jwt-assertion"],
  ...["connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-connection"],
  ...["host", "content-length", "expect", "origin", "referer", "via", "forwarded", "x-forwarded-for", "x-real-ip"],
  ...["true-client-ip", "cf-connecting-ip", "cf-ray", "cdn-loop", "sec-fetch-site", "access-control-request-method"],
  ...["x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url"],
];
const FINE_UP = [
  ...["accept", "accept-language", "accept-encoding", "content-type", "content-encoding", "content-disposition"],
  ...["version", "if-match", "if-none-match", "if-modified-since", "range", "user-agent"],
];
/** Headers that must never reach the caller. */
const SECRET_DOWN = [
  ...["set-cookie", "set-cookie2", "strict-transport-security", "alt-svc", "clear-site-data", "nel", "report-to"],
  ...["reporting-endpoints", "refresh", "access-control-allow-origin", "access-control-allow-credentials"],
  ...[
    "connection",
    "te",
    "proxy-authorization",
    "proxy-authentication-info",
    "proxy-connection",
    "keep-alive",
    "proxy-authenticate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-gateway-anything",
  ],
];
const FINE_DOWN = [
  "content-type",
  "etag",
  "retry-after",
  "www-authenticate",
  "x-ratelimit-remaining",
  "x-trace",
  "vary",
];

const inAnyCase = (name: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((upper) => Array.from(name, (char, i) => (upper[i] ? char.toUpperCase() : char)).join(""));
const anyName = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const headerSet = (...known: string[][]) =>
  fc.uniqueArray(
    fc.tuple(fc.oneof(fc.constantFrom(...known.flat()), anyName).chain(inAnyCase), fc.stringMatching(/^[!-~]{1,12}$/)),
    { selector: ([name]) => name.toLowerCase(), maxLength: 25 },
  );
/** Adds a `Connection` that names some of the set, in any spacing. */
const withConnection = (known: fc.Arbitrary<[string, string][]>) =>
  known.chain((pairs) =>
    fc
      .tuple(fc.subarray(pairs.map(([name]) => name)), fc.constantFrom(",", ", ", " ,\t"))
      .map(([named, comma]) => ({ pairs: pairs.filter(([name]) => !/^connection$/i.test(name)), named, comma })),
  );
const headersOf = ({ pairs, named, comma }: { pairs: [string, string][]; named: string[]; comma: string }): Headers =>
  new Headers([...pairs, ["connection", ["keep-alive", ...named].join(comma)]]);

test("only the listed headers of a caller go up, unchanged, and never one that identifies the caller or the connection", () => {
  fc.assert(
    fc.property(withConnection(headerSet(SECRET_UP, FINE_UP)), fc.array(anyName, { maxLength: 5 }), (set, extra) => {
      const inbound = headersOf(set);
      const requestHeaders = new Set([...extra, ...SECRET_UP]);
      const sent = upstreamHeaders(inbound, { accessToken: "t", version: "v3", requestHeaders });
      const named = set.named.map((name) => name.toLowerCase());
      for (const [name, value] of sent) {
        if (name === "authorization") expect(value).toBe("Bearer t");
        else if (name === "version" && !inbound.has("version")) expect(value).toBe("v3");
        else if (name === "version" && named.includes("version")) expect(value).toBe("v3");
        else {
          expect(SECRET_UP).not.toContain(name);
          expect(named).not.toContain(name);
          expect(value).toBe(inbound.get(name));
        }
      }
      for (const name of [...FINE_UP, ...extra.filter(mayGoUpstream)])
        if (inbound.has(name) && !named.includes(name)) expect(sent.get(name)).toBe(inbound.get(name));
    }),
    { numRuns: 1_000 },
  );
});

test("a header that is on no list stays here", () => {
  fc.assert(
    fc.property(anyName, (name) => {
      fc.pre(!/^(accept|content|if)-|^(accept|version|range|user-agent|authorization)$/.test(name));
      expect(upstreamHeaders(new Headers({ [name]: "x" }), { accessToken: "t", version: "v3" }).has(name)).toBe(false);
    }),
  );
});

test("every header of an answer comes down but those about the host, and each answer says whether it may be cached", () => {
  fc.assert(
    fc.property(withConnection(headerSet(SECRET_DOWN, [...FINE_DOWN, "cache-control", "expires"])), (set) => {
      const outbound = headersOf(set);
      const given = downstreamHeaders(outbound, { requestId: "r", waitMs: 1, retries: 0 });
      const named = set.named.map((name) => name.toLowerCase());
      for (const name of SECRET_DOWN) expect(given.has(name)).toBe(false);
      for (const [name, value] of outbound)
        if (
          !SECRET_DOWN.includes(name) &&
          !named.includes(name) &&
          !/^(x-gateway|access-control|set-cookie)-/.test(name)
        )
          expect(given.get(name)).toBe(value);
      expect(given.has("cache-control") || given.has("expires")).toBe(true);
      for (const name of named) if (!/^x-gateway-|^cache-control$/.test(name)) expect(given.has(name)).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

test.each(SECRET_UP)("no configuration can let %s go up", (name) => {
  expect(mayGoUpstream(name)).toBe(false);
});
