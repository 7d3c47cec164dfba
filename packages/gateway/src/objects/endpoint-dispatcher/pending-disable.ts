import type { Directory } from "../../directory/directory.ts";
import type { DispatcherAddress } from "../../domain/contracts/endpoint-dispatcher.ts";
import type { Breaker } from "../../domain/delivery/breaker.ts";
import type { DisabledReason } from "../../domain/delivery/endpoint.ts";
import { logEvent } from "../../platform/log.ts";
import type { EventOutbox } from "../event-outbox.ts";

const KEY = "pending_disable";

/** The stored decision to disable the endpoint. */
export interface DisableRequest {
  readonly reason: DisabledReason;
  readonly lastStatus: number | null;
}

export interface PendingDisableOptions {
  readonly storage: Pick<DurableObjectStorage, "kv" | "transactionSync">;
  readonly directory: () => Pick<Directory, "endpoints">;
  readonly outbox: Pick<EventOutbox, "add">;
}

/** Stores the decision to disable an endpoint until the directory has carried it out. */
export class PendingDisable {
  readonly #options: PendingDisableOptions;

  constructor(options: PendingDisableOptions) {
    this.#options = options;
  }

  isPending(): boolean {
    return this.#options.storage.kv.get(KEY) !== undefined;
  }

  request(request: DisableRequest): void {
    this.#options.storage.kv.put<DisableRequest>(KEY, request);
  }

  cancel(): void {
    this.#options.storage.kv.delete(KEY);
  }

  /** Disables the endpoint in the directory and adds the event about it to the outbox. Throws while the directory is away. */
  async execute({ app, endpointId }: DispatcherAddress, { failingSinceMs }: Breaker): Promise<void> {
    const { storage, directory, outbox } = this.#options;
    const request = storage.kv.get<DisableRequest>(KEY);
    if (request === undefined) return;
    const { reason, lastStatus } = request;
    const change = { actor: "endpoint-dispatcher", requestId: crypto.randomUUID(), nowMs: Date.now() };
    const isChanged = await directory().endpoints.disable(endpointId, reason, change);
    storage.transactionSync(() => {
      storage.kv.delete(KEY);
      if (!isChanged || reason === "operator") return;
      outbox.add({
        app,
        resource: undefined,
        name: "endpoint.disabled",
        data: { endpointId, reason, failingSinceMs, lastStatus },
        atMs: Date.now(),
        uniqueId: crypto.randomUUID(),
      });
    });
    logEvent("dispatcher", { app, endpointId, outcome: `disabled: ${reason}` });
  }
}
