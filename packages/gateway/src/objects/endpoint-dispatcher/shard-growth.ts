import type { Directory } from "../../directory/directory.ts";
import type { DispatcherAddress } from "../../domain/contracts/endpoint-dispatcher.ts";
import { type Breaker, isHealthy } from "../../domain/delivery/breaker.ts";
import type { Endpoint } from "../../domain/delivery/endpoint.ts";
import { type BacklogSample, grownShards, stepGrowth } from "../../domain/delivery/shard-growth.ts";
import { logEvent } from "../../platform/log.ts";

/** A sample reads one row of an index. */
const SAMPLE_EVERY_MS = 5_000;

export interface ShardGrowthOptions {
  /** Returns the time at which the oldest ready delivery was due. */
  readonly nextDueAtMs: () => number | undefined;
  readonly breaker: () => Breaker;
  readonly maxShards: (app: string) => number;
  readonly directory: () => Pick<Directory, "endpoints">;
  /** Called when the row of the endpoint has changed, or may have. */
  readonly onChanged: () => void;
}

/**
 * Raises the number of shards when the backlog grows although the dispatcher sends as much as it may. What waits stays in its shard. An
 * ordered endpoint does not grow: a key that came to another shard would overtake its own deliveries that wait.
 */
export class ShardGrowth {
  readonly #options: ShardGrowthOptions;
  #since: BacklogSample | undefined;
  #nextSampleAtMs = 0;

  constructor(options: ShardGrowthOptions) {
    this.#options = options;
  }

  /** Called after each round of the delivery loop. */
  check(address: DispatcherAddress | undefined, endpoint: Endpoint | undefined): void {
    const nowMs = Date.now();
    if (address === undefined || endpoint === undefined || endpoint.ordered || nowMs < this.#nextSampleAtMs) return;
    this.#nextSampleAtMs = nowMs + SAMPLE_EVERY_MS;
    const { shards } = endpoint;
    const { breaker, nextDueAtMs, maxShards } = this.#options;
    // More shards would not help an endpoint that fails.
    const lagMs = isHealthy(breaker(), nowMs) ? nowMs - (nextDueAtMs() ?? nowMs) : 0;
    const { since, grows } = stepGrowth(this.#since, { atMs: nowMs, shards, lagMs });
    this.#since = since;
    const to = grows ? grownShards(shards, maxShards(address.app)) : undefined;
    if (to !== undefined) void this.#raise(address, { from: shards, to });
  }

  async #raise(
    { app, endpointId }: DispatcherAddress,
    shards: { readonly from: number; readonly to: number },
  ): Promise<void> {
    const { directory, onChanged } = this.#options;
    const change = { actor: "endpoint-dispatcher", requestId: crypto.randomUUID(), nowMs: Date.now() };
    try {
      const isRaised = await directory().endpoints.raiseShards(endpointId, shards, change);
      if (isRaised) logEvent("dispatcher", { app, endpointId, outcome: `shards raised to ${shards.to}` });
      // When nothing was raised, another shard did it before.
      onChanged();
    } catch {
      // The directory is away. The backlog is looked at again.
    }
  }
}
