import { describe, expect, test } from "vitest";
import { downstreamHeaders, upstreamHeaders } from "../../../src/domain/api/proxy-headers.ts";

describe("the headers to HighLevel", () => {
  const call = { accessToken: "token", version: "v3" };

  test("the proxy removes the caller's identity and adds ours", () => {
    const inbound = new Headers({
      accept: "application/json",
      authorization: "Bearer gateway-key",
      connection: "keep-alive, X-Mine",
      cookie: "a=1",
      "cf-connecting-ip": "203.0.113.1",
      "content-length": "3",
      "content-type": "multipart/form-data; boundary=x",
      forwarded: "for=203.0.113.1",
      host: "gateway.example",
      te: "trailers",
      "transfer-encoding": "chunked",
      upgrade: "websocket",
      "x-forwarded-for": "203.0.113.1",
      "x-gateway-key": "gateway-key",
      "x-mine": "hop",
      "x-real-ip": "203.0.113.1",
    });
    expect(Object.fromEntries(upstreamHeaders(inbound, call))).toEqual({
      accept: "application/json",
      authorization: "Bearer token",
      "content-type": "multipart/form-data; boundary=x",
      version: "v3",
    });
  });

  test("the proxy leaves the caller's Version alone", () => {
    const inbound = new Headers({ version: "2021-07-28" });
    expect(upstreamHeaders(inbound, call).get("version")).toBe("2021-07-28");
  });

  test("the proxy sends no Version where neither knows one", () => {
    expect(upstreamHeaders(new Headers(), { accessToken: "t", version: undefined }).has("version")).toBe(false);
  });
});

test("an answer from HighLevel loses cookies and hop-by-hop headers, and only the gateway speaks for its host", () => {
  const outbound = new Headers({
    connection: "close",
    "content-type": "application/json",
    "keep-alive": "timeout=5",
    "set-cookie": "a=1",
    "x-gateway-wait-ms": "forged",
    "x-ratelimit-remaining": "7",
  });
  expect(Object.fromEntries(downstreamHeaders(outbound, { requestId: "r", waitMs: 12, retries: 1 }))).toEqual({
    "cache-control": "no-store",
    "content-type": "application/json",
    "x-gateway-request-id": "r",
    "x-gateway-retries": "1",
    "x-gateway-wait-ms": "12",
    "x-ratelimit-remaining": "7",
  });
});

test("an answer keeps what HighLevel says of caching", () => {
  const did = { requestId: "r", waitMs: 0, retries: 0 };
  expect(downstreamHeaders(new Headers({ "cache-control": "max-age=60" }), did).get("cache-control")).toBe(
    "max-age=60",
  );
  const expires = new Headers({ expires: "Thu, 01 Jan 2032 00:00:00 GMT" });
  expect(downstreamHeaders(expires, did).get("cache-control")).toBeNull();
});
