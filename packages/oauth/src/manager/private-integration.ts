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
  /** The one before, as long as it is valid. */
  readonly previous?: { readonly token: string; readonly validUntilMs: number };
  /** When the reminder of this token was given. */
  readonly remindedAtMs?: number;
}

const DAY_MS = 86_400_000;
/** HighLevel's advice, days. */
const ROTATE_AFTER_DAYS = 90;
const REMIND_AFTER_DAYS = 80;
const OVERLAP_DAYS = 7;

/** When a private integration token has to be rotated. Holds no token. */
export interface RotationStatus {
  readonly createdAtMs: number;
  readonly remindAtMs: number;
  readonly rotateAtMs: number;
  /** `remindAtMs` has passed. */
  readonly due: boolean;
  /** Until when the one before works as well. */
  readonly previousValidUntilMs?: number;
}

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
 * A new token takes the place of the old one, which is kept for the overlap.
 *
 * @param rotatedAtMs When HighLevel made the new one, Unix milliseconds.
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

/** The token to use: the new one, or the one before while it is valid and the new one was refused. */
export function privateToken(record: PrivateIntegration, nowMs: number, rejectedToken: string | undefined): string {
  const { token, previous } = record;
  return rejectedToken === token && previous && nowMs < previous.validUntilMs ? previous.token : token;
}
