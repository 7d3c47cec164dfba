import type { EndpointSecrets } from "../../domain/endpoint.ts";
import { optional, readWhole } from "./input.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_OVERLAP_HOURS = 24;
/** A week: whoever has not changed a secret by then will not. */
export const MAX_OVERLAP_HOURS = 168;

export interface SecretRotation {
  /** How long the secret before is good beside the new one. */
  readonly overlapHours?: number;
}

type Secrets = EndpointSecrets["signing"];

export const readOverlapMs = (value: unknown): number =>
  (optional(value, (hours) => readWhole("overlapHours", hours, { min: 0, max: MAX_OVERLAP_HOURS })) ??
    DEFAULT_OVERLAP_HOURS) * HOUR_MS;

/** One that is older than the one before ends now: two are good at a time. */
export function rotated(
  before: Secrets,
  secret: string,
  { overlapMs, nowMs }: { readonly overlapMs: number; readonly nowMs: number },
): { readonly secrets: Secrets; readonly previousValidUntilMs: number | null } {
  const untilMs = nowMs + overlapMs;
  const previous = overlapMs === 0 ? [] : before.slice(0, 1).map((one) => ({ ...one, untilMs }));
  return { secrets: [{ secret, untilMs: null }, ...previous], previousValidUntilMs: previous[0]?.untilMs ?? null };
}
