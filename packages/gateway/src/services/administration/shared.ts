import type { Directory } from "../../directory/directory.ts";
import type { Change, Role } from "../../domain/administration-model.ts";
import type { EndpointDispatcherApi } from "../../domain/contracts/endpoint-dispatcher.ts";
import type { Endpoint } from "../../domain/endpoint.ts";
import type { GatewayConfig } from "../../platform/config.ts";
import type { Objects, Receivers } from "../../platform/env.ts";
import { GatewayError } from "../../platform/errors.ts";
import { retryOnce } from "../../platform/retry-once.ts";

/** What operations on endpoints and events need. */
export interface OperationOptions {
  readonly config: GatewayConfig;
  readonly directory: Directory;
  readonly objects: Objects;
  readonly receivers: Receivers;
  readonly change: Change;
  /** Of who asks: addresses are shown whole to an admin alone. */
  readonly role: Role;
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

/** An endpoint that is disabled is sent nothing; one that is paused gets what is sent once it is active again. */
export function checkEnabled({ state, disabledBecause }: Endpoint): void {
  if (state === "disabled")
    throw new GatewayError({ kind: "endpoint_disabled", because: disabledBecause ?? "operator" });
}

/** Calls an object, through a fresh stub once more where that fails. */
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
