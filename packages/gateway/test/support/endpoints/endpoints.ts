import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createDeliverySecret, type GatewayDelivery, verifyGatewayDelivery } from "@ghl-edge/webhooks/gateway";
import { afterEach, expect, vi } from "vitest";
import type { EndpointSettings } from "../../../src/directory/tables/endpoints.ts";
import type { Endpoint, EndpointSecrets } from "../../../src/domain/delivery/endpoint.ts";
import { isolate } from "../../../src/worker.ts";
import { APP, DESTINATION } from "../setup/settings.ts";
import type { Behaviour, Received } from "./destination.ts";

const change = () => ({ actor: "test", requestId: "test", nowMs: Date.now() });
let made = 0;

export interface TestEndpoint {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly secret: string;
}

/** Adds the row of an endpoint whose destination is the server of the tests. It gets what `settings` name. */
export async function addEndpoint(settings: Partial<EndpointSettings> = {}): Promise<TestEndpoint> {
  const path = `/${++made}-${crypto.randomUUID().slice(0, 8)}`;
  const secret = createDeliverySecret();
  const defaults: EndpointSettings = {
    name: `test ${made}`,
    kind: "https",
    target: DESTINATION + path,
    format: "envelope",
    ordered: false,
    batchSize: 1,
    shards: 1,
    types: null,
    resources: null,
    filter: null,
    state: "active",
  };
  const id = `ep_${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const secrets = { signing: [{ secret, untilMs: null }] };
  const { endpoints } = isolate.readDirectory(env);
  const created = { id, app: APP, settings: { ...defaults, ...settings }, secrets };
  return { endpoint: await endpoints.create(created, change()), path, secret };
}

/** Its secrets become these, whatever they were, but for an address. */
export async function setSecrets(
  { endpoint }: Pick<TestEndpoint, "endpoint">,
  secrets: EndpointSecrets,
): Promise<void> {
  await isolate
    .readDirectory(env)
    .endpoints.changeSecrets(
      endpoint.id,
      ({ secrets: { url } }) => ({ ...(url === undefined ? {} : { url }), ...secrets }),
      change(),
    );
}

export async function removeEndpoint({ endpoint }: TestEndpoint): Promise<void> {
  await isolate.readDirectory(env).endpoints.remove(endpoint.id, change());
}

export const dispatcher = ({ endpoint }: TestEndpoint, shard = 0) =>
  env.ENDPOINT_DISPATCHER.getByName(`${endpoint.id}:${shard}`);

async function control<Answer>(name: string, body: object): Promise<Answer> {
  const response = await fetch(`${DESTINATION}/__destination/${name}`, { method: "POST", body: JSON.stringify(body) });
  return (await response.json()) as Answer;
}

/** A path of the destination behind the tests. */
type DestinationPath = Pick<TestEndpoint, "path">;

export const destination = {
  behave: ({ path }: DestinationPath, behaviour: Behaviour) => control("behave", { path, behaviour }),
  release: ({ path }: DestinationPath) => control("release", { path }),
  count: ({ path }: DestinationPath) => control<{ count: number; distinct: number }>("count", { path }),
  received: ({ path }: DestinationPath) => control<Received[]>("received", { path }),
};

/** Resolves with the deliveries that have arrived, as soon as there are `count` of them. */
export async function arrived(endpoint: DestinationPath, count: number, timeoutMs = 60_000): Promise<Received[]> {
  return vi.waitFor(
    async () => {
      if ("endpoint" in endpoint) await ringDue(endpoint as TestEndpoint);
      const received = await destination.received(endpoint);
      expect(received.length).toBeGreaterThanOrEqual(count);
      return received;
    },
    { timeout: timeoutMs, interval: 20 },
  );
}

/**
 * Lets the alarms ring whose time has come by a clock that a test has moved. The platform's own clock reaches it much later, and a slow
 * machine stores what a fast one sends from memory.
 */
async function ringDue(endpoint: TestEndpoint): Promise<void> {
  if (!vi.isFakeTimers()) return;
  for (let shard = 0; shard < endpoint.endpoint.shards; shard++) {
    const stub = dispatcher(endpoint, shard);
    const alarmAtMs = await runInDurableObject(stub, (_object, { storage }) => storage.getAlarm());
    if (alarmAtMs !== null && alarmAtMs <= Date.now()) void runDurableObjectAlarm(stub).catch(() => {});
  }
}

/** Jumps to `ms` from now and lets the endpoint's alarm ring, whose own clock cannot be moved. */
export async function ringLater(endpoint: TestEndpoint, ms: number, shard = 0): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms, shouldAdvanceTime: true });
  await runDurableObjectAlarm(dispatcher(endpoint, shard));
}

/** Returns the states of an endpoint's deliveries, newest first. */
export async function statesOf(endpoint: TestEndpoint): Promise<readonly string[]> {
  return (await dispatcher(endpoint).deliveries({}, 100)).items.map(({ state }) => state);
}

/** Verifies a delivery with the secret of its endpoint, at `atMs` or now. */
export function openDelivery(
  { secret }: TestEndpoint,
  { body, headers }: Received,
  atMs?: number,
): Promise<GatewayDelivery> {
  return verifyGatewayDelivery({
    body,
    headers,
    secrets: [secret],
    ...(atMs === undefined ? {} : { now: () => atMs }),
  });
}

/** Adds endpoints that are removed after each test, when mocks and timers are restored as well. */
export function useEndpoints(): { readonly add: typeof addEndpoint } {
  let endpoints: TestEndpoint[] = [];
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.useRealTimers();
    for (const endpoint of endpoints) {
      await destination.release(endpoint);
      await removeEndpoint(endpoint);
    }
    endpoints = [];
  });
  return {
    async add(settings) {
      const added = await addEndpoint(settings);
      endpoints.push(added);
      return added;
    },
  };
}
