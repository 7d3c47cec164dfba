import { createHash, randomBytes } from "node:crypto";
import { HIGHLEVEL_PUBLIC_KEY } from "@ghl-edge/webhooks";
import { describe, expect, test } from "vitest";
import { parseConfig, type RawConfig } from "../../src/platform/config.ts";
import { ConfigError } from "../../src/platform/config-fields.ts";
import { EXAMPLE_TOKEN_KEY } from "../../src/platform/config-keys.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const randomKey = (): string => randomBytes(32).toString("base64");

const raw: RawConfig = {
  HIGHLEVEL_API_URL: "https://services.leadconnectorhq.com/",
  HIGHLEVEL_AUTHORIZE_URL: "https://marketplace.gohighlevel.com/oauth/chooselocation",
  WEBHOOK_PUBLIC_KEYS: "[]",
  ADMIN_KEYS: "[]",
  ADMIN_ACCESS: "{}",
  APPS: JSON.stringify({ main: { clientId: "id", clientSecret: "s3cret", scopes: ["contacts.readonly"] } }),
  API_KEYS: JSON.stringify([{ name: "backend", app: "main", sha256: "ab".repeat(32) }]),
  TOKEN_KEYS: JSON.stringify({ active: "1", keys: { 2: randomKey(), 1: randomKey() } }),
};

