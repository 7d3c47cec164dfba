import { describe, expect, test } from "vitest";
import { ConfigError } from "../../src/platform/config-fields.ts";
import { readMarketplace } from "../../src/platform/config-marketplace.ts";

const secret = `whsec_${btoa("s".repeat(32))}`;
const callback = { url: "https://app.example.com/callback", secret };
const read = (value: unknown, allowLoopback = false) =>
  readMarketplace({ path: "APPS.main.marketplace", allowLoopback }, value);

describe("an app's marketplace", () => {
  test("an app's marketplace is off where the configuration has none", () => {
    const off = { userContext: undefined, externalAuth: undefined, payments: undefined, billing: undefined };
    expect(read(undefined)).toEqual(off);
    expect(read({})).toEqual(off);
  });

  test("an app's marketplace is read from the configuration", () => {
    const parts = read({
      userContext: { sharedSecrets: ["next", "current"] },
      externalAuth: { callback: { service: "OURS", secret }, headers: ["X-Api-Key"] },
      payments: { callback, apiKeys: { test: "key" } },
      billing: { page: "https://pay.example.com/start?a=1" },
    });
    expect(parts.userContext).toEqual({ sharedSecrets: ["next", "current"] });
    const address = { service: "OURS" };
    expect(parts.externalAuth).toEqual({ callback: { address, secrets: [secret] }, headers: ["x-api-key"] });
    expect(parts.payments?.apiKeys).toEqual({ test: "key" });
    expect(parts.billing?.page.href).toBe("https://pay.example.com/start?a=1");
  });

  test("an app's marketplace may be on this machine for development alone", () => {
    const local = { billing: { page: "http://localhost:3000/" } };
    expect(read(local, true).billing?.page.href).toBe("http://localhost:3000/");
    expect(() => read(local)).toThrow(ConfigError);
  });

  test.each<[string, unknown]>([
    ["", []],
    [".userContexts", { userContexts: { sharedSecrets: ["s3cret"] } }],
    [".userContext.sharedSecrets", {}],
    [".userContext.sharedSecrets", { sharedSecrets: [] }],
    [".userContext.sharedSecrets", { sharedSecrets: "s3cret" }],
    [".userContext.sharedSecrets[1]", { sharedSecrets: ["s3cret", ""] }],
    [".userContext.secret", { sharedSecrets: ["s3cret"], secret: "s3cret" }],
    [".externalAuth.callback", {}],
    [".externalAuth.callback", { callback: { secret } }],
    [".externalAuth.callback", { callback: { url: callback.url, service: "OURS", secret } }],
    [".externalAuth.callback.url", { callback: { url: "http://s3cret.example.com/", secret } }],
    [".externalAuth.callback.url", { callback: { url: "https://s3cret@app.example.com/", secret } }],
    [".externalAuth.callback.url", { callback: { url: "https://10.0.0.1/s3cret", secret } }],
    [".externalAuth.callback.service", { callback: { service: "s3cret", secret } }],
    [".externalAuth.callback.timeout", { callback: { ...callback, timeout: "s3cret" } }],
    [".externalAuth.callback.secret", { callback: { url: callback.url } }],
    [".externalAuth.callback.secret", { callback: { url: callback.url, secret: "whsec_s3cret" } }],
    [".externalAuth.headers[0]", { callback, headers: ["s3cret header"] }],
    [".payments.apiKeys", { callback }],
    [".payments.apiKeys", { callback, apiKeys: {} }],
    [".payments.apiKeys.live", { callback, apiKeys: { live: "" } }],
    [".payments.apiKeys.sandbox", { callback, apiKeys: { live: "s3cret", sandbox: "s3cret" } }],
    [".billing.page", { page: "" }],
    [".billing.page", { page: "javascript:s3cret" }],
  ])("%s that is %j is refused by name, without its value", (at, value) => {
    const part = /^\.(\w+)(?=\.|$)/.exec(at)?.[1];
    const isWhole = part === undefined || part in (value as object);
    const wrong = () => read(isWhole ? value : { [part]: value });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(expect.objectContaining({ path: `APPS.main.marketplace${at}`, app: "main" }));
    expect(wrong).not.toThrow(/s3cret/);
  });
});
