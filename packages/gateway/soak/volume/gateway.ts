import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DEFAULT_APP } from "@ghl-edge/emulator";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { type Unstable_Config, unstable_readConfig, unstable_splitSqlQuery } from "wrangler";

export const APP = "volume";
const ROOT = dirname(dirname(import.meta.dirname));

export interface Gateway {
  readonly url: string;
  /** @throws when it is not a 2xx */
  admin<Answer>(method: "GET" | "POST", path: string, body?: object): Promise<Answer>;
  /** Memory of workerd in MB; undefined when it cannot be read. */
  memoryMb(): number | undefined;
  close(): Promise<void>;
}

/** Resident memory of all workerd below this process. */
function memoryMb(): number | undefined {
  try {
    const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss=,comm="], { encoding: "utf8" }).trim().split("\n");
    const processes = lines.map((line) => line.trim().split(/\s+/));
    const ours = processes.filter(([, parent, , name]) => Number(parent) === process.pid && name?.includes("workerd"));
    return ours.length === 0 ? undefined : ours.reduce((sum, [, , rss]) => sum + Number(rss), 0) / 1024;
  } catch {
    return undefined;
  }
}

/** Bundled as wrangler does it. */
async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:workers"],
  });
  return outputFiles[0]!.text;
}

async function migrate(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database("DIRECTORY");
  for (const name of readdirSync(join(ROOT, "migrations")).sort())
    for (const statement of unstable_splitSqlQuery(readFileSync(join(ROOT, "migrations", name), "utf8")))
      await database.prepare(statement).run();
}

/** Converts the configuration to options of miniflare. */
function bound(config: Unstable_Config) {
  const objects = config.durable_objects.bindings.map(
    ({ name, class_name: className }) => [name, { className, useSQLite: true }] as const,
  );
  const consumers = (config.queues.consumers ?? []).map((consumer) => {
    const {
      max_batch_size: size,
      max_batch_timeout: seconds,
      max_retries: retries,
      dead_letter_queue: dead,
    } = consumer;
    return [
      consumer.queue,
      {
        ...(size !== undefined && { maxBatchSize: size }),
        ...(seconds !== undefined && { maxBatchTimeout: seconds }),
        ...(retries !== undefined && { maxRetries: retries }),
        ...(dead !== undefined && { deadLetterQueue: dead }),
      },
    ] as const;
  });
  return {
    compatibilityDate: config.compatibility_date!,
    durableObjects: Object.fromEntries(objects),
    d1Databases: config.d1_databases.map(({ binding }) => binding),
    queueProducers: Object.fromEntries((config.queues.producers ?? []).map(({ binding, queue }) => [binding, queue!])),
    queueConsumers: Object.fromEntries(consumers),
  };
}

/**
 * The gateway in workerd as its configuration says, storage of its own that is gone afterwards. Nothing of it reaches HighLevel. Not by
 * wrangler's own harness: that puts a proxy in front and keeps each line of the log, and takes more time than the gateway.
 */
export async function startGateway(publicKey: string): Promise<Gateway> {
  const adminKey = randomBytes(32).toString("base64url");
  const sha256 = createHash("sha256").update(adminKey).digest("hex");
  const nowhere = "http://127.0.0.1:9";
  const config = unstable_readConfig({ config: join(ROOT, "wrangler.jsonc") }, { hideWarnings: true });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      modules: true,
      script: await bundle(config.main!),
      ...bound(config),
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      // two lines an event
      handleStructuredLogs: ({ level, message }) => {
        if (level === "error") console.error(message);
      },
      bindings: {
        ...(config.vars as Record<string, string>),
        HIGHLEVEL_API_URL: nowhere,
        HIGHLEVEL_AUTHORIZE_URL: nowhere,
        WEBHOOK_PUBLIC_KEYS: JSON.stringify([publicKey]),
        ADMIN_KEYS: JSON.stringify([{ name: "volume", sha256 }]),
        LOOPBACK_DESTINATIONS: "true",
        // nothing is installed anywhere
        APPS: JSON.stringify({ [APP]: { ...DEFAULT_APP, webhooks: { unknownTenants: "store" } } }),
        API_KEYS: "[]",
        TOKEN_KEYS: JSON.stringify({ active: "volume", keys: { volume: randomBytes(32).toString("base64") } }),
      },
    }),
  );
  await miniflare.ready;
  await migrate(miniflare);
  const { origin } = await miniflare.unsafeGetDirectURL();
  return {
    url: origin,
    memoryMb,
    async admin(method, path, body) {
      const headers = { authorization: `Bearer ${adminKey}`, "content-type": "application/json" };
      const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
      const response = await fetch(`${origin}/admin/${path}`, init);
      if (!response.ok) throw new Error(`${method} /admin/${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as never;
    },
    close: () => miniflare.dispose(),
  };
}
