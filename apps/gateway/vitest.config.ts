import { createHash } from "node:crypto";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { createEmulator } from "@ghl-edge/emulator";
import { defineConfig } from "vitest/config";
import { createAccessTeam } from "./test/support/access-team.ts";
import { createReceiver } from "./test/support/receiver.ts";
import {
  ACCESS_AUDIENCE,
  ACCESS_TEAM,
  ADMIN_KEY,
  API_KEY,
  APP,
  CLIENT_ID,
  CLIENT_SECRET,
  CONTROL,
  HMAC_SECRET,
  MARKETPLACE,
  RECEIVER,
  SCOPES,
  UPSTREAM,
  WIDE_API_KEY,
  WIDE_APP,
  WIDE_CLIENT_ID,
  WIDE_LIMITS,
  WIDE_MARKETPLACE,
} from "./test/support/settings.ts";
import { createUpstream } from "./test/support/upstream.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const upstream = createUpstream();
const legacyRsa = [await (await upstream(new Request(`${CONTROL}/rsa-public-key`))).json()];
const secrets = {
  APPS: JSON.stringify({
    [APP]: { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, scopes: SCOPES, marketplace: MARKETPLACE },
    [WIDE_APP]: {
      clientId: WIDE_CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      scopes: SCOPES,
      limits: WIDE_LIMITS,
      webhooks: { legacyRsa, hmacSecrets: [HMAC_SECRET] },
      marketplace: WIDE_MARKETPLACE,
    },
  }),
  API_KEYS: JSON.stringify([
    { name: "tests", app: APP, sha256: sha256(API_KEY) },
    { name: "wide", app: WIDE_APP, sha256: sha256(WIDE_API_KEY) },
  ]),
  TOKEN_KEYS: JSON.stringify({ k1: Buffer.alloc(32, 7).toString("base64") }),
};
// Bindings win over a developer's .dev.vars; without the environment, wrangler would warn of missing secrets.
Object.assign(process.env, secrets);

const accessTeam = createAccessTeam();
const receiver = createReceiver();

/** Everything outside the Worker. */
function outside(request: Request): Promise<Response> {
  switch (new URL(request.url).origin) {
    case ACCESS_TEAM:
      return accessTeam(request);
    case RECEIVER:
      return receiver(request);
    default:
      return upstream(request);
  }
}

/** In workerd, with the emulator as everything outside the Worker. */
const workerd = cloudflareTest(async () => ({
  wrangler: { configPath: "./wrangler.jsonc" },
  miniflare: {
    bindings: {
      ...secrets,
      ADMIN_KEYS: JSON.stringify([{ name: "tests", sha256: sha256(ADMIN_KEY) }]),
      ADMIN_ACCESS: JSON.stringify({ issuer: ACCESS_TEAM, audience: ACCESS_AUDIENCE }),
      MIGRATIONS: await readD1Migrations("./migrations"),
      HIGHLEVEL_API_URL: UPSTREAM,
      HIGHLEVEL_AUTHORIZE_URL: `${UPSTREAM}/oauth/chooselocation`,
      WEBHOOK_PUBLIC_KEYS: JSON.stringify([await createEmulator({ seed: "gateway tests" }).publicKey()]),
    },
    outboundService: outside,
    // Receivers inside the account.
    serviceBindings: { RECEIVER_SERVICE_TESTS: receiver },
    queueProducers: { RECEIVER_QUEUE_TESTS: { queueName: "receiver-of-tests" } },
  },
}));

export default defineConfig({
  test: {
    silent: "passed-only",
    projects: [
      {
        plugins: [workerd],
        // One after the other: all count what the one emulator was asked.
        test: {
          name: "workerd",
          include: ["test/*.test.ts"],
          setupFiles: ["test/support/migrate.ts"],
          maxWorkers: 1,
          testTimeout: 30_000,
        },
      },
      { test: { name: "node", include: ["test/domain/*.test.ts", "test/{demo,dev,volume}/*.test.ts"] } },
    ],
  },
});
