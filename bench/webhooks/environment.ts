import { type Call, type Caller, createCaller } from "../gateway/load.ts";
import { locationIds } from "../gateway/location.ts";
import { APP, startWorkers, type Workers } from "../gateway/servers.ts";
import { createEventKey, signedEvent } from "./signed-events.ts";

/** Nothing is asked of HighLevel. */
const NOWHERE = "http://127.0.0.1:9";

export interface PostOptions {
  /** Default: the gateway. `row`: stored by the Worker beside it, in an object of the location. */
  readonly to?: "gateway" | "plain" | "row";
  readonly locationId: string;
  readonly type?: string;
  /** The same number is the same event. Default: one that was not used yet. */
  readonly number?: number;
}

/** A gateway with nothing in it, and a Worker that only answers beside it. */
export interface Environment {
  readonly workers: Workers;
  readonly caller: Caller;
  readonly locations: readonly string[];
  nextNumber(): number;
  /** A signed event of now. */
  post(options: PostOptions): Call;
  /** As a user would, by the admin API; returns its id. */
  addEndpoint(target: string, settings?: { readonly batchSize?: number; readonly state?: "paused" }): Promise<string>;
  /** Activates a paused endpoint. */
  enableEndpoint(id: string): Promise<void>;
}

export async function withEnvironment<Result>(
  options: { readonly locations: number; readonly counted?: boolean },
  work: (environment: Environment) => Promise<Result>,
): Promise<Result> {
  const key = createEventKey();
  const workers = await startWorkers({
    highLevelUrl: NOWHERE,
    limits: "standard",
    counted: options.counted ?? false,
    beside: "plain-destination.ts",
    besideObjects: { ROWS: "Rows" },
    webhookKeys: [key.publicKey],
  });
  const caller = createCaller();
  const adminHeaders = { authorization: `Bearer ${workers.adminKey}` };
  let numbers = 0;
  const startMs = Date.now();
  const nextNumber = (): number => numbers++;
  try {
    return await work({
      workers,
      caller,
      locations: locationIds(options.locations),
      nextNumber,
      post({ to = "gateway", number = nextNumber(), locationId, type = "ContactCreate" }) {
        const { body, headers } = signedEvent(key, { number, locationId, type, atMs: startMs });
        const url = {
          gateway: `${workers.gatewayUrl}/webhooks/${APP}`,
          plain: `${workers.bareUrl}/`,
          row: `${workers.bareUrl}/row/${locationId}`,
        }[to];
        const length = String(Buffer.byteLength(body));
        return { url, method: "POST", headers: { ...headers, "content-length": length }, body };
      },
      async enableEndpoint(id) {
        const url = `${workers.gatewayUrl}/admin/endpoints/${id}/enable`;
        const enabled = await fetch(url, { method: "POST", headers: adminHeaders });
        if (!enabled.ok) throw new Error(`not enabled: ${enabled.status} ${await enabled.text()}`);
      },
      async addEndpoint(target, settings = {}) {
        const headers = { ...adminHeaders, "content-type": "application/json" };
        const body = JSON.stringify({ name: target, app: APP, kind: "https", target, ...settings });
        const made = await fetch(`${workers.gatewayUrl}/admin/endpoints`, { method: "POST", headers, body });
        if (!made.ok) throw new Error(`no endpoint: ${made.status} ${await made.text()}`);
        return ((await made.json()) as { endpoint: { id: string } }).endpoint.id;
      },
    });
  } finally {
    caller.close();
    await workers.close();
  }
}
