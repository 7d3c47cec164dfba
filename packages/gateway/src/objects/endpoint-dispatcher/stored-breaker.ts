import { type Breaker, CLOSED, isClosed, stepBreaker } from "../../domain/delivery/breaker.ts";

const KEY = "breaker";

/** The breaker of one dispatcher: stored, and cached because every attempt reads it. Knows whether the storage accepts writes. */
export class StoredBreaker {
  readonly #kv: SyncKvStorage;
  readonly #onUnrecorded: () => void;
  #cached: Breaker | undefined;
  /** Undefined until this activation of the object has written something. */
  #isWritable: boolean | undefined;

  constructor(kv: SyncKvStorage, onUnrecorded: () => void) {
    this.#kv = kv;
    this.#onUnrecorded = onUnrecorded;
  }

  /** Reads the storage at its first use: a storage that cannot be read earlier would end the object's alarm. */
  current(): Breaker {
    if (this.#cached === undefined) {
      const stored = this.#kv.get<Breaker>(KEY);
      // The same object for every closed breaker shows that a success changes nothing, so that it writes no row.
      this.#cached = stored === undefined || isClosed(stored) ? CLOSED : stored;
    }
    return this.#cached;
  }

  set(breaker: Breaker): void {
    if (breaker === this.current()) return;
    this.#cached = breaker;
    this.#kv.put<Breaker>(KEY, breaker);
  }

  /** Writes the breaker inside a transaction. The caller calls `committed` afterwards, because the transaction may be rolled back. */
  writeInTransaction(breaker: Breaker): void {
    if (breaker !== this.current()) this.#kv.put<Breaker>(KEY, breaker);
  }

  committed(breaker: Breaker): void {
    this.#cached = breaker;
    this.#isWritable = true;
  }

  /** Records that a write has succeeded. */
  noteWritten(): void {
    this.#isWritable = true;
  }

  /** Whether results can be written. Tries a write when this activation has not written anything yet. */
  canWrite(): boolean {
    if (this.#isWritable === true) return true;
    try {
      this.#kv.put<Breaker>(KEY, this.current());
      this.#isWritable = true;
      return true;
    } catch {
      this.noteUnrecorded();
      return false;
    }
  }

  /** Opens the breaker because a result could not be written. It stays open in memory when the storage does not accept that either. */
  noteUnrecorded(): void {
    this.#isWritable = false;
    this.#cached = stepBreaker(this.current(), { type: "unrecorded" }, Date.now());
    this.#onUnrecorded();
    try {
      this.#kv.put<Breaker>(KEY, this.#cached);
    } catch {
      // The breaker in memory has to suffice.
    }
  }
}
