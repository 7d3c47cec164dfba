import type { GrantState } from "../grant/state.ts";
import type { TokenSet } from "../oauth/token-set.ts";

/**
 * Value that a store keeps under one key: JSON with an `epoch`. A store need not know more. The value contains secrets, so the store
 * encrypts it at rest where its disk does not.
 */
export interface StoredRecord {
  /** Grows by one with each commit. */
  readonly epoch: number;
}

/** The record of a grant: its state in the clear, and its tokens. */
export interface GrantRecord extends StoredRecord {
  readonly kind: "grant";
  readonly state: GrantState;
  readonly tokens?: TokenSet;
}

/**
 * Keeps records for all processes that share grants. Its one demand is compare-and-set: of several `commit`s with the
 * same `expectedEpoch` exactly one is carried out, across processes and crashes. The lease of a renewal is part of the
 * record (`state.intent.leaseUntilMs`), so it is taken by the same commit that says what is about to be sent, and no
 * store needs locks of its own. Check an implementation with `@ghl-edge/oauth/testing`.
 */
export interface TokenStore {
  /**
   * Reads the newest committed record. It never returns one that was replaced before this call began.
   *
   * @param key - Key of the grant
   * @returns The record, or `undefined` when there is none
   */
  load(key: string): Promise<StoredRecord | undefined>;
  /**
   * Stores `next`, all of it or nothing, if the stored record has `expectedEpoch`. `next.epoch` is always `expectedEpoch + 1`. The record is
   * durable when it resolves to `true`.
   *
   * @param key - Key of the grant
   * @param expectedEpoch - Epoch of the record that `next` replaces. 0: there is none
   * @param next - The new record
   * @returns `false` when the stored epoch is another one
   * @throws when it is not known whether `next` was stored.
   */
  commit(key: string, expectedEpoch: number, next: StoredRecord): Promise<boolean>;
  /**
   * Reads the store's own clock, the same for all processes that share it. It decides how long the right to send
   * a refresh token lasts. Leave it out only where all processes read one clock: without it, clocks that differ by more than
   * `MAX_CLOCK_SKEW_MS` let two processes send the same refresh token.
   *
   * @returns Unix time in milliseconds
   */
  now?(): Promise<number>;
}
