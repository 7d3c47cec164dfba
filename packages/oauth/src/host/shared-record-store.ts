import type { Resource, Runtime } from "@ghl-edge/core";
import { StoreError } from "../errors.ts";
import type { GrantEvent, GrantNotice, GrantStep } from "../grant/event.ts";
import { type GrantState, newGrant } from "../grant/state.ts";
import type { TokenSet } from "../oauth/token-set.ts";
import type { GrantRecord, StoredRecord, TokenStore } from "../store/token-store.ts";
import { type ReceivedEvent, type RecordStep, stepRecord } from "./grant-record.ts";
import type { GrantRecordStore } from "./grant-record-store.ts";
import type { StoreClock } from "./store-clock.ts";

/** Waits between attempts at a store that fails, milliseconds; the answer of a renewal is held in memory meanwhile. */
const STORE_RETRY_MS = [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 60_000, 60_000, 60_000, 60_000];
/** Attempts when nothing would be lost by giving up. */
const STORE_ATTEMPTS = 3;

/** The ports of a `SharedRecordStore`. */
export interface SharedRecordStoreOptions {
  readonly key: string;
  readonly resource: Resource;
  readonly renewal: GrantState["renewal"];
  /** Company of a location whose token is derived. */
  readonly companyId?: string | undefined;
  readonly store: TokenStore;
  /** Its clock is `clock`. */
  readonly runtime: Runtime;
  readonly clock: StoreClock;
  readonly onNotice: (notice: GrantNotice, code: string | undefined) => void;
}

export interface ApplySettings {
  /** Tokens that came with the event. */
  readonly tokens?: TokenSet;
  readonly guard?: (record: GrantRecord) => boolean;
  /** Number of failures of the store that end the call. Default 3. */
  readonly attempts?: number;
}

/**
 * One grant's record in a `TokenStore` that processes share. It applies events by compare-and-set, and keeps tokens in memory that the
 * store refused until the store accepts them.
 */
export class SharedRecordStore implements GrantRecordStore {
  readonly options: SharedRecordStoreOptions;
  #record: GrantRecord | undefined;
  /** A commit failed, so `#record` may not be what is stored. */
  #doubtful = false;
  /** Tokens that HighLevel gave and the store has not accepted yet: the only copy. */
  #unsaved: ReceivedEvent | undefined;

  constructor(options: SharedRecordStoreOptions) {
    this.options = options;
  }

  /** The newest record this process knows of, unsaved tokens included. */
  get known(): GrantRecord | undefined {
    return this.#record && this.#unsaved ? this.#stepped(this.#record, this.#unsaved).record : this.#record;
  }

  /** Whether there are tokens here that the store has not taken yet. */
  get hasUnsaved(): boolean {
    return this.#unsaved !== undefined;
  }

  /** Reads the newest record. @throws {StoreError} */
  async load(): Promise<GrantRecord> {
    for (;;) {
      const record = await this.#loadStored();
      if (this.#unsaved === undefined) return record;
      const unsaved = this.#unsaved;
      if (await this.#commit(record, this.#stepped(record, unsaved)))
        if (this.#unsaved === unsaved) this.#unsaved = undefined;
      if (this.#record) return this.#record;
    }
  }

  /**
   * Applies an event to the newest record and stores what comes of it. `guard` may call it off.
   *
   * @throws {StoreError} when the store failed `attempts` times; the event is then not applied, or not known to be.
   */
  async apply(event: GrantEvent, settings: ApplySettings = {}): Promise<GrantStep> {
    const { tokens, guard, attempts = STORE_ATTEMPTS } = settings;
    for (let failures = 0, fresh = guard !== undefined; ; fresh = true) {
      // The known record suffices without a guard: the epoch shows whether it is outdated.
      const record = fresh || this.#doubtful || !this.#record ? await this.load() : this.#record;
      if (guard?.(record) === false) return { state: record.state, effects: [] };
      const stepped = this.#stepped(record, { event, tokens });
      try {
        if (await this.#commit(record, stepped)) return stepped.step;
      } catch (error) {
        if (++failures >= attempts) throw error;
        await this.options.runtime.sleep(STORE_RETRY_MS[failures - 1]!);
      }
    }
  }

  /**
   * Like `apply`, for an event that must not be lost: it is held in memory and stored as soon as the store works.
   * `onUnsaved` is called when the first attempt has failed.
   */
  async save(event: GrantEvent, tokens: TokenSet | undefined, onUnsaved: () => void): Promise<GrantStep | undefined> {
    const unsaved: ReceivedEvent = { event, tokens };
    for (const waitMs of [...STORE_RETRY_MS, undefined]) {
      try {
        const step = await this.apply(event, { ...(tokens ? { tokens } : {}), attempts: 1 });
        if (this.#unsaved === unsaved) this.#unsaved = undefined;
        return step;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        this.#unsaved = unsaved;
        onUnsaved();
        if (waitMs !== undefined) await this.options.runtime.sleep(waitMs);
      }
    }
    return undefined;
  }

  #stepped(record: GrantRecord, received: ReceivedEvent): RecordStep {
    return stepRecord(record, received, this.options.runtime.now());
  }

  async #loadStored(): Promise<GrantRecord> {
    const { store, clock, key, renewal, companyId } = this.options;
    const read = async (): Promise<StoredRecord | undefined> => (await Promise.all([store.load(key), clock.set()]))[0];
    const stored = (await this.#trying(read)) as GrantRecord | undefined;
    this.#doubtful = false;
    this.#record = stored ?? { kind: "grant", epoch: 0, state: newGrant(renewal, companyId) };
    return this.#record;
  }

  /** Whether `record` is stored now; `false` when somebody else was quicker. */
  async #commit(before: GrantRecord, { step, record }: RecordStep): Promise<boolean> {
    if (record === before) return true;
    const { store, key, onNotice } = this.options;
    let stored: boolean;
    try {
      stored = await store.commit(key, before.epoch, record);
    } catch (error) {
      this.#doubtful = true;
      throw this.#storeError(error);
    }
    if (!stored) return false;
    this.#record = record;
    for (const effect of step.effects) if (effect.type === "notify") onNotice(effect.notice, effect.code);
    return true;
  }

  async #trying<T>(call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        if (attempt === STORE_ATTEMPTS) throw this.#storeError(error);
        await this.options.runtime.sleep(STORE_RETRY_MS[attempt - 1]!);
      }
    }
  }

  #storeError(error: unknown): StoreError {
    return new StoreError("the token store could not be read or written", { resource: this.options.resource }, error);
  }
}
