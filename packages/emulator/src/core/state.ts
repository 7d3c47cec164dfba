import type { Resource } from "./options.ts";
import type { RequestLogEntry } from "./request-log.ts";

/** One installation: what an authorization code was given for. */
export interface Installation {
  readonly clientId: string;
  readonly resource: Resource;
  readonly companyId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  /** An agency installed an app for sub-accounts: location tokens are minted from the company's. */
  readonly bulk: boolean;
}

export interface AuthorizationCode {
  readonly installation: Installation;
  readonly redirectUri: string;
}

export interface RefreshToken {
  readonly installation: Installation;
  /** Set by the first use. */
  used?: { readonly atMs: number; readonly successor: string };
}

export interface AccessToken {
  readonly kind: "oauth" | "private";
  readonly resource: Resource;
  readonly scopes: readonly string[];
  /** Absent for private integration tokens. */
  readonly clientId?: string;
  /** Absent: never. */
  readonly expiresAtMs?: number;
}

export interface Window {
  startMs: number;
  count: number;
  day: number;
  dayCount: number;
}

/** Everything an emulator remembers, in one place: drop the object and it is a new HighLevel. */
export interface EmulatorState {
  readonly codes: Map<string, AuthorizationCode>;
  readonly refreshTokens: Map<string, RefreshToken>;
  readonly accessTokens: Map<string, AccessToken>;
  readonly windows: Map<string, Window>;
  /** Resource ids that are paused. */
  readonly inactive: Set<string>;
  readonly installedAtMs: Map<string, number>;
  readonly log: RequestLogEntry[];
}

export function createState(): EmulatorState {
  return {
    codes: new Map(),
    refreshTokens: new Map(),
    accessTokens: new Map(),
    windows: new Map(),
    inactive: new Set(),
    installedAtMs: new Map(),
    log: [],
  };
}
