import { DurableObject } from "cloudflare:workers";
import type { Isolate } from "../isolate.ts";

/**
 * Base of every Durable Object of the gateway. workerd constructs an object with its storage and bindings only, so `worker.ts` exports a
 * subclass of each one that adds the isolate's state. No object reads that state in any other way.
 */
export abstract class GatewayObject extends DurableObject<Env> {
  protected readonly isolate: Isolate;

  constructor(ctx: DurableObjectState, env: Env, isolate: Isolate) {
    super(ctx, env);
    this.isolate = isolate;
  }
}
