import * as v from "valibot";
import type { EndpointSecrets } from "../../domain/delivery/endpoint.ts";
import { described, wholeNumber } from "./schema.ts";

const HOUR_MS = 3_600_000;
/** A week. A caller that has not changed a secret by then will not change it. */
const MAX_OVERLAP_HOURS = 168;

export const overlapHours = v.optional(
  described(
    wholeNumber(0, MAX_OVERLAP_HOURS),
    "Number of hours for which the previous secret is valid beside the new one. An older secret ends now.",
  ),
  24,
);

type Secrets = EndpointSecrets["signing"];

/** Puts a new secret first. Two secrets are valid at a time, so one that is older than the previous secret ends now. */
export function rotated(
  before: Secrets,
  secret: string,
  { overlapHours: hours, nowMs }: { readonly overlapHours: number; readonly nowMs: number },
): { readonly secrets: Secrets; readonly previousValidUntilMs: number | null } {
  const untilMs = nowMs + hours * HOUR_MS;
  const previous = hours === 0 ? [] : before.slice(0, 1).map((one) => ({ ...one, untilMs }));
  return { secrets: [{ secret, untilMs: null }, ...previous], previousValidUntilMs: previous[0]?.untilMs ?? null };
}
