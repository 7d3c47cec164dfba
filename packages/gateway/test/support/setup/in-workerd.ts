import { createHash } from "node:crypto";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { createEmulator } from "@ghl-edge/emulator";
import { createDestination } from "../endpoints/destination.ts";
import { createUpstream } from "../highlevel/upstream.ts";
import { createAccessTeam } from "./access-team.ts";
import {
  ACCESS_AUDIENCE,
  ACCESS_TEAM,
  ADMIN_KEY,
  API_KEY,
  APP,
  CLIENT_ID,
  CLIENT_SECRET,
  CONTROL,
  DESTINATION,
  HMAC_SECRET,
  LOCATIONS,
  MARKETPLACE,
  SCOPES,
  SMALL_API_KEY,
  SMALL_APP,
  SMALL_CLIENT_ID,
  SMALL_LIMITS,
  TOKEN_KEY,
  TOKEN_KEY_ID,
  UPSTREAM,
  WIDE_API_KEY,
  WIDE_APP,
  WIDE_CLIENT_ID,
  WIDE_LIMITS,
  WIDE_MARKETPLACE,
} from "./settings.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The secrets of a deployment. Bindings win over a developer's .dev.vars. */
function secretsOf(legacyRsa: readonly unknown[]) {
  return {
    APPS: JSON.stringify({
      [APP]: {
        clientId: CLIENT_ID,
        clientSecret: CLIENT_SECRET,
        scopes: SCOPES,
        // Most tests send events of locations at which nothing is installed.
        webhooks: { unknownTenants: "store" },
        marketplace: MARKETPLACE,
      },
      [WIDE_APP]: {
        clientId: WIDE_CLIENT_ID,
        clientSecret: CLIENT_SECRET,
        scopes: SCOPES,
        limits: WIDE_LIMITS,
        requestHeaders: ["X-Trace"],
        webhooks: { legacyRsa, hmacSecrets: [HMAC_SECRET], unknownTenants: "store" },
        marketplace: WIDE_MARKETPLACE,
      },
      [SMALL_APP]: { clientId: SMALL_CLIENT_ID, clientSecret: CLIENT_SECRET, scopes: SCOPES, limits: SMALL_LIMITS },
    }),
    API_KEYS: JSON.stringify([
      { name: "tests", app: APP, sha256: sha256(API_KEY) },
      { name: "wide", app: WIDE_APP, sha256: sha256(WIDE_API_KEY) },
      { name: "small", app: SMALL_APP, sha256: sha256(SMALL_API_KEY) },
    ]),
    TOKEN_KEYS: JSON.stringify({ active: TOKEN_KEY_ID, keys: { [TOKEN_KEY_ID]: TOKEN_KEY } }),
  };
}

export interface InWorkerdOptions {
  /** Locations of the company in the emulator. Default: `LOCATIONS`. */
  readonly locations?: readonly string[];
  /** Bindings for tests alone, which a deployment does not have. */
  readonly bindings?: Readonly<Record<string, string>>;
}

/** The gateway in workerd, with the emulator as everything outside the Worker. */
export async function inWorkerd({ locations = LOCATIONS, bindings = {} }: InWorkerdOptions = {}) {
  const upstream = createUpstream(locations);
  const secrets = secretsOf([await (await upstream(new Request(`${CONTROL}/rsa-public-key`))).json()]);
  // Without the environment, wrangler would warn of missing secrets.
  Object.assign(process.env, secrets);
  const accessTeam = createAccessTeam();
  const destination = createDestination();

  /** Everything outside the Worker. */
  function outside(request: Request): Promise<Response> {
    switch (new URL(request.url).origin) {
      case ACCESS_TEAM:
        return accessTeam(request);
      case DESTINATION:
        return destination(request);
      default:
        return upstream(request);
    }
  }

  return cloudflareTest(async () => ({
    wrangler: { configPath: "./wrangler.jsonc" },
    miniflare: {
      bindings: {
        ...secrets,
        ...bindings,
        ADMIN_KEYS: JSON.stringify([{ name: "tests", sha256: sha256(ADMIN_KEY) }]),
        ADMIN_ACCESS: JSON.stringify({ issuer: ACCESS_TEAM, audience: ACCESS_AUDIENCE }),
        MIGRATIONS: await readD1Migrations("./migrations"),
        HIGHLEVEL_API_URL: UPSTREAM,
        HIGHLEVEL_AUTHORIZE_URL: `${UPSTREAM}/oauth/chooselocation`,
        WEBHOOK_PUBLIC_KEYS: JSON.stringify([await createEmulator({ seed: "gateway tests" }).publicKey()]),
      },
      outboundService: outside,
      // Destinations inside the account.
      serviceBindings: { DESTINATION_SERVICE_TESTS: destination },
      queueProducers: { DESTINATION_QUEUE_TESTS: { queueName: "destination-of-tests" } },
    },
  }));
}
