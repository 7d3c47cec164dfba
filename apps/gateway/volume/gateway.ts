import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { DEFAULT_APP } from "@ghl-edge/emulator";
import { createTestHarness } from "wrangler";

export const APP = "volume";
/** The harness keeps what the gateway logs: two lines an event, thrown away this often. */
const FORGET_LOGS_MS = 1_000;

export interface Gateway {
  readonly url: string;
  /** @throws when it is not a 2xx */
  admin<Answer>(method: "GET" | "POST", path: string, body?: object): Promise<Answer>;
  /** Of workerd, in MB; undefined where it cannot be told. */
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

/** The gateway in workerd as it is deployed, storage of its own that is gone afterwards. Nothing of it reaches HighLevel. */
export async function startGateway(publicKey: string): Promise<Gateway> {
  const adminKey = randomBytes(32).toString("base64url");
  const sha256 = createHash("sha256").update(adminKey).digest("hex");
  const nowhere = "http://127.0.0.1:9";
  const harness = createTestHarness({
    root: dirname(import.meta.dirname),
    workers: [
      {
        configPath: "wrangler.jsonc",
        vars: {
          HIGHLEVEL_API_URL: nowhere,
          HIGHLEVEL_AUTHORIZE_URL: nowhere,
          WEBHOOK_PUBLIC_KEYS: JSON.stringify([publicKey]),
          ADMIN_KEYS: JSON.stringify([{ name: "volume", sha256 }]),
          LOOPBACK_RECEIVERS: "true",
        },
        secrets: {
          APPS: JSON.stringify({ [APP]: DEFAULT_APP }),
          API_KEYS: "[]",
          TOKEN_KEYS: JSON.stringify({ volume: randomBytes(32).toString("base64") }),
        },
      },
    ],
  });
  const { url } = await harness.listen();
  await harness.getWorker<Env>().applyD1Migrations("DIRECTORY");
  const forget = setInterval(() => harness.clearLogs(), FORGET_LOGS_MS);
  return {
    url: url.origin,
    memoryMb,
    async admin(method, path, body) {
      const headers = { authorization: `Bearer ${adminKey}`, "content-type": "application/json" };
      const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
      const response = await fetch(`${url.origin}/admin/${path}`, init);
      if (!response.ok) throw new Error(`${method} /admin/${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as never;
    },
    async close() {
      clearInterval(forget);
      await harness.close();
    },
  };
}
