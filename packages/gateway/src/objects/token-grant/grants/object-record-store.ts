import {
  type GrantEvent,
  type GrantReading,
  type GrantRecord,
  type GrantRecordStore,
  type GrantState,
  type GrantStep,
  mergeTokens,
  type RecordStep,
  readGrant,
  stepRecord,
  type TokenSet,
} from "@ghl-edge/oauth";

/** The ports of an `ObjectRecordStore`. */
export interface ObjectRecordStoreOptions {
  readonly record: GrantRecord;
  readonly configurationId: string;
  /** Encrypts tokens. */
  readonly seal: (tokens: TokenSet) => Promise<string>;
  /** Writes the record in one transaction. `secrets`: undefined leaves the stored ones, null removes them. */
  readonly commit: (state: GrantState, secrets: string | null | undefined) => void;
  /** Called after the commit, in the same synchronous block. */
  readonly onStored: (step: GrantStep, before: GrantState) => void;
}

const has = (step: GrantStep, type: GrantStep["effects"][number]["type"]): boolean =>
  step.effects.some((effect) => effect.type === type);

/**
 * The record of one grant, which a Durable Object holds alone. Memory and storage change together in one synchronous block, so the
 * known record is always the stored one.
 */
export class ObjectRecordStore implements GrantRecordStore {
  readonly #options: ObjectRecordStoreOptions;
  #record: GrantRecord;

  constructor(options: ObjectRecordStoreOptions) {
    this.#options = options;
    this.#record = options.record;
  }

  get known(): GrantRecord {
    return this.#record;
  }

  get state(): GrantState {
    return this.#record.state;
  }

  get tokens(): TokenSet | undefined {
    return this.#record.tokens;
  }

  load(): GrantRecord {
    return this.#record;
  }

  read(): GrantReading {
    return readGrant(this.state, Date.now(), this.#options.configurationId);
  }

  /**
   * Ends a request that an earlier activation of the object has sent: its answer will not come, and the same token is sent again while
   * HighLevel still answers it. To be called once after the record was read.
   */
  endInterruptedRequest(): void {
    const { intent } = this.state;
    if (intent?.leaseUntilMs === undefined) return;
    const { tokenId, attempt } = intent;
    this.apply({ type: "answered", tokenId, attempt, outcome: { kind: "ambiguous", code: "ERR_GHL_NETWORK" } });
  }

  apply(event: GrantEvent): GrantStep {
    return this.#commit(stepRecord(this.#record, { event }, Date.now()), undefined);
  }

  async save(event: GrantEvent, tokens: TokenSet): Promise<void> {
    await this.saveIf(event, tokens, () => true);
  }

  /**
   * Seals the tokens that an event brings, then stores them with the state.
   *
   * @param isCurrent - Called right before the commit, in the same synchronous block. False stores nothing.
   * @returns Whether the event was applied.
   */
  async saveIf(event: GrantEvent, tokens: TokenSet, isCurrent: () => boolean): Promise<boolean> {
    for (;;) {
      const before = this.tokens;
      const secrets = await this.#options.seal(mergeTokens(event, before, tokens));
      // Another pair may have come while these were sealed: what an answer leaves out is taken from the newest.
      if (this.tokens !== before) continue;
      if (!isCurrent()) return false;
      this.#commit(stepRecord(this.#record, { event, tokens }, Date.now()), secrets);
      return true;
    }
  }

  #commit({ step, record }: RecordStep, secrets: string | undefined): GrantStep {
    const before = this.#record;
    if (record === before) return step;
    const stored = has(step, "store_tokens") ? secrets : undefined;
    this.#options.commit(record.state, has(step, "forget_tokens") ? null : stored);
    this.#record = record;
    this.#options.onStored(step, before.state);
    return step;
  }
}
