import { createDeliverySecret } from "@ghl-edge/webhooks/gateway";
import type { NextSecrets } from "../../directory/sealed-table.ts";
import type { Page, PageRequest } from "../../domain/administration-model.ts";
import type { Breaker } from "../../domain/breaker.ts";
import { toHex } from "../../domain/encoding.ts";
import type { Endpoint, EndpointKind, EndpointSecrets, EndpointState } from "../../domain/endpoint.ts";
import { gatewayEventAddress, gatewayInboxEvent } from "../../domain/gateway-event.ts";
import { outgoing, shardOf } from "../../domain/outgoing.ts";
import { GatewayError } from "../../platform/errors.ts";
import { ENDPOINTS_FRESH_MS } from "../../platform/recent.ts";
import { type EndpointInput, readEndpoint } from "./endpoint-input.ts";
import { invalid, readMembers, readText } from "./input.ts";
import { readOverlapMs, rotated, type SecretRotation } from "./secret-rotation.ts";
import { checkApp, checkEnabled, eachShard, known, knownEndpoint, type OperationOptions, reach } from "./shared.ts";

export interface NewEndpoint extends EndpointInput {
  readonly app: string;
}

export interface EndpointStatus {
  readonly due: number;
  readonly dead: number;
  readonly oldestDueAtMs: number | null;
  /** Of the object whose receiver is doing worst. */
  readonly breaker: Breaker;
}

/** What operators can do with receivers of events. */
export interface EndpointOperations {
  /** Of addresses only the host. */
  endpoints(page: PageRequest & { readonly app?: string | undefined }): Promise<Page<Endpoint>>;
  /** An admin is shown the whole address, but of a workflow's. */
  endpoint(id: string): Promise<Endpoint>;
  /** The secret that signs is in this answer and nowhere else; null where nothing is signed. */
  createEndpoint(wanted: NewEndpoint): Promise<{ readonly endpoint: Endpoint; readonly secret: string | null }>;
  /** What is left out takes its default, but for the URL of a workflow. Secrets stay. Another target pulls forward what waits for a retry. */
  changeEndpoint(id: string, wanted: EndpointInput): Promise<Endpoint>;
  /** And what was on its way to it. */
  removeEndpoint(id: string): Promise<void>;
  rotateSecret(
    id: string,
    wanted?: SecretRotation,
  ): Promise<{ readonly secret: string; readonly previousValidUntilMs: number | null }>;
  /** What waits for its next attempt is due at once. */
  enableEndpoint(id: string): Promise<Endpoint>;
  pauseEndpoint(id: string): Promise<Endpoint>;
  /** Sends `endpoint.test` to this endpoint, and says under which id. */
  testEndpoint(id: string): Promise<{ readonly eventId: string }>;
  endpointStatus(id: string): Promise<EndpointStatus>;
}

const signs = (kind: EndpointKind): boolean => kind === "https" || kind === "service";

/** Whoever is answered after this may count on what was changed: no inbox goes by the endpoints of before any more. */
const knownEverywhere = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, ENDPOINTS_FRESH_MS));

/** What keeps a receiver's secret, if it has one, of use to another kind. */
const secretOf = (kind: EndpointKind): string => (signs(kind) ? "signing" : kind);

/** Open for longer, else nearer to it. */
function worse(one: Breaker, other: Breaker): Breaker {
  const openFor = (other.openUntilMs ?? 0) - (one.openUntilMs ?? 0);
  return openFor > 0 || (openFor === 0 && other.failures > one.failures) ? other : one;
}

