import type { GrantNotice } from "../grant/event.ts";
import type { ApiVersion } from "../oauth/installed-locations.ts";
import type { OAuthClientOptions } from "../oauth/oauth-client.ts";
import type { UserType } from "../oauth/token-set.ts";
import type { Resource } from "../resource.ts";
import type { TokenStore } from "../store/token-store.ts";
import type { RequestLimiter } from "./mint.ts";

/** Something an operator may want to hear. Holds no token. */
export interface TokenEvent {
  readonly type: GrantNotice | "rotation_due";
  readonly resource: Resource;
  /** `derived`: a location's token made from its company's. */
  readonly source: "refreshable" | "derived" | "private";
  readonly atMs: number;
  /** Code of HighLevel's answer behind it. */
  readonly code?: string;
}

export interface TokenManagerOptions extends OAuthClientOptions {
  /** Shared by all processes that use these installations. */
  readonly store: TokenStore;
  /** Longest wait of a caller for a token before `TokenUnavailableError`, milliseconds. Default 20,000. */
  readonly maxWaitMs?: number | undefined;
  /** Heard once per event, by the process that stored it. What it throws is ignored. */
  readonly onEvent?: ((event: TokenEvent) => void) | undefined;
  /** Keeps work alive that no caller waits for: a Worker's `ctx.waitUntil`. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** Rate limiter for requests for location tokens. Default: none. */
  readonly limiter?: RequestLimiter | undefined;
  /** The company of a location whose INSTALL event was not seen. */
  readonly companyOf?: ((locationId: string) => string | undefined | Promise<string | undefined>) | undefined;
  /** API version of the location token endpoint. Default `2021-07-28`. */
  readonly apiVersion?: ApiVersion | undefined;
  /** Resource of a request that names none. Default: such a request is refused. */
  readonly defaultResource?: Resource | undefined;
}

/**
 * Request for an access token: the one that `@ghl-edge/client` sends to its token provider. Only `resource` is
 * needed.
 */
export interface AccessTokenRequest {
  readonly resource?: Resource | undefined;
  /** Kinds the operation takes: `location`, `location-pit`, `company`, `company-pit`. Default: any. */
  readonly acceptedTokenTypes?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** HighLevel has refused this token as invalid or expired: another one is wanted. */
  readonly rejectedToken?: string | undefined;
}

/** Describes an installation. It contains no token. */
export interface Installation {
  readonly resource: Resource;
  readonly userType: UserType;
  readonly companyId?: string;
  readonly locationId?: string;
  readonly userId?: string;
  readonly scopes: readonly string[];
  readonly isBulkInstallation?: boolean;
  readonly approvedLocations?: readonly string[];
  readonly installToFutureLocations?: boolean;
}
