/**
 * What the Durable Objects promise, as plain interfaces: callers see these, never the classes. Everything that crosses
 * is structured-cloneable.
 */
import type { InboxEvent } from "../domain/inbox-event.ts";
import type { Resource } from "../domain/resource.ts";
import type { GrantedTokens } from "../domain/token-answer.ts";

export type TokenReply =
  | {
      readonly ok: true;
      readonly accessToken: string;
      /** Ask again after this; in the past for a token that is good for this one call. */
      readonly freshUntilMs: number;
      readonly scopes: readonly string[];
    }
  | {
      readonly ok: false;
      readonly reason: "not_installed" | "suspended" | "misconfigured" | "reauth_required";
    }
  | { readonly ok: false; readonly reason: "refreshing"; readonly retryAtMs: number };

/** One per rotating refresh token. */
export interface TokenGrantApi {
  /** Stores a new pair; returns when it is durable. */
  install(app: string, resource: Resource, tokens: GrantedTokens): Promise<void>;
  /** A token that lives long enough for one call, refreshed first where needed; one refresh for all callers. */
  accessToken(): Promise<TokenReply>;
}

export interface AcquireRequest {
  readonly app: string;
  readonly resource: Resource;
  readonly maxWaitMs: number;
}

export type AcquireReply =
  | { readonly ok: true; readonly accessToken: string; readonly waitMs: number }
  | { readonly ok: false; readonly reason: "budget"; readonly retryAfterMs: number }
  | { readonly ok: false; readonly reason: "refreshing"; readonly retryAfterMs: number }
  | { readonly ok: false; readonly reason: "not_installed" | "suspended" | "misconfigured" | "reauth_required" };

/** One per app and resource; the hot path: one call answers token and permit. */
export interface ResourceCoordinatorApi {
  acquire(request: AcquireRequest): Promise<AcquireReply>;
  /** The grant has a new pair: forget the one in memory. */
  tokenChanged(): Promise<void>;
}

/** One per app, resource and day of the signed timestamp. */
export interface WebhookInboxApi {
  /** Returns when the event is durable. `stored: false`: it was there already. */
  store(event: InboxEvent): Promise<{ readonly stored: boolean }>;
}
