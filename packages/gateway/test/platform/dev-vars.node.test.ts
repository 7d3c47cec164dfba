import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { sha256 } from "@ghl-edge/core";
import { createEmulator, DEFAULT_APP } from "@ghl-edge/emulator";
import { expect, test } from "vitest";
import { findByHash } from "../../src/domain/access/api-key.ts";
import { parseConfig, type RawConfig } from "../../src/platform/config.ts";

test(".dev.vars.example is a configuration that fits the emulator as it starts", async () => {
  const raw = parseEnv(readFileSync(join(import.meta.dirname, "../../../../apps/gateway/.dev.vars.example"), "utf8"));
  const config = parseConfig(raw as unknown as RawConfig);
  expect(config.apps.get("main")).toMatchObject(DEFAULT_APP);
  expect(config.webhookKeys).toEqual([await createEmulator().publicKey()]);
  const find = async (key: string) => findByHash(config.apiKeys, await sha256(key));
  expect(await find("dev-gateway-key")).toMatchObject({ name: "dev", app: "main" });
  expect(await find("dev-gateway-kez")).toBeUndefined();
});
