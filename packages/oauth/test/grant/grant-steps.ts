import {
  type GrantEvent,
  type GrantState,
  type GrantStep,
  newGrant,
  type RenewalOutcome,
  stepGrant,
} from "../../src/index.ts";

export const T0 = 1_800_000_000_000;
export const DAY = 86_399_000;
export const MINUTE = 60_000;
export const token = (tokenId: string | undefined, obtainedAtMs: number) => ({
  ...(tokenId === undefined ? {} : { tokenId }),
  obtainedAtMs,
  expiresAtMs: obtainedAtMs + DAY,
});
export const run = (state: GrantState, nowMs: number, ...events: GrantEvent[]): GrantStep =>
  events.reduce<GrantStep>((step, event) => stepGrant(step.state, event, nowMs), { state, effects: [] });
export const installed = (renewal: GrantState["renewal"] = "refreshable"): GrantState =>
  run(newGrant(renewal), T0, { type: "exchanged", installedAtMs: T0, token: token("r1", T0) }).state;
export const tick: GrantEvent = { type: "tick" };
export const answer = (tokenId: string, attempt: number, outcome: RenewalOutcome): GrantEvent => ({
  type: "answered",
  tokenId,
  attempt,
  outcome,
});
export const ambiguous = { kind: "ambiguous", code: "ERR_GHL_TIMEOUT" } as const;
export const invalid = { kind: "invalid_grant", code: "ERR_GHL_INVALID_GRANT" } as const;
export const sends = (step: GrantStep): number => step.effects.filter(({ type }) => type === "send").length;
export const notices = (step: GrantStep): string[] =>
  step.effects.flatMap((effect) => (effect.type === "notify" ? [effect.notice] : []));

export const HOUR = 60 * MINUTE;
