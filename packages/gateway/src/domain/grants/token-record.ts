import type { Resource } from "@ghl-edge/core";
import type { GrantState } from "@ghl-edge/oauth";
import { resourceName } from "../resource.ts";
import { type DataKey, open, seal } from "./seal.ts";

/**
 * The source of a resource's token: a refresh token of its own, its company's token, or a private integration. An
 * object stores one record of each at most.
 */
export type Source = "refreshable" | "derived" | "private";
/** A source that is a grant. */
export type GrantSource = Exclude<Source, "private">;

/** A record beside the sources: tokens of an installation that waits for its approval. */
export const PENDING_APPROVAL = "pending_approval";
export type RecordName = Source | typeof PENDING_APPROVAL;

/** App and resource that an object belongs to. They are bound into every ciphertext. */
export interface Tenant {
  readonly app: string;
  readonly resource: Resource;
}

const recordKey = ({ app, resource }: Tenant, source: RecordName): string => `${resourceName(app, resource)}:${source}`;

/** Key that the data key of an object is bound to. */
export const tenantKey = ({ app, resource }: Tenant): string => resourceName(app, resource);

/** Key that a cached access token is bound to. */
export const tokenCacheKey = ({ app, resource }: Tenant, acceptedTokenTypes: string): string =>
  `${resourceName(app, resource)}:token-cache:${acceptedTokenTypes}`;

/** The record that a ciphertext is bound to. */
export interface SealedRecord {
  readonly tenant: Tenant;
  readonly source: RecordName;
}

/** Seals the secrets of one source as one ciphertext. */
export function sealSecrets(key: DataKey, { tenant, source }: SealedRecord, secrets: unknown): Promise<string> {
  return seal(key, JSON.stringify(secrets), recordKey(tenant, source));
}

/** @throws SealBrokenError when it was sealed for another record or with another key */
export async function openSecrets<Secrets>(
  key: DataKey,
  { tenant, source }: SealedRecord,
  sealed: string,
): Promise<Secrets> {
  return JSON.parse(await open(key, sealed, recordKey(tenant, source))) as Secrets;
}

/** Interval at which holders of a token check for a new one while a refresh ahead of need is overdue. */
const RECHECK_MS = 30_000;
/** A token is not given out just to expire on its way. */
const SERVE_MARGIN_MS = 60_000;

/**
 * Until when a holder may use the access token without asking again. Not to its end: whether a refresh ends the older
 * access token is documented nowhere, so the newer one is wanted soon after it exists.
 */
export function freshUntilMs({ current }: GrantState, nowMs: number): number {
  if (current === undefined) return nowMs;
  const dueAtMs = Math.min(current.refreshAheadAtMs, current.replaceAtMs ?? Number.POSITIVE_INFINITY);
  const renewedAtMs = nowMs < dueAtMs ? dueAtMs : nowMs + RECHECK_MS;
  return Math.min(renewedAtMs, current.expiresAtMs - SERVE_MARGIN_MS);
}
