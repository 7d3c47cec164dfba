import { AnswerError } from "../errors.ts";
import type { PreparedRenewal } from "../host/grant-host.ts";
import type { Dialect } from "../oauth/installed-locations.ts";
import type { OAuthClient, RequestSettings } from "../oauth/oauth-client.ts";
import type { Resource } from "../resource.ts";
import type { Runtime } from "../runtime.ts";
import type { Grant } from "./grant.ts";

/** Outcome of a paced request. */
export interface PacedOutcome {
  readonly status: number;
  readonly headers: Headers;
}

/** Leave to send one request; `release` is called once, without outcome when nothing was sent or no answer came. */
export interface PacerPermit {
  release(outcome?: PacedOutcome): void;
}

/** Decides when a location token may be minted: what a rate limiter for HighLevel's API is. */
export interface RequestPacer {
  acquire(request: {
    readonly resource: Resource;
    readonly priority: undefined;
    readonly maxWaitMs: undefined;
    readonly signal: undefined;
  }): Promise<PacerPermit> | PacerPermit;
}

export interface MintOptions {
  readonly client: OAuthClient;
  readonly company: Grant;
  readonly companyId: string;
  readonly locationId: string;
  readonly dialect: Dialect;
  readonly limiter: RequestPacer | undefined;
  readonly runtime: Runtime;
}

/**
 * Acquires what a mint needs: the company's token, whose refresh all its locations share, and a permit. Both come before
 * the right to mint is taken, because both may take long.
 */
export async function prepareMint(options: MintOptions): Promise<PreparedRenewal> {
  const { client, company, companyId, locationId, dialect, runtime } = options;
  let companyAccessToken = await company.token();
  const permit = await options.limiter?.acquire({
    resource: { kind: "company", id: companyId },
    priority: undefined,
    maxWaitMs: undefined,
    signal: undefined,
  });
  let outcome: PacedOutcome | undefined;
  const mint = (settings: RequestSettings) =>
    client.locationToken({ companyAccessToken, companyId, locationId, dialect, ...settings });
  return {
    async renew(_tokens, timeoutMs) {
      const untilMs = runtime.now() + timeoutMs;
      const onResponse = (head: PacedOutcome): void => {
        outcome = head;
      };
      try {
        return await mint({ timeoutMs, onResponse });
      } catch (error) {
        if (!(error instanceof AnswerError) || error.kind !== "expired") throw error;
        // The company's token died before its time: once with another one, if there is another one.
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
