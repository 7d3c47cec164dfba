/** A location (sub-account) or a company (agency). */
export interface Resource {
  readonly kind: "location" | "company";
  readonly id: string;
}

/** An app as registered in the marketplace. */
export interface EmulatedApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Redirect URIs the authorize page accepts, compared exactly. Absent: any. */
  readonly redirectUris?: readonly string[];
  /** Scopes the app may ask for. Absent: any. */
  readonly scopes?: readonly string[];
}

/** The agency the emulator plays, with its sub-accounts. */
export interface EmulatedCompany {
  readonly id: string;
  readonly name: string;
  readonly locations: readonly { readonly id: string; readonly name: string }[];
}

/** A private integration token: static, made by a user, without an app. */
export interface EmulatedPrivateToken {
  readonly token: string;
  readonly resource: Resource;
  readonly scopes: readonly string[];
}

export interface EmulatedRateLimit {
  /** Requests in one interval, per app and resource. */
  readonly max: number;
  readonly intervalMs: number;
  /** Requests in one UTC day, per app and resource. */
  readonly daily: number;
}

/** Every option has a default; `createEmulator()` is a HighLevel with one app, one company and two locations. */
export interface EmulatorOptions {
  /** Same seed, same requests → same ids, tokens and answers. */
  readonly seed?: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Sends webhooks. */
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly apps?: readonly EmulatedApp[];
  readonly company?: EmulatedCompany;
  readonly privateTokens?: readonly EmulatedPrivateToken[];
  /**
   * How long a used refresh token still answers with its successor. HighLevel announced 30 s for identical requests;
   * its OAuth page says single-use. Test with 0 too.
   */
  readonly refreshGraceMs?: number;
  readonly accessTokenLifetimeMs?: number;
  readonly rateLimit?: EmulatedRateLimit;
}

export interface ResolvedOptions extends Required<EmulatorOptions> {}

export const DEFAULT_APP: EmulatedApp = {
  clientId: "65f0c0ffee65f0c0ffee65f0-emulator",
  clientSecret: "emulator-client-secret",
};

export const DEFAULT_COMPANY: EmulatedCompany = {
  id: "cOmPaNy00000000000001",
  name: "Example Agency",
  locations: [
    { id: "lOcAtIoN000000000001", name: "Example Sub-account One" },
    { id: "lOcAtIoN000000000002", name: "Example Sub-account Two" },
  ],
};

export function resolveOptions(options: EmulatorOptions): ResolvedOptions {
  return {
    seed: "ghl-emulator",
    now: () => Date.now(),
    fetch: (request) => fetch(request),
    apps: [DEFAULT_APP],
    company: DEFAULT_COMPANY,
    privateTokens: [],
    refreshGraceMs: 30_000,
    // 86,399 s as in HighLevel's answers
    accessTokenLifetimeMs: 86_399_000,
    // HighLevel's published standard budget: 100 in 10 s, 200,000 a day, per app and resource
    rateLimit: { max: 100, intervalMs: 10_000, daily: 200_000 },
    ...options,
  };
}

/** The app id in webhooks is the part of the client id before the dash. */
export function appIdOf(clientId: string): string {
  return clientId.split("-", 1)[0] ?? clientId;
}
