import type { GrantEvent, GrantStep } from "../grant/event.ts";
import type { TokenSet } from "../oauth/token-set.ts";
import type { GrantRecord } from "../store/token-store.ts";

/**
 * The record of one grant, as a `GrantHost` uses it. An implementation commits each step before it returns the step's effects: by
 * compare-and-set where processes share the record, or in one transaction where a single object holds it. `stepRecord` computes the step.
 */
export interface GrantRecordStore {
  /** The newest record that is known without I/O, tokens included that are not stored yet. */
  readonly known: GrantRecord | undefined;
  /**
   * Reads the newest record.
   *
   * @returns The record
   */
  load(): GrantRecord | Promise<GrantRecord>;
  /**
   * Applies an event that brings no tokens. The returned effects belong to a state that is stored.
   *
   * @param event - The event
   * @returns The new state, and its effects
   */
  apply(event: GrantEvent): GrantStep | Promise<GrantStep>;
  /**
   * Applies an event that brings tokens, which must not be lost: an implementation whose storage fails keeps them in memory and tries
   * again.
   *
   * @param event - The event
   * @param tokens - The tokens that it brings
   * @param onUnsaved - Called as soon as `known` has the tokens while they are not stored
   * @returns A promise that resolves when the tokens are stored. Its value is not used
   */
  save(event: GrantEvent, tokens: TokenSet, onUnsaved: () => void): Promise<unknown>;
}
