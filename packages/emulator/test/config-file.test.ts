import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEmulator, DEFAULT_APP, EmulatorConfigurationError, readConfig } from "../src/index.ts";
import { loadConfig } from "../src/node/config-file.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ghl-emulator-"));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);

const CONFIG = {
  $schema: "https://example.com/schema.json",
  seed: "demo",
  seedRecords: 3,
  port: 4020,
  company: { id: "c1", name: "Agency", locations: [{ id: "l1", name: "One" }] },
  apps: [
    {
      clientId: "one-1",
      clientSecret: "s",
      webhookUrl: "http://127.0.0.1:8787/hooks",
      events: ["ContactCreate"],
      installedIn: ["l1"],
    },
    { clientId: "two-2", clientSecret: "s", target: "agency" },
  ],
  privateTokens: [{ token: "pit-1", resource: { kind: "location", id: "l1" }, scopes: ["contacts.readonly"] }],
  rateLimit: "sandbox",
  faults: [{ fault: { kind: "latency", ms: 5 } }],
  webhooks: { retry: "429-only" },
};

describe("a config file", () => {
  test("a config file in JSON may have several apps, tokens, locations, webhook URLs, events and records", async () => {
    await write("ghl-emulator.config.json", JSON.stringify(CONFIG));
    const { file, options, listen } = await loadConfig({ folder });
    expect(file).toBe(join(folder, "ghl-emulator.config.json"));
    expect(listen).toEqual({ port: 4020 });
    const emulator = createEmulator(options);
    expect(emulator.records()).toMatchObject({ locations: 1, contacts: 3 });
    expect(emulator.installations()).toMatchObject([{ clientId: "one-1", resource: { kind: "location", id: "l1" } }]);
    expect(emulator.limits.current().max).toBe(25);
  });

  test("a config file may be a module: its default export is read, and a clock may be in it", async () => {
    await write("ghl-emulator.config.mjs", "export default { checks: 'strict', now: () => 5 };");
    const { options } = await loadConfig({ folder });
    expect(options.checks).toBe("strict");
    expect(createEmulator(options).clock.now()).toBe(5);
  });

  test("a config file is not needed, and can be named", async () => {
    expect(await loadConfig({ folder })).toEqual({ options: {}, listen: {} });
    await write("other.json", JSON.stringify({ seed: "x" }));
    expect((await loadConfig({ folder, file: "other.json" })).options.seed).toBe("x");
  });

  test.each<[what: string, files: Record<string, string>, message: string]>([
    [
      "a mistake in JSON",
      { json: '{ "apps": [{ "clientSecret": "hush" ]' },
      "must be valid JSON, got a mistake in it at line 1, column 37",
    ],
    ["two files", { json: "{}", mjs: "export default {}" }, "there must be one config file"],
    ["a module without default", { mjs: "export const config = {};" }, "must export its config as default"],
  ])("%s is refused", async (_what, files, message) => {
    for (const [end, text] of Object.entries(files)) await write(`ghl-emulator.config.${end}`, text);
    const refused = await loadConfig({ folder }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(EmulatorConfigurationError);
    expect(String(refused)).toContain(message);
    expect(String(refused)).not.toContain("hush");
  });

  test("a config file that is missing is refused by its name", async () => {
    await expect(loadConfig({ folder, file: "none.json" })).rejects.toThrow("config file not found");
  });
});

describe("a value of a config file", () => {
  test.each<[config: unknown, message: string]>([
    [[], "c.json: the file must be an object, got an empty array"],
    [{ app: [] }, 'c.json: unknown option "app" in the file; did you mean "apps"?'],
    [{ port: 70_000 }, "c.json: port must be"],
    [{ hostname: "" }, "c.json: hostname must be a text that is not empty"],
    [
      { apps: [DEFAULT_APP, { clientId: "a", clientSecret: "b", webhookURL: "x" }] },
      'unknown option "webhookURL" in apps[1]; did you mean "webhookUrl"?',
    ],
    [
      { apps: [{ ...DEFAULT_APP, events: ["ContactCreated"] }] },
      'apps[0].events[0] must be the name of an event, got "ContactCreated"; did you mean "ContactCreate"?',
    ],
    [{ apps: [{ ...DEFAULT_APP, installedIn: ["nowhere"] }] }, "apps[0].installedIn[0] must be one of"],
    [
      { privateTokens: [{ token: "hush", scope: [] }] },
      'unknown option "scope" in privateTokens[0]; did you mean "scopes"?',
    ],
    [
      { company: { id: "c", name: "C", locations: [{ id: "l", title: "L" }] } },
      'unknown option "title" in company.locations[0]',
    ],
    [{ seedRecords: "large" }, 'seedRecords must be off, small or a number of contacts, got "large"'],
    [{ rateLimit: "gold" }, "rateLimit must be one of standard, sandbox"],
    [{ faults: [{ fault: { kind: "earthquake" } }] }, "c.json: "],
    [{ now: "noon" }, 'now must be function, got "noon"'],
  ])("a mistake in a config file is named by path, with the expected and the actual value: %j", (config, message) => {
    expect(() => readConfig(config, "c.json")).toThrow(EmulatorConfigurationError);
    expect(() => readConfig(config, "c.json")).toThrow(message);
  });

  test("a secret is in no message", () => {
    expect(() => readConfig({ apps: [{ clientId: "a", clientSecret: 12_345 }] }, "c.json")).toThrow(
      "apps[0].clientSecret must be a text that is not empty, got number",
    );
  });
});
