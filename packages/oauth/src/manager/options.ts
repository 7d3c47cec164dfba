import type { Resource } from "@ghl-edge/core";
import type { GrantNotice } from "../grant/event.ts";
import type { ApiVersion } from "../oauth/installed-locations.ts";
import type { OAuthClientOptions } from "../oauth/oauth-client.ts";
import type { UserType } from "../oauth/token-set.ts";
import type { TokenStore } from "../store/token-store.ts";
import type { RequestLimiter } from "./mint.ts";

/** Event that an operator may want to know. It contains no token. */
export interface TokenEvent {
  readonly type: GrantNotice | "rotation_due";
  readonly resource: Resource;
  /** Source of the token. `derived`: a location's token that was minted from its company's. */
  readonly source: "refreshable" | "derived" | "private";
  readonly atMs: number;
  /** Code of HighLevel's answer that caused the event. */
  readonly code?: string;
}

export interface TokenManagerOptions extends OAuthClientOptions {
  /** Store of the tokens. All processes that use these installations share it. */
  readonly store: TokenStore;
  /** Longest wait of a caller for a token before `TokenUnavailableError`, milliseconds. Default: 20,000. */
  readonly maxWaitMs?: number | undefined;
  /** Called once per event, in the process that stored it. Errors that it throws are ignored. */
  readonly onEvent?: ((event: TokenEvent) => void) | undefined;
  /** Keeps work alive that no caller waits for, such as a Worker's `ctx.waitUntil`. Default: none. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** Rate limiter for requests for location tokens. Default: none. */
  readonly limiter?: RequestLimiter | undefined;
  /** Returns the id of a location's company. It is called for a location whose INSTALL event was not seen. */
  readonly companyOf?: ((locationId: string) => string | undefined | Promise<string | undefined>) | undefined;
  /** API version of the location token endpoint. Default: `2021-07-28`. */
  readonly apiVersion?: ApiVersion | undefined;
  /** Resource of a request that names none. Default: such a request is refused. */
  readonly defaultResource?: Resource | undefined;
}

/** Request for an access token. `@ghl-edge/client` sends the same request to its token provider. */
export interface AccessTokenRequest {
  /** Location or company that the token is for. Default: `defaultResource` of the manager. */
  readonly resource?: Resource | undefined;
  /** Token types that the operation accepts: `location`, `location-pit`, `company`, `company-pit`. Default: any. */
  readonly acceptedTokenTypes?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Token that HighLevel has refused as invalid or expired. Another one is returned. */
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
