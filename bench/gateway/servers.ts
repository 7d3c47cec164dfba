import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createEmulator, DEFAULT_APP, DEFAULT_COMPANY, type Emulator, type EmulatorOptions } from "@ghl-edge/emulator";
import { serve } from "@ghl-edge/emulator/node";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { ROOT } from "../lib/context.ts";

const GATEWAY = join(ROOT, "packages/gateway");
export const APP = "bench";
const SCOPES = ["contacts.readonly", "contacts.write"];
/** Classes of the objects by binding, the same as in packages/gateway/wrangler.jsonc. */
const OBJECTS = {
  TOKEN_GRANT: "TokenGrant",
  RESOURCE_COORDINATOR: "ResourceCoordinator",
  WEBHOOK_INBOX: "WebhookInbox",
  EVENT_BUFFER: "EventBuffer",
  ENDPOINT_DISPATCHER: "EndpointDispatcher",
};

/** HighLevel's limits as the gateway's configuration has them. */
export type Limits = "standard" | { readonly burst: number; readonly intervalMs: number; readonly daily?: number };

/** An emulated HighLevel on loopback. */
export interface HighLevel {
  readonly emulator: Emulator;
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function startHighLevel(locations: readonly string[], options: EmulatorOptions = {}): Promise<HighLevel> {
  const company = { ...DEFAULT_COMPANY, locations: locations.map((id) => ({ id, name: id })) };
  const emulator = createEmulator({ company, ...options });
  const server = await serve(emulator, { port: 0 });
  return { emulator, url: server.url, close: () => server.close() };
}

/** The gateway in workerd, and what it is compared with beside it in the same process. */
export interface Workers {
  readonly gatewayUrl: string;
  readonly bareUrl: string;
  readonly apiKey: string;
  readonly adminKey: string;
  readonly close: () => Promise<void>;
}

export interface WorkersOptions {
  /** Has the page where a user chooses a location. */
  readonly highLevelUrl: string;
  /** Upstream of both; default: `highLevelUrl`. */
  readonly apiUrl?: string;
  readonly limits: Limits;
  /** Puts the meters of workers/counted-gateway.ts around the gateway's objects. */
  readonly counted?: boolean;
  /** File of workers/ that runs beside the gateway. Default: bare-proxy.ts. */
  readonly beside?: string;
  /** Classes of its objects, by their binding. */
  readonly besideObjects?: Readonly<Record<string, string>>;
  /** That sign webhooks; default: HighLevel's own. */
  readonly webhookKeys?: readonly string[];
}

const durableObjects = (classes: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(classes).map(([binding, className]) => [binding, { className, useSQLite: true }]));

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    alias: { "gateway-under-test": join(GATEWAY, "src/index.ts") },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:workers", "node:async_hooks"],
  });
  return outputFiles[0]!.text;
}

async function migrate(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database("DIRECTORY", "gateway");
  for (const name of readdirSync(join(GATEWAY, "migrations")).sort()) {
    const text = readFileSync(join(GATEWAY, "migrations", name), "utf8").replaceAll(/^\s*--.*$/gm, "");
    // The statements within a trigger are indented, and a statement of its own begins at the start of a line.
    const statements = text.split(/;\s*(?=^(?:CREATE|INSERT|ALTER|DROP)\b)/m);
    for (const statement of statements) await database.prepare(statement).run();
  }
}

export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { highLevelUrl, apiUrl = highLevelUrl, limits, counted = false } = options;
  const { beside = "bare-proxy.ts", besideObjects = {}, webhookKeys = [] } = options;
  const apiKey = randomBytes(32).toString("base64url");
  const adminKey = randomBytes(32).toString("base64url");
  const sha256 = (key: string): string => createHash("sha256").update(key).digest("hex");
  const common = { modules: true, compatibilityDate: "2026-10-01" } as const;
  const direct = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };
  const entry = counted ? join(ROOT, "bench/gateway/workers/counted-gateway.ts") : join(GATEWAY, "src/index.ts");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      // the gateway logs each request: written and read, not printed
      handleStructuredLogs: ({ level, message }) => {
        if (level === "error") console.error(message);
      },
      workers: [
        {
          ...common,
          ...direct,
          name: "gateway",
          script: await bundle(entry),
          ...(counted && { compatibilityFlags: ["nodejs_als"] }),
          durableObjects: durableObjects(OBJECTS),
          d1Databases: ["DIRECTORY"],
          queueProducers: { OVERFLOW: "overflow" },
          queueConsumers: ["overflow"],
          bindings: {
            HIGHLEVEL_API_URL: apiUrl,
            HIGHLEVEL_AUTHORIZE_URL: `${highLevelUrl}/oauth/chooselocation`,
            WEBHOOK_PUBLIC_KEYS: JSON.stringify(webhookKeys),
            ADMIN_KEYS: JSON.stringify([{ name: "bench", sha256: sha256(adminKey) }]),
            ADMIN_ACCESS: "{}",
            LOOPBACK_DESTINATIONS: "true",
            // most locations of a measurement have nothing installed
            APPS: JSON.stringify({
              [APP]: { ...DEFAULT_APP, scopes: SCOPES, limits, webhooks: { unknownTenants: "store" } },
            }),
            API_KEYS: JSON.stringify([{ name: "bench", app: APP, sha256: sha256(apiKey) }]),
            TOKEN_KEYS: JSON.stringify({ active: "bench", keys: { bench: randomBytes(32).toString("base64") } }),
          },
        },
        {
          ...common,
          ...direct,
          name: "bare",
          script: await bundle(join(ROOT, "bench/gateway/workers", beside)),
          durableObjects: durableObjects(besideObjects),
          bindings: { UPSTREAM: apiUrl, TOKEN: "a-token-of-nobody" },
        },
      ],
    }),
  );
  await miniflare.ready;
  await migrate(miniflare);
  // straight to each worker: miniflare's own routing would be a third hop, the same for both, and hide what is compared
  const urlOf = async (name: string): Promise<string> => (await miniflare.unsafeGetDirectURL(name)).origin;
  return {
    gatewayUrl: await urlOf("gateway"),
    bareUrl: await urlOf("bare"),
    apiKey,
    adminKey,
    close: () => miniflare.dispose(),
  };
}

/** From the gateway's install link through the authorize page and back, as a browser would go. */
export async function install({ gatewayUrl }: Workers, location: string): Promise<void> {
  const begun = await fetch(`${gatewayUrl}/oauth/install`, { redirect: "manual" });
  const page = new URL(begun.headers.get("location") ?? "");
  const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
  page.searchParams.set("locationId", location);
  const chosen = await fetch(page, { redirect: "manual" });
  const done = await fetch(chosen.headers.get("location") ?? "", { headers: { cookie } });
  if (!done.ok) throw new Error(`the gateway did not install: ${done.status} ${await done.text()}`);
}
