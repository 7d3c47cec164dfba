import type { GrantEvent, GrantStep } from "../grant/event.ts";
import { stepGrant } from "../grant/machine.ts";
import type { TokenSet } from "../oauth/token-set.ts";
import type { GrantRecord } from "../store/token-store.ts";

/** An event, and the tokens that came with it. */
export interface ReceivedEvent {
  readonly event: GrantEvent;
  readonly tokens?: TokenSet | undefined;
}

/** A step of the state machine, and the record that has to be stored before its effects are carried out. */
export interface RecordStep {
  readonly step: GrantStep;
  /** It is the same object as before when the event changes nothing. */
  readonly record: GrantRecord;
}

/**
 * Completes received tokens by the stored ones: an answer may leave out the refresh token. A code exchange begins a new grant and
 * takes nothing from the old one.
 *
 * @param event - The event that brings the tokens
 * @param stored - The tokens that are stored
 * @param received - The tokens of the answer
 * @returns The tokens to store
 * @example
 * ```ts
 * import { type GrantEvent, mergeTokens, type TokenSet } from "@ghl-edge/oauth";
 *
 * export const toSeal = (event: GrantEvent, stored: TokenSet | undefined, received: TokenSet) =>
 *   JSON.stringify(mergeTokens(event, stored, received));
 * ```
 */
export function mergeTokens(event: GrantEvent, stored: TokenSet | undefined, received: TokenSet): TokenSet {
  return event.type === "exchanged" ? received : { ...stored, ...received };
}

/**
 * Applies an event to a record: the new state, and the tokens that belong to it. Pure.
 *
 * @param record - The newest record
 * @param received - The event with its tokens
 * @param nowMs - The store's time, Unix milliseconds
 * @returns The step and the record to store, whose `epoch` is that of the new state
 * @example
 * ```ts
 * import { type GrantRecord, newGrant, stepRecord } from "@ghl-edge/oauth";
 *
 * const record: GrantRecord = { kind: "grant", epoch: 0, state: newGrant("refreshable") };
 * const event = { type: "installed", atMs: Date.now() } as const;
 * console.log(stepRecord(record, { event }, Date.now()).record.epoch); // 1
 * ```
 */
export function stepRecord(record: GrantRecord, { event, tokens }: ReceivedEvent, nowMs: number): RecordStep {
  const step = stepGrant(record.state, event, nowMs);
  if (step.state === record.state) return { step, record };
  const next = { kind: "grant", epoch: step.state.epoch, state: step.state } as const;
  const has = (type: string): boolean => step.effects.some((effect) => effect.type === type);
  if (has("forget_tokens")) return { step, record: next };
  const stored = has("store_tokens") && tokens ? mergeTokens(event, record.tokens, tokens) : record.tokens;
  return { step, record: stored ? { ...next, tokens: stored } : next };
}
