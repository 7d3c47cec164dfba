/**
 * The burst budget of one resource as slots: a slot is held from the grant until one interval after the answer, which
 * needs no knowledge of HighLevel's window kind or phase. Without a report of the answer, `padMs` stands for the time
 * the request travels. Pure: the object around it keeps the state in memory.
 */
export interface PermitRules {
  /** Slots: HighLevel's 100 calls in 10 s, per app and resource. */
  readonly slots: number;
  readonly intervalMs: number;
  readonly padMs: number;
}

/** When each held slot is free again, ascending. */
export type PermitState = readonly number[];

export const STANDARD_RULES: PermitRules = { slots: 100, intervalMs: 10_000, padMs: 500 };

export type PermitDecision =
  | { readonly granted: true; readonly atMs: number; readonly state: PermitState }
  | { readonly granted: false; readonly retryAtMs: number; readonly state: PermitState };

/** Reserves the slot that is free first. A caller who would wait longer than `maxWaitMs` reserves nothing. */
export function takePermit(
  state: PermitState,
  rules: PermitRules,
  request: { readonly nowMs: number; readonly maxWaitMs: number },
): PermitDecision {
  const { nowMs, maxWaitMs } = request;
  const held = state.filter((freeAtMs) => freeAtMs > nowMs);
  const atMs = held.length < rules.slots ? nowMs : held[held.length - rules.slots]!;
  if (atMs - nowMs > maxWaitMs) return { granted: false, retryAtMs: atMs, state: held };
  return { granted: true, atMs, state: [...held, atMs + rules.intervalMs + rules.padMs] };
}
