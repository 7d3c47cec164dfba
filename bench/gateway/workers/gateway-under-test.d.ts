/** The gateway's entry, packages/gateway/src/index.ts: esbuild puts it here, so that the bench need not be compiled with it. */
declare module "gateway-under-test" {
  type Rpc = (...args: never[]) => Promise<unknown>;
  class DurableObject {
    constructor(state: object, env: object);
    alarm?(): Promise<void>;
  }
  export class ResourceCoordinator extends DurableObject {
    readonly acquire: Rpc;
  }
  export class TokenGrant extends DurableObject {
    readonly accessToken: Rpc;
  }
  export class WebhookInbox extends DurableObject {
    readonly store: Rpc;
  }
  export class EventBuffer extends DurableObject {
    readonly buffer: Rpc;
  }
  export class EndpointDispatcher extends DurableObject {
    readonly enqueue: Rpc;
  }
  const worker: {
    fetch(request: Request, env: object, context: object): Response | Promise<Response>;
    queue(batch: object, env: object): Promise<void>;
  };
  export default worker;
}
