import { sleepByTimer, toHex } from "@ghl-edge/core";
import { createDeliverySecret } from "@ghl-edge/webhooks/gateway";
import type { NextSecrets } from "../../directory/sealed-table.ts";
import type { Breaker } from "../../domain/delivery/breaker.ts";
import type { Endpoint, EndpointKind, EndpointSecrets, EndpointState } from "../../domain/delivery/endpoint.ts";
import { outgoing, shardOf } from "../../domain/delivery/outgoing.ts";
import { gatewayEventAddress, gatewayInboxEvent } from "../../domain/events/gateway-event.ts";
import { GatewayError } from "../../platform/errors.ts";
import { ENDPOINTS_FRESH_MS } from "../../platform/recent.ts";
import { type EndpointInput, readEndpoint } from "./endpoint-input.ts";
import { rotated } from "./secret-rotation.ts";
import {
  type ActionContext,
  checkApp,
  checkEnabled,
  eachShard,
  invalid,
  known,
  knownEndpoint,
  reach,
} from "./shared.ts";

export interface EndpointStatus {
  readonly due: number;
  readonly dead: number;
  readonly oldestDueAtMs: number | null;
  /** Breaker of the object whose deliveries fail most. */
  readonly breaker: Breaker;
}

/** An action on one endpoint. */
interface EndpointRef {
  readonly id: string;
}

const signs = (kind: EndpointKind): boolean => kind === "https" || kind === "service";

/** Waits until no inbox uses older endpoints any more, so that a caller may count on the change after the answer. */
const knownEverywhere = (): Promise<void> => sleepByTimer(ENDPOINTS_FRESH_MS);

/** A kind may become another one only if an endpoint's secret, if it has one, is of use to both. */
const secretOf = (kind: EndpointKind): string => (signs(kind) ? "signing" : kind);

/** Returns the breaker that is open for longer, else the one that is nearer to it. */
function worse(one: Breaker, other: Breaker): Breaker {
  const openFor = (other.openUntilMs ?? 0) - (one.openUntilMs ?? 0);
  return openFor > 0 || (openFor === 0 && other.failures > one.failures) ? other : one;
}

function read({ destinations, config }: ActionContext, input: EndpointInput, before: Endpoint | undefined) {
  return readEndpoint(input, { destinations, allowLoopback: config.allowLoopbackDestinations, before });
}

/** Notifies the objects. One that cannot be reached reads the row again with its next work: after 30 s, or 300 s while the endpoint is paused. */
async function notify({ objects }: ActionContext, endpoint: Endpoint, retryNow = false): Promise<void> {
  await Promise.allSettled(eachShard(objects, endpoint, (dispatcher) => dispatcher.endpointChanged(retryNow)));
}

/** Adds the whole address for an admin, where its seal opens. */
async function shown({ directory, role }: ActionContext, endpoint: Endpoint): Promise<Endpoint> {
  if (role !== "admin" || endpoint.kind !== "https") return endpoint;
  const url = (await directory.endpoints.open(endpoint.id))?.secrets.url;
  return url === undefined ? endpoint : { ...endpoint, target: url };
}

export async function getEndpoint(context: ActionContext, { id }: EndpointRef): Promise<Endpoint> {
  return shown(context, await knownEndpoint(context.directory, id));
}

/** Creates an endpoint. The signing secret is in this answer and nowhere else; null when nothing is signed. */
export async function createEndpoint(
  context: ActionContext,
  { app, ...input }: EndpointInput & { readonly app: string },
): Promise<{ readonly endpoint: Endpoint; readonly secret: string | null }> {
  const { config, directory, change } = context;
  const { endpoints } = directory;
  checkApp(config, app);
  const { settings, url } = read(context, input, undefined);
  const { max } = config.apps.get(app)!.endpoints;
  if ((await endpoints.count(app)) >= max) throw new GatewayError({ kind: "endpoints_full", app, max });
  const secret = signs(settings.kind) ? createDeliverySecret() : null;
  const signing = secret === null ? [] : [{ secret, untilMs: null }];
  const id = `ep_${toHex(crypto.getRandomValues(new Uint8Array(8)))}`;
  const secrets = { signing, ...(url === undefined ? {} : { url }) };
  const endpoint = await endpoints.create({ id, app, settings, secrets }, change);
  await knownEverywhere();
  return { endpoint: await shown(context, endpoint), secret };
}

