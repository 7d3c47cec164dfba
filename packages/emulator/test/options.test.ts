import { describe, expect, test } from "vitest";
import { createEmulator, EmulatorConfigurationError, type EmulatorOptions } from "../src/index.ts";
import { LOCATION } from "./support.ts";

const resource = { kind: "location", id: LOCATION };
const wrong: [path: string, options: object][] = [
  ["seeds", { seeds: "a" }],
  ["seed", { seed: "" }],
  ["seed", { seed: 5 }],
  ["now", { now: 5 }],
  ["fetch", { fetch: "fetch" }],
  ["apps", { apps: {} }],
  ["apps[0].clientId", { apps: [{}] }],
  ["apps[0] must be an object, got null", { apps: [null] }],
  [
    'unknown option "scop" in apps[0]; did you mean "scopes"?',
    { apps: [{ clientId: "a", clientSecret: "b", scop: [] }] },
  ],
  [
    "apps[0].webhookUrl must be an absolute http(s) URL",
    { apps: [{ clientId: "a", clientSecret: "b", webhookUrl: "x" }] },
  ],
  ['did you mean "ContactCreate"?', { apps: [{ clientId: "a", clientSecret: "b", events: ["ContactCreated"] }] }],
  ["apps[0].events[0].name", { apps: [{ clientId: "a", clientSecret: "b", events: [{ url: "https://a.test" }] }] }],
  ["apps[0].events[0].url", { apps: [{ clientId: "a", clientSecret: "b", events: [{ name: "TaskCreate", url: 1 }] }] }],
  ["apps[0].installedIn[0] must be one of", { apps: [{ clientId: "a", clientSecret: "b", installedIn: ["x"] }] }],
  ["webhooks", { webhooks: true }],
  ["webhooks.speed", { webhooks: { speed: 0 } }],
  ['got "sometimes"', { webhooks: { retry: "sometimes" } }],
  ['unknown option "Checks"; did you mean "checks"?', { Checks: "strict" }],
  ["apps[0].clientSecret", { apps: [{ clientId: "a", clientSecret: "" }] }],
  ["apps[0].target", { apps: [{ clientId: "a", clientSecret: "b", target: "company" }] }],
  ["apps[0].redirectUris", { apps: [{ clientId: "a", clientSecret: "b", redirectUris: "https://a.test" }] }],
  ["company", { company: null }],
  ["company.id", { company: {} }],
  ["company.locations", { company: { id: "c", name: "C" } }],
  ["company.locations[0].id", { company: { id: "c", name: "C", locations: [{ name: "L" }] } }],
  ["privateTokens[0].token", { privateTokens: [{ token: "", resource, scopes: [] }] }],
  ["privateTokens[0].scopes", { privateTokens: [{ token: "t", resource }] }],
  ["privateTokens[0].resource.kind", { privateTokens: [{ token: "t", resource: LOCATION, scopes: [] }] }],
  ["refreshGraceMs", { refreshGraceMs: -1 }],
  ["refreshGraceMs", { refreshGraceMs: Number.NaN }],
  ["refreshGraceMs", { refreshGraceMs: "30" }],
  ["accessTokenLifetimeMs", { accessTokenLifetimeMs: 0 }],
  ["refreshTokenLifetimeMs", { refreshTokenLifetimeMs: Infinity }],
  ["codeLifetimeMs", { codeLifetimeMs: Number.NaN }],
  ["rateLimit.maximum", { rateLimit: { maximum: 5 } }],
  ["rateLimit.max", { rateLimit: { max: Number.NaN } }],
  ["rateLimit.retryAfter", { rateLimit: { retryAfter: "yes" } }],
  ["checks", { checks: "loose" }],
  ["controls", { controls: "no" }],
  ["fault", { faults: [{}] }],
];

describe("createEmulator refuses by name", () => {
  test.each(wrong)("createEmulator refuses an option by its name: %s in %j", (path, options) => {
    const make = () => createEmulator(options as EmulatorOptions);
    expect(make).toThrow(EmulatorConfigurationError);
    expect(make).toThrow(path);
  });
});

test("undefined is the default", () => {
  const emulator = createEmulator({ seed: undefined, apps: undefined, rateLimit: undefined } as never);
  expect(emulator.limits.current().max).toBe(100);
});

test.each([Number.NaN, Infinity, "5", null])("a control refuses %j", async (value) => {
  const emulator = createEmulator({ fetch: async () => new Response(null, { status: 500 }) });
  const url = "https://app.example/hook";
  expect(() => emulator.clock.advance(value as never)).toThrow(EmulatorConfigurationError);
  expect(() => emulator.clock.setSkew(value as never)).toThrow(EmulatorConfigurationError);
  expect(() => emulator.limits.spend(resource as never, value as never)).toThrow(EmulatorConfigurationError);
  for (const how of [
    { speed: value },
    { retry: { after: "failure", retries: value, firstDelayMs: 1, factor: 1, maxDelayMs: 1, jitter: 0 } },
    { retry: { after: value } },
  ])
    await expect(emulator.webhooks.deliver("ContactCreate", url, how as never)).rejects.toThrow(
      EmulatorConfigurationError,
    );
  expect(emulator.clock.now()).not.toBeNaN();
});

test("a webhook does not follow a redirect: the event would arrive as a GET", async () => {
  const sent: Request[] = [];
  const emulator = createEmulator({
    fetch: async (request) => {
      sent.push(request);
      return new Response(null, { status: 302, headers: { location: "https://elsewhere.example/" } });
    },
  });
  const { attempts, delivered } = await emulator.webhooks.deliver("ContactCreate", "https://app.example/hook");
  expect([attempts[0]?.status, delivered, sent.length, sent[0]?.redirect]).toEqual([302, false, 1, "manual"]);
});

test("a misspelt option with an endless name is named within a line", () => {
  const make = () => createEmulator({ ["x".repeat(100_000)]: 1 } as never);
  expect(make).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/^unknown option "x{40}…"; .{1,300}$/) }),
  );
});
