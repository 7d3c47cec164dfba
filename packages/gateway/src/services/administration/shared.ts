import type { Directory } from "../../directory/directory.ts";
import type { Change, Role } from "../../domain/administration-model.ts";
import type { EndpointDispatcherApi } from "../../domain/contracts/endpoint-dispatcher.ts";
import type { Endpoint } from "../../domain/delivery/endpoint.ts";
import type { PrefetchedPermits } from "../../domain/limits/prefetched-permits.ts";
import type { GatewayConfig } from "../../platform/config.ts";
import type { DestinationBindings, Objects } from "../../platform/env.ts";
import { GatewayError } from "../../platform/errors.ts";
import { retryOnce } from "../../platform/retry-once.ts";

/** Everything that an admin action may use. */
export interface ActionContext {
  readonly config: GatewayConfig;
  readonly directory: Directory;
  readonly objects: Objects;
  readonly destinations: DestinationBindings;
  readonly prefetchedPermits: PrefetchedPermits;
  readonly change: Change;
  /** Role of the caller. Only an admin is shown whole addresses. */
  readonly role: Role;
  /** Origin at which browsers reach the gateway. Undefined: the call came over a service binding. */
  readonly origin: string | undefined;
  /** Keeps the Worker alive until the work is done. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

export function invalid(problem: string): GatewayError {
  return new GatewayError({ kind: "input_invalid", problem });
}

export function known<Thing>(what: string, thing: Thing | undefined): Thing {
  if (thing === undefined) throw new GatewayError({ kind: "not_in_directory", what });
  return thing;
}

export function checkApp({ apps }: GatewayConfig, app: string): void {
  if (!apps.has(app)) throw new GatewayError({ kind: "app_unknown" });
}

export const knownEndpoint = async ({ endpoints }: Directory, id: string): Promise<Endpoint> =>
  known("endpoint", await endpoints.find(id));

/** A disabled endpoint receives nothing. A paused one receives later what is sent now. */
export function checkEnabled({ state, disabledBecause }: Endpoint): void {
  if (state === "disabled")
    throw new GatewayError({ kind: "endpoint_disabled", because: disabledBecause ?? "operator" });
}

/** Calls an object. A call that fails is repeated once through a fresh stub. */
export async function reach<Stub, Reply>(stub: () => Stub, call: (stub: Stub) => Promise<Reply>): Promise<Reply> {
  try {
    return await retryOnce(stub, call);
  } catch {
    throw new GatewayError({ kind: "object_unreachable" });
  }
}

/** Calls every object of an endpoint, in the order of the shards. */
export function eachShard<Reply>(
  objects: Objects,
  { id, shards }: Pick<Endpoint, "id" | "shards">,
  call: (dispatcher: EndpointDispatcherApi, shard: number) => Promise<Reply>,
): readonly Promise<Reply>[] {
  return Array.from({ length: shards }, (_, shard) =>
    reach(
      () => objects.dispatcher(id, shard),
      (dispatcher) => call(dispatcher, shard),
    ),
  );
}