/** Replaces the settings. Another target makes deliveries that wait for their next attempt due at once. */
export async function changeEndpoint(
  context: ActionContext,
  { id, ...input }: EndpointInput & EndpointRef,
): Promise<Endpoint> {
  const { directory, change } = context;
  const { endpoints } = directory;
  const before = await knownEndpoint(directory, id);
  const { settings, url } = read(context, input, before);
  if (secretOf(settings.kind) !== secretOf(before.kind))
    throw invalid(`kind must stay ${before.kind}, because secrets stay, got "${settings.kind}"`);
  if (settings.shards < before.shards)
    throw invalid(
      `shards must be at least ${before.shards}, because each shard keeps its deliveries, got ${settings.shards}`,
    );
  const opened = await endpoints.open(id);
  const isOther = url !== undefined && url !== opened?.secrets.url;
  // The address is sealed together with the secret that signs, which may open again when its key is back.
  if (isOther && opened?.readable === false && signs(before.kind) && opened.secrets.signing.length === 0)
    throw invalid("the secrets of this endpoint must open before its target can change: rotate its secret first");
  if (isOther) await endpoints.changeSecrets(id, ({ secrets }) => ({ ...secrets, url }), change);
  const endpoint = known("endpoint", await endpoints.update(id, settings, change));
  // Only another destination is a reason to retry at once. A delivery has nine attempts, and this would use one.
  const retryNow = isOther || endpoint.target !== before.target || endpoint.kind !== before.kind;
  await Promise.all([notify(context, endpoint, retryNow), knownEverywhere()]);
  return shown(context, endpoint);
}

/** Removes the endpoint and its pending deliveries. */
export async function removeEndpoint(context: ActionContext, { id }: EndpointRef): Promise<undefined> {
  const endpoint = await knownEndpoint(context.directory, id);
  await context.directory.endpoints.remove(id, context.change);
  await notify(context, endpoint);
  return undefined;
}

export async function rotateEndpointSecret(
  context: ActionContext,
  { id, overlapHours }: EndpointRef & { readonly overlapHours: number },
): Promise<{ readonly secret: string; readonly previousValidUntilMs: number | null }> {
  const { directory, change } = context;
  const secret = createDeliverySecret();
  let previousValidUntilMs: number | null = null;
  const next: NextSecrets<Endpoint, EndpointSecrets> = ({ item, secrets }) => {
    if (!signs(item.kind)) throw invalid(`the endpoint must be https or service to have a secret, got ${item.kind}`);
    const good = rotated(secrets.signing, secret, { overlapHours, nowMs: change.nowMs });
    previousValidUntilMs = good.previousValidUntilMs;
    return { ...secrets, signing: good.secrets };
  };
  await notify(context, known("endpoint", await directory.endpoints.changeSecrets(id, next, change)));
  return { secret, previousValidUntilMs };
}

/** Sets the state. Enabling makes deliveries that wait for their next attempt due at once. */
export async function setEndpointState(
  context: ActionContext,
  id: string,
  state: Exclude<EndpointState, "disabled">,
): Promise<Endpoint> {
  const endpoint = known("endpoint", await context.directory.endpoints.setState(id, state, context.change));
  await Promise.all([notify(context, endpoint, state === "active"), knownEverywhere()]);
  return shown(context, endpoint);
}

/** Sends `endpoint.test` to this endpoint and returns the id of the event. */
export async function testEndpoint(context: ActionContext, { id }: EndpointRef): Promise<{ readonly eventId: string }> {
  const { directory, objects, change } = context;
  const endpoint = await knownEndpoint(directory, id);
  checkEnabled(endpoint);
  const { app } = endpoint;
  const { nowMs: atMs } = change;
  const about = {
    app,
    resource: undefined,
    name: "endpoint.test",
    data: { endpointId: id },
    atMs,
    uniqueId: crypto.randomUUID(),
  } as const;
  const event = await gatewayInboxEvent(about);
  const whole = { ...event, seq: 0, receivedAtMs: atMs, bodyBytes: event.body.byteLength };
  // No inbox stores it, so that it goes to no other endpoint.
  const delivery = { ...outgoing({ app, ...gatewayEventAddress(about) }, whole, endpoint), inbox: null };
  const shard = shardOf(delivery, endpoint.shards);
  await directory.audit.note({ action: "endpoint.tested", app, target: id }, change);
  const isTaken = await reach(
    () => objects.dispatcher(id, shard),
    (dispatcher) => dispatcher.enqueue({ app, endpointId: id, shard }, [delivery], false),
  );
  if (!isTaken) throw new GatewayError({ kind: "endpoint_disabled", because: "backlog" });
  return { eventId: delivery.id };
}

export async function endpointStatus(context: ActionContext, { id }: EndpointRef): Promise<EndpointStatus> {
  const endpoint = await knownEndpoint(context.directory, id);
  const shards = await Promise.all(eachShard(context.objects, endpoint, (dispatcher) => dispatcher.status()));
  const oldest = shards.flatMap(({ oldestDueAtMs }) => oldestDueAtMs ?? []);
  return {
    due: shards.reduce((sum, { due }) => sum + due, 0),
    dead: shards.reduce((sum, { dead }) => sum + dead, 0),
    oldestDueAtMs: oldest.length === 0 ? null : Math.min(...oldest),
    breaker: shards.map(({ breaker }) => breaker).reduce(worse),
  };
}
