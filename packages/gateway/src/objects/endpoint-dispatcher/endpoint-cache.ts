import type { Directory } from "../../directory/directory.ts";
import type { OpenedEndpoint } from "../../directory/tables/endpoints.ts";
import type { Endpoint } from "../../domain/delivery/endpoint.ts";
import type { DestinationBindings } from "../../platform/env.ts";
import { createEndpointSender, type EndpointSender } from "./endpoint-sender.ts";

/** The row of an endpoint is read again after this time. A change by an operator is reported at once. */
const FRESH_MS = 30_000;

interface CachedEndpoint {
  readonly untilMs: number;
  readonly opened: OpenedEndpoint;
  readonly sender: EndpointSender;
}

export interface EndpointCacheOptions {
  readonly directory: () => Pick<Directory, "endpoints">;
  readonly destinations: DestinationBindings;
}

/** The endpoint's row and the sender for it, as last read from the directory. */
export class EndpointCache {
  readonly #options: EndpointCacheOptions;
  #cached: CachedEndpoint | undefined;

  constructor(options: EndpointCacheOptions) {
    this.#options = options;
  }

  /** Returns undefined when the endpoint was removed. A stale row is used while the directory is away. */
  async read(endpointId: string): Promise<CachedEndpoint | undefined> {
    const known = this.#cached;
    if (known !== undefined && Date.now() < known.untilMs) return known;
    try {
      const opened = await this.#options.directory().endpoints.open(endpointId);
      const untilMs = Date.now() + FRESH_MS;
      const { destinations } = this.#options;
      this.#cached = opened && { untilMs, opened, sender: createEndpointSender(opened, destinations) };
    } catch (error) {
      if (known === undefined) throw error;
    }
    return this.#cached;
  }

  /** Returns the endpoint as last read. */
  last(): Endpoint | undefined {
    return this.#cached?.opened.endpoint;
  }

  /** Whether the endpoint is known not to be active: paused or disabled. */
  isInactive(): boolean {
    return this.#cached !== undefined && this.#cached.opened.endpoint.state !== "active";
  }

  forget(): void {
    this.#cached = undefined;
  }
}
