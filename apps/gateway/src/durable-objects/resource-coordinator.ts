import { DurableObject } from "cloudflare:workers";
import { type PermitState, STANDARD_RULES, takePermit } from "../domain/permits.ts";
import { readObjects } from "../env.ts";
import type { AcquireReply, AcquireRequest, ResourceCoordinatorApi, TokenReply } from "./interfaces.ts";
import { retryOnce } from "./retry-once.ts";

/**
 * The hot path: one call answers token and permit. It stores nothing, because a row written per call would cost more
 * than the call: the token is asked again from `TokenGrant` after a restart, and the permits begin anew.
 */
export class ResourceCoordinator extends DurableObject<Env> implements ResourceCoordinatorApi {
  readonly #objects = readObjects(this.env);
  #token: Extract<TokenReply, { ok: true }> | undefined;
  #asking: Promise<TokenReply> | undefined;
  #permits: PermitState = [];

  async acquire(request: AcquireRequest): Promise<AcquireReply> {
    const token = await this.#accessToken(request);
    const nowMs = Date.now();
    if (!token.ok) {
      if (token.reason === "refreshing")
        return { ok: false, reason: "refreshing", retryAfterMs: Math.max(0, token.retryAtMs - nowMs) };
      return { ok: false, reason: token.reason };
    }
    const decision = takePermit(this.#permits, STANDARD_RULES, { nowMs, maxWaitMs: request.maxWaitMs });
    this.#permits = decision.state;
    if (!decision.granted) return { ok: false, reason: "budget", retryAfterMs: decision.retryAtMs - nowMs };
    return { ok: true, accessToken: token.accessToken, waitMs: decision.atMs - nowMs };
  }

  async tokenChanged(): Promise<void> {
    this.#token = undefined;
    this.#asking = undefined;
  }

  /** One question for all callers that wait. An answer that `tokenChanged` has overtaken is not kept. */
  #accessToken({ app, resource }: AcquireRequest): Promise<TokenReply> {
    if (this.#token !== undefined && Date.now() < this.#token.freshUntilMs) return Promise.resolve(this.#token);
    if (this.#asking !== undefined) return this.#asking;
    const asking = retryOnce(
      () => this.#objects.grant(app, resource),
      (grant) => grant.accessToken(),
    );
    this.#asking = asking;
    const settled = (reply?: TokenReply): void => {
      if (this.#asking !== asking) return;
      this.#asking = undefined;
      this.#token = reply?.ok ? reply : undefined;
    };
    asking.then(settled, () => settled());
    return asking;
  }
}
