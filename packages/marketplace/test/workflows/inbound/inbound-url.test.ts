import { describe, expect, test } from "vitest";
import { ConfigurationError, InboundWebhookUrlError, readInboundWebhookUrl } from "../../../src/workflows.ts";
import { INBOUND_URL, SECRET_PATH } from "../samples.ts";

describe("the URL of an inbound webhook", () => {
  test.each([
    INBOUND_URL,
    `https://backend.leadconnectorhq.com/hooks/${SECRET_PATH}`,
    `${INBOUND_URL}/`,
    `${INBOUND_URL}?source=shop`,
    "https://SERVICES.leadconnectorhq.com:443/hooks/abc",
  ])("the URL of an inbound webhook may be %s", (url) => {
    expect(readInboundWebhookUrl(url).href).toBe(new URL(url).href);
  });

  test("the URL of an inbound webhook may be a URL object, or the result of an earlier check", () => {
    const read = readInboundWebhookUrl(new URL(INBOUND_URL));
    expect(readInboundWebhookUrl(read).href).toBe(INBOUND_URL);
  });

  test("the URL of an inbound webhook loses its fragment", () => {
    expect(readInboundWebhookUrl(`${INBOUND_URL}#part`).href).toBe(INBOUND_URL);
  });

  test.each([
    ["", "unreadable"],
    ["hooks/abc", "unreadable"],
    [undefined, "unreadable"],
    [INBOUND_URL.replace("https", "http"), "scheme"],
    [INBOUND_URL.replace("https", "ftp"), "scheme"],
    ["javascript:alert(1)", "scheme"],
    ["http://127.0.0.1/hooks/abc", "scheme"],
    [INBOUND_URL.replace("https://", "https://user@"), "credentials"],
    [INBOUND_URL.replace("https://", "https://:password@"), "credentials"],
    [INBOUND_URL.replace("leadconnectorhq.com", "leadconnectorhq.com.evil.example"), "host"],
    [INBOUND_URL.replace("services.", "services-"), "host"],
    [INBOUND_URL.replace(".com/", ".com:8443/"), "host"],
    [INBOUND_URL.replace(".com/", ".com./"), "host"],
    ["https://evil.example/services.leadconnectorhq.com/hooks/abc", "host"],
    ["https://127.0.0.1/hooks/abc", "host"],
    ["https://services.leadconnectorhq.com\\@evil.example/hooks/abc", "path"],
    ["https://services.leadconnectorhq.com/hooks", "path"],
    ["https://services.leadconnectorhq.com/hooks/", "path"],
    ["https://services.leadconnectorhq.com/hooksabc", "path"],
    ["https://services.leadconnectorhq.com/hooks/../contacts/abc", "path"],
    ["https://services.leadconnectorhq.com/hooks/abc/%2e%2e%2fcontacts", "path"],
    ["https://services.leadconnectorhq.com/hooks//abc", "path"],
    ["https://services.leadconnectorhq.com/contacts/hooks/abc", "path"],
  ] as const)("the URL of an inbound webhook is refused as %s: %s", (url, reason) => {
    const error = refusal(() => readInboundWebhookUrl(url as string));
    expect(error).toMatchObject({ code: "ERR_GHL_INBOUND_WEBHOOK_URL", reason });
  });

  test("the URL of an inbound webhook appears in no error", () => {
    const urls = [
      "https://evil.example/hooks/secret",
      "http://u:secret@x.example",
      "secret",
      `${INBOUND_URL}/%73ecret`,
    ];
    for (const url of urls) {
      const { message, stack, cause, ...rest } = refusal(() => readInboundWebhookUrl(url));
      expect(JSON.stringify([message, stack, cause, rest])).not.toMatch(/secret|webhook-trigger|evil/);
    }
  });

  test("the URL of an inbound webhook is revealed by href alone", () => {
    const url = readInboundWebhookUrl(INBOUND_URL);
    const redacted = "https://services.leadconnectorhq.com/hooks/…";
    expect([`${url}`, url.redacted, JSON.parse(JSON.stringify(url))]).toEqual([redacted, redacted, redacted]);
    expect(Object.values({ ...url })).toEqual([]);
  });
});

describe("the option hosts", () => {
  test("the option hosts trusts another host beside those of HighLevel", () => {
    const hosts = ["api.agency.example"];
    expect(readInboundWebhookUrl("https://api.agency.example/hooks/abc", { hosts }).href).toBe(
      "https://api.agency.example/hooks/abc",
    );
    expect(readInboundWebhookUrl(INBOUND_URL, { hosts }).href).toBe(INBOUND_URL);
    expect(refusal(() => readInboundWebhookUrl("http://api.agency.example/hooks/abc", { hosts })).reason).toBe(
      "scheme",
    );
    expect(refusal(() => readInboundWebhookUrl("https://x.api.agency.example/hooks/a", { hosts })).reason).toBe("host");
  });

  test("the option hosts trusts this machine without https at the given port", () => {
    const hosts = ["127.0.0.1:8788", "localhost:1"];
    expect(readInboundWebhookUrl("http://127.0.0.1:8788/hooks/abc", { hosts }).href).toContain(":8788/");
    expect(refusal(() => readInboundWebhookUrl("http://127.0.0.1:8789/hooks/abc", { hosts })).reason).toBe("scheme");
  });

  test.each([
    "",
    "https://x.example",
    "x.example/",
    "x.example/path",
    "u@x.example",
    "X.example",
    "x.example:443",
    "a b",
    1,
  ])("the option hosts refuses %s", (host) => {
    expect(() => readInboundWebhookUrl(INBOUND_URL, { hosts: [host as string] })).toThrow(ConfigurationError);
  });
});

function refusal(read: () => unknown): InboundWebhookUrlError {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(InboundWebhookUrlError);
    return error as InboundWebhookUrlError;
  }
  throw new Error("was not refused");
}
