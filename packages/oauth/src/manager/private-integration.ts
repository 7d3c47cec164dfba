import type { StoredRecord } from "../store/token-store.ts";

/**
 * A private integration token: static, shown once, to be rotated every 90 days; with "rotate later" the old and the new
 * one are both valid for 7 days (HighLevel's help pages, 2025).
 */
export interface PrivateIntegration extends StoredRecord {
  readonly kind: "private";
  readonly version: 1;
  readonly token: string;
  readonly createdAtMs: number;
  /** The previous token, while it is valid. */
  readonly previous?: { readonly token: string; readonly validUntilMs: number };
  /** The time at which the reminder of this token was given. */
  readonly remindedAtMs?: number;
}

const DAY_MS = 86_400_000;
/** HighLevel's advice, days. */
const ROTATE_AFTER_DAYS = 90;
const REMIND_AFTER_DAYS = 80;
const OVERLAP_DAYS = 7;

/** The dates of a private integration token's rotation. It holds no token. */
export interface RotationStatus {
  readonly createdAtMs: number;
  readonly remindAtMs: number;
  readonly rotateAtMs: number;
  /** `remindAtMs` has passed. */
  readonly due: boolean;
  /** The time until which the previous token also works, Unix milliseconds. */
  readonly previousValidUntilMs?: number;
}

/**
 * Returns when a private integration token has to be rotated.
 *
 * @param record - The stored token
 * @param nowMs - The present time, Unix milliseconds
 * @returns The dates of the rotation, without the token
 * @example
 * ```ts
 * import { rotatePrivateToken, rotationStatus } from "@ghl-edge/oauth";
 *
 * const record = rotatePrivateToken(undefined, "pit-token", Date.now());
 * console.log(rotationStatus(record, Date.now()).due); // false
 * ```
 */
export function rotationStatus(record: PrivateIntegration, nowMs: number): RotationStatus {
  const { createdAtMs, previous } = record;
  const remindAtMs = createdAtMs + REMIND_AFTER_DAYS * DAY_MS;
  return {
    createdAtMs,
    remindAtMs,
    rotateAtMs: createdAtMs + ROTATE_AFTER_DAYS * DAY_MS,
    due: nowMs >= remindAtMs,
    ...(previous && nowMs < previous.validUntilMs ? { previousValidUntilMs: previous.validUntilMs } : {}),
  };
}

/**
 * Replaces a private integration token. The old one stays for the overlap of 7 days.
 *
 * @param record - The stored token; `undefined` for the first one
 * @param token - The new token
 * @param rotatedAtMs - When HighLevel made the new one, Unix milliseconds
 * @returns The record to store
 * @example
 * ```ts
 * import { rotatePrivateToken } from "@ghl-edge/oauth";
 *
 * const first = rotatePrivateToken(undefined, "pit-one", Date.now());
 * export const second = rotatePrivateToken(first, "pit-two", Date.now());
 * ```
 */
export function rotatePrivateToken(
  record: PrivateIntegration | undefined,
  token: string,
  rotatedAtMs: number,
): PrivateIntegration {
  if (record?.token === token) return record;
  const validUntilMs = rotatedAtMs + OVERLAP_DAYS * DAY_MS;
  return {
    kind: "private",
    version: 1,
    epoch: (record?.epoch ?? 0) + 1,
    token,
    createdAtMs: rotatedAtMs,
    ...(record ? { previous: { token: record.token, validUntilMs } } : {}),
  };
}

/**
 * Returns the token to use: the new one, or the earlier one while it is valid and the new one was refused.
 *
 * @param record - The stored token
 * @param nowMs - The present time, Unix milliseconds
 * @param rejectedToken - Token that HighLevel has refused; `undefined` when there was no refusal
 * @returns The token
 * @example
 * ```ts
 * import { type PrivateIntegration, privateToken } from "@ghl-edge/oauth";
 *
 * export const tokenFor = (record: PrivateIntegration): string => privateToken(record, Date.now(), undefined);
 * ```
 */
export function privateToken(record: PrivateIntegration, nowMs: number, rejectedToken: string | undefined): string {
  const { token, previous } = record;
  return rejectedToken === token && previous && nowMs < previous.validUntilMs ? previous.token : token;
}
