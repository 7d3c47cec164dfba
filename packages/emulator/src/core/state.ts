import type { Resource } from "@ghl-edge/core";
import { createRecordStore, type RecordStore } from "../api/records/store.ts";
import { createFaultBook, type FaultBook } from "../faults/fault-book.ts";
import { readRule } from "../faults/read-rule.ts";
import type { Budget } from "../limits/budget.ts";
import type { EmulatedRateLimit } from "../limits/rate-limit.ts";
import type { WebhookAttempt } from "../webhooks/webhook-attempt.ts";
import type { InstalledApp } from "./installed-app.ts";
import { createExchanges, type Exchanges } from "./log/exchange.ts";
import type { RequestLogEntry } from "./log/request-log.ts";
import type { ResolvedOptions } from "./options/emulator-options.ts";

/** One installation: what an authorization code was given for. */
export interface Installation {
  readonly clientId: string;
  readonly resource: Resource;
  readonly companyId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  /** An agency installed an app for sub-accounts: location tokens are minted from the company's. */
  readonly bulk: boolean;
  /** Locations that were chosen in a bulk installation. */
  readonly approvedLocations?: readonly string[];
  /** Whether a bulk installation includes locations that are created later. */
  readonly future?: boolean;
}

export interface AuthorizationCode {
  readonly installation: Installation;
  readonly redirectUri: string;
  readonly expiresAtMs: number;
}

export interface RefreshToken {
  readonly installation: Installation;
  readonly expiresAtMs: number;
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

/** Everything an emulator remembers, in one place: drop the object and it is a new HighLevel. */
export interface EmulatorState {
  readonly codes: Map<string, AuthorizationCode>;
  readonly refreshTokens: Map<string, RefreshToken>;
  readonly accessTokens: Map<string, AccessToken>;
  readonly budgets: Map<string, Budget>;
  rateLimit: EmulatedRateLimit;
  readonly faults: FaultBook;
  /** Each releases one held answer. */
  readonly held: Set<() => void>;
  /** Resource ids that are paused. */
  readonly inactive: Set<string>;
  readonly installedAtMs: Map<string, number>;
  readonly log: RequestLogEntry[];
  readonly exchanges: Exchanges;
  readonly records: RecordStore;
  readonly webhooks: WebhookAttempt[];
  readonly installations: Map<string, InstalledApp>;
}

export function createState({ rateLimit, faults, apps, privateTokens }: ResolvedOptions): EmulatorState {
  const book = createFaultBook();
  for (const rule of faults) book.add(readRule(rule));
  return {
    codes: new Map(),
    refreshTokens: new Map(),
    accessTokens: new Map(),
    budgets: new Map(),
    rateLimit,
    faults: book,
    held: new Set(),
    inactive: new Set(),
    installedAtMs: new Map(),
    log: [],
    exchanges: createExchanges([
      ...apps.map(({ clientSecret }) => clientSecret),
      ...privateTokens.map(({ token }) => token),
    ]),
    records: createRecordStore(),
    webhooks: [],
    installations: new Map(),
  };
}