describe("configuration", () => {
  test("a configuration is read with its defaults", () => {
    const config = parseConfig(raw);
    expect(config.apiUrl).toBe("https://services.leadconnectorhq.com");
    expect(config.apps.get("main")).toMatchObject({ name: "main", clientId: "id", versionId: undefined });
    expect(config.apiKeys[0]).toEqual({ name: "backend", app: "main", hash: new Uint8Array(32).fill(0xab) });
    expect(config.webhookKeys).toBeUndefined();
    expect([config.tokenKeys.activeId, config.tokenKeys.keys.size]).toEqual(["1", 2]);
  });

  test("headers that callers may send further are read in any case", () => {
    const APPS = JSON.stringify({ main: { clientId: "id", clientSecret: "s", requestHeaders: ["X-Trace"] } });
    expect(parseConfig({ ...raw, APPS }).apps.get("main")?.requestHeaders).toEqual(new Set(["x-trace"]));
  });

  test("events are kept for 30 days, or for as long as the app says, longer than a location may be inactive", () => {
    const read = (eventRetentionDays?: number, hours = "48") => {
      const APPS = JSON.stringify({ main: { clientId: "id", clientSecret: "s", eventRetentionDays } });
      return parseConfig({ ...raw, APPS, INACTIVE_AFTER_HOURS: hours }).apps.get("main")!.eventRetentionMs / 86_400_000;
    };
    expect([read(), read(4), read(30, "696"), read(4, "0")]).toEqual([30, 4, 30, 4]);
    for (const days of [3, 31, 4.5]) expect(() => read(days)).toThrow("APPS.main.eventRetentionDays must be");
    expect(() => read(4, "73")).toThrow(
      "APPS.main.eventRetentionDays must be at least a day longer than INACTIVE_AFTER_HOURS",
    );
  });

  test.each<[keyof RawConfig, string]>([
    ["APPS", ""],
    ["APPS", "s3cret"],
    ["APPS", "[]"],
    ["APPS", '{"a:b":{"clientId":"id","clientSecret":"s3cret"}}'],
    ["APPS", '{"main":{"clientId":"id","clientSecret":""}}'],
    ["API_KEYS", "{}"],
    ["API_KEYS", `[{"name":"x","app":"nobody","sha256":"${"ab".repeat(32)}"}]`],
    ["API_KEYS", '[{"name":"x","app":"main","sha256":"s3cret"}]'],
    ["TOKEN_KEYS", "{}"],
    ["TOKEN_KEYS", '{"k1":"s3cret"}'],
    ["TOKEN_KEYS", '{"active":"k1","keys":{"k1":"s3cret"}}'],
    ["APPS", '{"main":{"clientId":"id","clientSecret":"x","scopes":["s3cret",7]}}'],
    ["APPS", '{"main":{"clientId":"id","clientSecrt":"s3cret"}}'],
    ["APPS", '{"main":"s3cret"}'],
    ["APPS", '{"main":{"clientId":"id","clientSecret":"s3cret","requestHeaders":["Cookie"]}}'],
    ["APPS", '{"main":{"clientId":"id","clientSecret":"s3cret","requestHeaders":["x-forwarded-for"]}}'],
    ["APPS", '{"main":{"clientId":"id","clientSecret":"s3cret","requestHeaders":["a b"]}}'],
    ["APPS", '{"main":{"clientId":"id","clientSecret":"s3cret","requestHeaders":"x-trace"}}'],
    ["ADMIN_ACCESS", '{"issuer":"https://a.example","audience":"a","jwksUrl":"javascript:s3cret"}'],
    ["HIGHLEVEL_API_URL", "services"],
    ["WEBHOOK_PUBLIC_KEYS", "[1]"],
    ["ADMIN_KEYS", '[{"name":"x","sha256":"s3cret"}]'],
    ["ADMIN_ACCESS", '{"audience":"s3cret"}'],
    ["ADMIN_ACCESS", '{"issuer":"https://team.cloudflareaccess.com"}'],
    ["ADMIN_ACCESS", '{"issuer":"https://team.cloudflareaccess.com","audience":"a","defaultRole":"tenant"}'],
    ["INACTIVE_AFTER_HOURS", "s3cret"],
    ["INACTIVE_AFTER_HOURS", "-1"],
    ["INACTIVE_AFTER_HOURS", "23"],
    ["INACTIVE_AFTER_HOURS", "697"],
    ["LOG_SUCCESS_PERCENT", "s3cret"],
    ["LOG_SUCCESS_PERCENT", "-1"],
    ["LOG_SUCCESS_PERCENT", "100.5"],
    ["LOG_SUCCESS_PERCENT", "1e1"],
    ["EVENT_BUFFERS", "0"],
    ["EVENT_BUFFERS", "17"],
    ["EVENT_BUFFERS", "two"],
    ["LOOPBACK_DESTINATIONS", "TRUE"],
    ["LOOPBACK_DESTINATIONS", "s3cret"],
    ["ALLOW_EXAMPLE_KEYS", "True"],
    ["ALLOW_EXAMPLE_KEYS", "1"],
  ])("%s=%s is refused by name, without its value", (variable, value) => {
    const read = () => parseConfig({ ...raw, [variable]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(expect.objectContaining({ variable, code: "ERR_GHL_GATEWAY_CONFIG" }));
    expect(read).not.toThrow(/s3cret/);
  });
});

test("an app's limits are a preset, or numbers", () => {
  const limitsOf = (limits: unknown) => {
    const apps = { a: { clientId: "i", clientSecret: "s", scopes: [], limits } };
    return parseConfig({ ...raw, APPS: JSON.stringify(apps), API_KEYS: "[]" }).apps.get("a")?.limits;
  };
  expect(limitsOf(undefined)).toMatchObject({ burst: { limit: 100, intervalMs: 10_000 }, daily: { limit: 200_000 } });
  expect(limitsOf("sandbox")).toMatchObject({ burst: { limit: 25 }, daily: { limit: 10_000 } });
  expect(limitsOf({ burst: 5, intervalMs: 1_000 })).toEqual({ burst: { limit: 5, intervalMs: 1_000 } });
  for (const wrong of ["toString", { burst: 0, intervalMs: 1 }, { burst: 5 }, 7])
    expect(() => limitsOf(wrong)).toThrow(/APPS/);
});

test("the checks of webhooks are strict unless the configuration of the app relaxes them", () => {
  const webhooksOf = (webhooks: unknown) => {
    const apps = { a: { clientId: "i", clientSecret: "s", webhooks } };
    return parseConfig({ ...raw, APPS: JSON.stringify(apps), API_KEYS: "[]" }).apps.get("a")?.webhooks;
  };
  const strict = { requireAppId: "where-documented", maxAgeHours: 73, undated: "quarantine", unknownTenants: "hold" };
  expect(webhooksOf(undefined)).toMatchObject({ ...strict, legacyRsa: false, hmacSecrets: [] });
  const lenient = { requireAppId: false, maxAgeHours: 696, undated: "accept", unknownTenants: "store" };
  expect(webhooksOf(lenient)).toMatchObject(lenient);
});

test("a public key may be PEM with its line breaks written out, as environment files have it", () => {
  const pem = `-----BEGIN PUBLIC KEY-----\\n${HIGHLEVEL_PUBLIC_KEY}\\n-----END PUBLIC KEY-----\\n`;
  expect(parseConfig({ ...raw, WEBHOOK_PUBLIC_KEYS: JSON.stringify([pem]) }).webhookKeys).toEqual([pem]);
});

test("one percent of the successes is logged, unless LOG_SUCCESS_PERCENT says otherwise", () => {
  const percent = (value?: string) =>
    parseConfig({ ...raw, ...(value === undefined ? {} : { LOG_SUCCESS_PERCENT: value }) }).logSuccessPercent;
  expect([percent(), percent(""), percent("0"), percent("0.1"), percent("100")]).toEqual([1, 1, 0, 0.1, 100]);
});

test("a switch is off unless it says true, and any other text is refused", () => {
  const loopback = (value?: string) =>
    parseConfig({ ...raw, ...(value === undefined ? {} : { LOOPBACK_DESTINATIONS: value }) }).allowLoopbackDestinations;
  expect([loopback(), loopback(""), loopback("false"), loopback("true")]).toEqual([false, false, false, true]);
  expect(() => loopback("TRUE")).toThrow('LOOPBACK_DESTINATIONS must be "true" or "false", got a text');
});

test("a number of hours that is no such number is refused with what belongs there", () => {
  for (const hours of ["1e2", "48.5", " 48", "23"])
    expect(() => parseConfig({ ...raw, INACTIVE_AFTER_HOURS: hours })).toThrow(
      "INACTIVE_AFTER_HOURS must be 0 or a whole number of hours from 24 to 696, got a text",
    );
});

test("a location is inactive after two days, unless it says otherwise; 0 switches it off", () => {
  const inactiveAfterMs = (hours?: string) =>
    parseConfig({ ...raw, ...(hours === undefined ? {} : { INACTIVE_AFTER_HOURS: hours }) }).inactiveAfterMs;
  expect([inactiveAfterMs(), inactiveAfterMs("24"), inactiveAfterMs("0")]).toEqual([
    172_800_000,
    86_400_000,
    undefined,
  ]);
});

test.each<[keyof RawConfig, unknown, string, string | undefined]>([
  [
    "APPS",
    { main: { clientId: "id" } },
    "APPS.main.clientSecret must be a text that is not empty, got undefined",
    "main",
  ],
  [
    "APPS",
    { main: { clientId: "", clientSecret: "x" } },
    "APPS.main.clientId must be a text that is not empty, got an empty text",
    "main",
  ],
  [
    "APPS",
    { main: { clientId: "i", clientSecret: "s", scope: [] } },
    'unknown field "APPS.main.scope"; did you mean "scopes"?',
    "main",
  ],
  [
    "APPS",
    { main: { clientId: "i", clientSecret: "s", scopes: "x" } },
    "APPS.main.scopes must be a list, got a text of 1 characters",
    "main",
  ],
  [
    "APPS",
    { a: { clientId: "i", clientSecret: "s", webhooks: { hmacSecrets: ["short"] } } },
    "APPS.a.webhooks.hmacSecrets[0] must be a text of 16 characters or more",
    "a",
  ],
  [
    "APPS",
    { a: { clientId: "i", clientSecret: "s", limits: { burst: -1, intervalMs: 1 } } },
    "APPS.a.limits.burst must be a whole number above 0, got -1",
    "a",
  ],
  [
    "APPS",
    { a: { clientId: "i", clientSecret: "s", limits: "standrd" } },
    "APPS.a.limits must be one of standard",
    "a",
  ],
  [
    "APPS",
    { a: { clientId: "i", clientSecret: "s", limitz: "standard" } },
    'unknown field "APPS.a.limitz"; did you mean "limits"?',
    "a",
  ],
  [
    "APPS",
    { a: { clientId: "i", clientSecret: "s", versionid: "v" } },
    'unknown field "APPS.a.versionid"; did you mean "versionId"?',
    "a",
  ],
  [
    "APPS",
    { a: { clientId: "i", clientSecret: "s", scopes: [1, "a"] } },
    "APPS.a.scopes[0] must be a text that is not empty, got 1",
    "a",
  ],
  [
    "APPS",
    { a: { clientId: "i", clientSecret: 12_345_678 } },
    "APPS.a.clientSecret must be a text that is not empty, got a number",
    "a",
  ],
  [
    "WEBHOOK_PUBLIC_KEYS",
    [HIGHLEVEL_PUBLIC_KEY, "bm8ga2V5"],
    "WEBHOOK_PUBLIC_KEYS[1] must be an Ed25519 public key, as PEM or as the base64 of its SPKI",
    undefined,
  ],
  [
    "WEBHOOK_PUBLIC_KEYS",
    ["MIIBIjANBgkqhkiG9w0BAQ=="],
    "WEBHOOK_PUBLIC_KEYS[0] must be an Ed25519 public key",
    undefined,
  ],
  [
    "APPS",
    { a: { clientId: "i", clientSecret: "s", webhooks: { legacyRsa: [HIGHLEVEL_PUBLIC_KEY] } } },
    "APPS.a.webhooks.legacyRsa[0] must be an RSA public key",
    "a",
  ],
  ...["0", 0, 697, 1.5, Number.NaN].map((maxAgeHours): [keyof RawConfig, unknown, string, string] => [
    "APPS",
    { a: { clientId: "i", clientSecret: "s", webhooks: { maxAgeHours } } },
    "APPS.a.webhooks.maxAgeHours must be a whole number of hours from 1 to 696",
    "a",
  ]),
  ...(["requireAppId", "undated", "unknownTenants"] as const).map(
    (name): [keyof RawConfig, unknown, string, string] => [
      "APPS",
      { a: { clientId: "i", clientSecret: "s", webhooks: { [name]: "no" } } },
      `APPS.a.webhooks.${name} must be `,
      "a",
    ],
  ),
  [
    "API_KEYS",
    [{ name: "x", app: "main", sha256: "no" }],
    "API_KEYS[0].sha256 must be 64 lower-case hexadecimal digits",
    undefined,
  ],
])("a mistake in %s is named by field and by the expected value: %j", (variable, value, message, app) => {
  const read = () => parseConfig({ ...raw, [variable]: JSON.stringify(value) });
  expect(read).toThrow(message);
  expect(read).toThrow(expect.objectContaining({ app }));
});

test("the published keys of the example are refused, unless they are allowed for development", () => {
  const example: Partial<RawConfig>[] = [
    { API_KEYS: JSON.stringify([{ name: "x", app: "main", sha256: sha256("dev-gateway-key") }]) },
    { ADMIN_KEYS: JSON.stringify([{ name: "x", sha256: sha256("dev-admin-key") }]) },
    { ADMIN_KEYS: JSON.stringify([{ name: "x", sha256: sha256("") }]) },
    { TOKEN_KEYS: JSON.stringify({ active: "dev", keys: { dev: EXAMPLE_TOKEN_KEY } }) },
  ];
  for (const values of example) {
    expect(() => parseConfig({ ...raw, ...values })).toThrow(
      / of your own instead of the published example, got a text/,
    );
    expect(() => parseConfig({ ...raw, ...values, ALLOW_EXAMPLE_KEYS: "true" })).not.toThrow();
  }
});

test.each<[keyof RawConfig, string, string, string]>([
  [
    "APPS",
    '{"main":{"clientId":"id","clientSecret":"s3cret","scope":[]}}',
    "APPS.main.scope",
    'unknown field "APPS.main.scope"; did you mean "scopes"?',
  ],
  [
    "APPS",
    '{"main":{"clientId":"id","clientSecret":"s3cret","endpoints":{"maxx":1}}}',
    "APPS.main.endpoints.maxx",
    'unknown field "APPS.main.endpoints.maxx"; did you mean "max"?',
  ],
  [
    "API_KEYS",
    `[{"name":"x","app":"main","sha256":"${"ab".repeat(32)}","hash":"s3cret"}]`,
    "API_KEYS[0].hash",
    'unknown field "API_KEYS[0].hash"; the fields are name, app, sha256',
  ],
])("a misspelt field of %s is refused with the right name: %s", (name, value, path, message) => {
  expect(catchError(() => parseConfig({ ...raw, [name]: value }))).toMatchObject({ path, message });
});

test("text that is no JSON is refused with the position of the fault, and not quoted", () => {
  const error = catchError(() => parseConfig({ ...raw, APPS: '{"main":{"clientSecret":"s3cret",}}' }));
  expect(error).toMatchObject({ path: "APPS", message: "APPS must be valid JSON, got an error at character 34" });
});

function catchError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
