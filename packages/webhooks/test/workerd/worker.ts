/** A Worker that de-duplicates in a Durable Object, as a user would write it. */
import { DurableObject } from "cloudflare:workers";
import { createGatewayHandler, type DedupeState, type DedupeStore, sqlDedupe } from "../../src/gateway.ts";

export interface Env {
  readonly SEEN: DurableObjectNamespace<Seen>;
  readonly GATEWAY_SECRET: string;
}

export class Seen extends DurableObject<Env> {
  #store: DedupeStore = sqlDedupe(this.ctx.storage.sql);

  begin(key: string): DedupeState | Promise<DedupeState> {
    return this.#store.begin(key);
  }
  done(key: string): void | Promise<void> {
    return this.#store.done(key);
  }
  failed(key: string): void | Promise<void> {
    return this.#store.failed(key);
  }
}

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    const receive = createGatewayHandler({
      secrets: [env.GATEWAY_SECRET],
      dedupe: env.SEEN.getByName("gateway"),
      on: {
        async ContactCreate() {
          if (request.headers.get("x-fail") !== null) throw new Error("failed on purpose");
        },
      },
    });
    return receive(request);
  },
} satisfies ExportedHandler<Env>;
