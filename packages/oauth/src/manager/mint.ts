import type { Resource, Runtime } from "@ghl-edge/core";
import { AnswerError } from "../errors.ts";
import type { PreparedRenewal } from "../host/grant-host.ts";
import type { ApiVersion } from "../oauth/installed-locations.ts";
import type { OAuthClient, RequestSettings } from "../oauth/oauth-client.ts";
import type { Grant } from "./grant.ts";

/** Response to a request that had a permit. */
export interface RequestOutcome {
  readonly status: number;
  readonly headers: Headers;
}

/** Permission to send one request. */
export interface RequestPermit {
  /**
   * Ends the use of the permit. It is called once, without an outcome when nothing was sent or no answer came.
   *
   * @param outcome - Status and headers of the answer
   */
  release(outcome?: RequestOutcome): void;
}

/** Rate limiter that decides when the request for a location token may be sent. That of `@ghl-edge/rate-limit` is one. */
export interface RequestLimiter {
  /**
   * Waits until the request may be sent.
   *
   * @param request - The company whose budget is used. The other fields are those of `@ghl-edge/rate-limit`
   * @returns The permit
   */
  acquire(request: {
    readonly resource: Resource;
    readonly priority: undefined;
    readonly maxWaitMs: undefined;
    readonly signal: undefined;
  }): Promise<RequestPermit> | RequestPermit;
}

export interface MintOptions {
  readonly client: OAuthClient;
  readonly company: Grant;
  readonly companyId: string;
  readonly locationId: string;
  readonly apiVersion: ApiVersion;
  readonly limiter: RequestLimiter | undefined;
  readonly runtime: Runtime;
}

/**
 * Acquires what a mint needs: the company's token, whose refresh all its locations share, and a permit. Both come before
 * the right to mint is taken, because both may take long.
 */
export async function prepareMint(options: MintOptions): Promise<PreparedRenewal> {
  const { client, company, companyId, locationId, apiVersion, runtime } = options;
  let companyAccessToken = await company.token();
  const permit = await options.limiter?.acquire({
    resource: { kind: "company", id: companyId },
    priority: undefined,
    maxWaitMs: undefined,
    signal: undefined,
  });
  let outcome: RequestOutcome | undefined;
  const mint = (settings: RequestSettings) =>
    client.locationToken({ companyAccessToken, companyId, locationId, apiVersion, ...settings });
  return {
    async renew(_tokens, timeoutMs) {
      const untilMs = runtime.now() + timeoutMs;
      const onResponse = (head: RequestOutcome): void => {
        outcome = head;
      };
      try {
        return await mint({ timeoutMs, onResponse });
      } catch (error) {
        if (!(error instanceof AnswerError) || error.kind !== "expired") throw error;
        // HighLevel refused the company's token before it expired. The mint is repeated once if there is another token.
        await company.rejected(companyAccessToken);
        const other = await company.token().catch(() => companyAccessToken);
        if (other === companyAccessToken) throw error;
        companyAccessToken = other;
        return await mint({ timeoutMs: Math.max(1, untilMs - runtime.now()), onResponse });
      }
    },
    release: () => permit?.release(outcome),
  };
}