export function createEndpointOperations(options: OperationOptions): EndpointOperations {
  const { config, directory, objects, receivers, change, role } = options;
  const { endpoints, audit } = directory;
  const find = (id: string): Promise<Endpoint> => knownEndpoint(directory, id);
  const read = (wanted: unknown, before: Endpoint | undefined) =>
    readEndpoint(wanted, { receivers, allowLoopback: config.allowLoopbackReceivers, before });

  /** An object that cannot be told reads the row again with its next work, if it has not done so for 30 s. */
  async function tell(endpoint: Endpoint, isRepaired = false): Promise<void> {
    await Promise.allSettled(eachShard(objects, endpoint, (dispatcher) => dispatcher.endpointChanged(isRepaired)));
  }

  /** With the address, to an admin alone; without it where its seal does not open. */
  async function shown(endpoint: Endpoint): Promise<Endpoint> {
    if (role !== "admin" || endpoint.kind !== "https") return endpoint;
    const url = (await endpoints.open(endpoint.id))?.secrets.url;
    return url === undefined ? endpoint : { ...endpoint, target: url };
  }

  async function setState(id: string, state: Exclude<EndpointState, "disabled">): Promise<Endpoint> {
    const endpoint = known("endpoint", await endpoints.setState(id, state, change));
    await Promise.all([tell(endpoint, state === "active"), knownEverywhere()]);
    return shown(endpoint);
  }

  return {
    endpoints: (page) => endpoints.list(page),
    endpoint: async (id) => shown(await find(id)),
    async createEndpoint({ app, ...wanted }) {
      checkApp(config, readText("app", app, 32));
      const { settings, url } = read(wanted, undefined);
      const { max } = config.apps.get(app)!.endpoints;
      if ((await endpoints.count(app)) >= max) throw new GatewayError({ kind: "endpoints_full", app, max });
      const secret = signs(settings.kind) ? createDeliverySecret() : null;
      const signing = secret === null ? [] : [{ secret, untilMs: null }];
      const id = `ep_${toHex(crypto.getRandomValues(new Uint8Array(8)))}`;
      const secrets = { signing, ...(url === undefined ? {} : { url }) };
      const endpoint = await endpoints.create(id, app, settings, secrets, change);
      await knownEverywhere();
      return { endpoint: await shown(endpoint), secret };
    },
    async changeEndpoint(id, wanted) {
      const before = await find(id);
      const { settings, url } = read(wanted, before);
      if (secretOf(settings.kind) !== secretOf(before.kind))
        throw invalid(`kind ${before.kind} becomes ${settings.kind} by another endpoint, because secrets stay`);
      if (settings.shards < before.shards)
        throw invalid(`shards is ${before.shards} or more, because each keeps what it has taken on`);
      const opened = await endpoints.open(id);
      const isOther = url !== undefined && url !== opened?.secrets.url;
      // Together with the secret that signs, which may open again when its key is back.
      if (isOther && opened?.readable === false && signs(before.kind) && opened.secrets.signing.length === 0)
        throw invalid("the secrets of this endpoint must open before its target can change: rotate its secret first");
      if (isOther) await endpoints.changeSecrets(id, ({ secrets }) => ({ ...secrets, url }), change);
      const endpoint = known("endpoint", await endpoints.update(id, settings, change));
      // No other setting says that the receiver was repaired, and each attempt is one of nine.
      const isElsewhere = isOther || endpoint.target !== before.target || endpoint.kind !== before.kind;
      await Promise.all([tell(endpoint, isElsewhere), knownEverywhere()]);
      return shown(endpoint);
    },
    async removeEndpoint(id) {
      const endpoint = await find(id);
      await endpoints.remove(id, change);
      await tell(endpoint);
    },
    async rotateSecret(id, wanted = {}) {
      const { overlapHours } = readMembers("a rotation", wanted, ["overlapHours"]);
      const overlapMs = readOverlapMs(overlapHours);
      const secret = createDeliverySecret();
      let previousValidUntilMs: number | null = null;
      const next: NextSecrets<Endpoint, EndpointSecrets> = ({ item, secrets }) => {
        if (!signs(item.kind)) throw invalid(`an endpoint of kind ${item.kind} is sent nothing signed`);
        const good = rotated(secrets.signing, secret, { overlapMs, nowMs: change.nowMs });
        previousValidUntilMs = good.previousValidUntilMs;
        return { ...secrets, signing: good.secrets };
      };
      await tell(known("endpoint", await endpoints.changeSecrets(id, next, change)));
      return { secret, previousValidUntilMs };
    },
    enableEndpoint: (id) => setState(id, "active"),
    pauseEndpoint: (id) => setState(id, "paused"),
    async testEndpoint(id) {
      const endpoint = await find(id);
      checkEnabled(endpoint);
      const { app } = endpoint;
      const { nowMs: atMs } = change;
      const data = { endpointId: id };
      const about = {
        app,
        resource: undefined,
        name: "endpoint.test",
        data,
        atMs,
        uniqueId: crypto.randomUUID(),
      } as const;
      const event = await gatewayInboxEvent(about);
      const whole = { ...event, seq: 0, receivedAtMs: atMs, bodyBytes: event.body.byteLength };
      // No inbox keeps it, so that no other endpoint is sent it.
      const delivery = { ...outgoing({ app, ...gatewayEventAddress(about) }, whole, endpoint), inbox: null };
      const shard = shardOf(delivery, endpoint.shards);
      await audit.note({ action: "endpoint.tested", app, target: id }, change);
      const isTaken = await reach(
        () => objects.dispatcher(id, shard),
        (dispatcher) => dispatcher.enqueue({ app, endpointId: id, shard }, [delivery], false),
      );
      if (!isTaken) throw new GatewayError({ kind: "endpoint_disabled", because: "backlog" });
      return { eventId: delivery.id };
    },
    async endpointStatus(id) {
      const asked = eachShard(objects, await find(id), (dispatcher) => dispatcher.status());
      const shards = await Promise.all(asked);
      const oldest = shards.flatMap(({ oldestDueAtMs }) => oldestDueAtMs ?? []);
      return {
        due: shards.reduce((sum, { due }) => sum + due, 0),
        dead: shards.reduce((sum, { dead }) => sum + dead, 0),
        oldestDueAtMs: oldest.length === 0 ? null : Math.min(...oldest),
        breaker: shards.map(({ breaker }) => breaker).reduce(worse),
      };
    },
  };
}
