import { createHash, randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { createEmulator, DEFAULT_APP, type Emulator } from "@ghl-edge/emulator";
import { type RunningServer, serve } from "@ghl-edge/emulator/node";
import { createTestHarness } from "wrangler";

export const APP = "demo";

export interface Demo {
  readonly emulator: Emulator;
  readonly emulatorUrl: string;
  readonly gatewayUrl: string;
  /** The port at which workerd itself listens: what is no HTTP to Node reaches it as it is. */
  readonly workerdUrl: string;
  /** Made for this run, known to this gateway alone. */
  readonly apiKey: string;
  readonly adminKey: string;
  close(): Promise<void>;
}

/** On the port where one would look for it, or on a free one if somebody else is there. */
async function serveNear(handler: Parameters<typeof serve>[0], port: number): Promise<RunningServer> {
  try {
    return await serve(handler, { port });
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EADDRINUSE") throw error;
    return serve(handler, { port: 0 });
  }
}

/** The gateway's configuration for one run: the emulator for HighLevel, and keys nobody else has. */
async function configuration(
  emulator: Emulator,
  emulatorUrl: string,
  { apiKey, adminKey }: Pick<Demo, "apiKey" | "adminKey">,
) {
  const hash = (key: string): string => createHash("sha256").update(key).digest("hex");
  const scopes = ["contacts.readonly", "contacts.write"];
  return {
    vars: {
      HIGHLEVEL_API_URL: emulatorUrl,
      HIGHLEVEL_AUTHORIZE_URL: `${emulatorUrl}/oauth/chooselocation`,
      WEBHOOK_PUBLIC_KEYS: JSON.stringify([await emulator.publicKey()]),
      ADMIN_KEYS: JSON.stringify([{ name: "demo", sha256: hash(adminKey) }]),
      LOOPBACK_DESTINATIONS: "true",
    },
    secrets: {
      APPS: JSON.stringify({ [APP]: { ...DEFAULT_APP, scopes } }),
      API_KEYS: JSON.stringify([{ name: "demo", app: APP, sha256: hash(apiKey) }]),
      TOKEN_KEYS: JSON.stringify({ active: "demo", keys: { demo: randomBytes(32).toString("base64") } }),
    },
  };
}

/** Starts the emulator in this process and the gateway in workerd beside it. */
export async function startServers(): Promise<Demo> {
  const emulator = createEmulator();
  const highLevel = await serveNear(emulator, 4010);
  const newKey = (): string => randomBytes(32).toString("base64url");
  const keys = { apiKey: newKey(), adminKey: newKey() };
  const worker = createTestHarness({
    root: dirname(dirname(import.meta.dirname)),
    workers: [{ configPath: "wrangler.jsonc", ...(await configuration(emulator, highLevel.url, keys)) }],
  });
  const { url: workerdUrl } = await worker.listen();
  await worker.getWorker<Env>().applyD1Migrations("DIRECTORY");
  // workerd listens on a port of its own choosing; this one is known beforehand.
  const forward = async ({ url, method, headers, body }: Request): Promise<Response> => {
    const init = { method, headers: [...headers], body, duplex: "half" as const, redirect: "manual" as const };
    return (await worker.fetch(url, init as Parameters<typeof worker.fetch>[1])) as unknown as Response;
  };
  const gateway = await serveNear({ fetch: forward }, 8787);
  return {
    emulator,
    emulatorUrl: highLevel.url,
    gatewayUrl: gateway.url,
    workerdUrl: workerdUrl.origin,
    ...keys,
    close: async () => {
      await gateway.close();
      await worker.close();
      await highLevel.close();
    },
  };
}
