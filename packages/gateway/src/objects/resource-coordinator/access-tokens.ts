import type { TokenRequest } from "../../domain/contracts/token-grant.ts";
import type { AcceptedTokenTypes, GivenToken, TokenReply } from "../../domain/grants/token-reply.ts";
import type { Objects } from "../../platform/env.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import type { TokenCache } from "./token-cache.ts";

/** State of the tokens for operations that accept the same types. */
interface Known {
  readonly token?: GivenToken;
  readonly pending?: Promise<TokenReply>;
}

export interface AccessTokensOptions {
  /** Opened at first use: an object that is created while the configuration is missing must not fail. */
  readonly cache: () => TokenCache;
  readonly objects: Pick<Objects, "grant">;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** Access tokens of one tenant: in memory, else from the token cache, else from `TokenGrant`. */
export interface AccessTokens {
  /** Returns a fresh token. All waiting callers share one request. */
  get(request: TokenRequest): Promise<TokenReply>;
  /** Drops all tokens, because the grant has others. */
  clear(): void;
}

export function createAccessTokens({ cache, objects, waitUntil }: AccessTokensOptions): AccessTokens {
  const known = new Map<AcceptedTokenTypes, Known>();

  /** `isFirst`: neither this activation nor the time since the last change has had a token. */
  async function fetchToken(request: TokenRequest, isFirst: boolean): Promise<TokenReply> {
    const { app, resource, acceptedTokenTypes, rejectedToken } = request;
    const tenant = { app, resource };
    // If the grant has no other token, the cache would otherwise serve the rejected one to each later call.
    if (rejectedToken !== undefined) cache().clear();
    const cached = isFirst ? await cache().read({ tenant, acceptedTokenTypes }) : undefined;
    if (cached !== undefined) return cached;
    const reply = await retryOnce(
      () => objects.grant(app, resource),
      (grant) => grant.accessToken({ ...tenant, acceptedTokenTypes, rejectedToken }),
    );
    if (reply.ok && reply.accessToken !== rejectedToken) {
      const isCurrent = (): boolean => known.get(acceptedTokenTypes)?.token === reply;
      waitUntil(cache().write({ tenant, acceptedTokenTypes }, reply, isCurrent));
    }
    return reply;
  }

  return {
    get(request) {
      const { acceptedTokenTypes, rejectedToken } = request;
      const { token, pending } = known.get(acceptedTokenTypes) ?? {};
      if (token !== undefined && Date.now() < token.freshUntilMs && token.accessToken !== rejectedToken)
        return Promise.resolve(token);
      // A request from before the rejection may still return the rejected token, so it is not shared.
      if (pending !== undefined && rejectedToken === undefined) return pending;
      const reply = fetchToken(request, !known.has(acceptedTokenTypes));
      known.set(acceptedTokenTypes, { pending: reply });
      const settled = (result?: TokenReply): void => {
        // `clear` has overtaken this reply, so it is not stored.
        if (known.get(acceptedTokenTypes)?.pending !== reply) return;
        if (result?.ok) known.set(acceptedTokenTypes, { token: result });
        else known.delete(acceptedTokenTypes);
      };
      reply.then(settled, () => settled());
      return reply;
    },
    clear() {
      known.clear();
      cache().clear();
    },
  };
}
