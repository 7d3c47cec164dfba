/** A Durable Object with a `TokenManager` on its own storage, as a user would write it. */
import { DurableObject } from "cloudflare:workers";
import { createDurableObjectTokenStore } from "../../src/durable-object.ts";
import { createTokenManager, type TokenManager, type TokenStore } from "../../src/index.ts";

export class Grants extends DurableObject {
  readonly store: TokenStore;
  readonly manager: TokenManager;

  constructor(ctx: ConstructorParameters<typeof DurableObject>[0], env: unknown) {
    super(ctx, env as never);
    this.store = createDurableObjectTokenStore({ storage: ctx.storage });
    this.manager = createTokenManager({
      clientId: "0123456789abcdef01234567-abcdefgh",
      clientSecret: "secret-of-the-app",
      store: this.store,
      waitUntil: (work) => ctx.waitUntil(work),
    });
  }
}

export default { fetch: () => new Response("a Durable Object is tested here") };
