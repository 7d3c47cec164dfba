/**
 * Entries by key, at most `limit` of them: a new one takes the place of the one that was not used for longest. An entry that
 * is held is never dropped, so there may be more as long as more are held.
 */
export class BoundedMap<Value> {
  readonly #limit: number;
  readonly #isHeld: (value: Value) => boolean;
  /** Entries in the order of their last use. */
  readonly #entries = new Map<string, Value>();

  constructor(limit: number, isHeld: (value: Value) => boolean = () => false) {
    this.#limit = limit;
    this.#isHeld = isHeld;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    // Each entry is looked at once: those that are held count as used, and the new one stays.
    for (const [oldKey, old] of [...this.#oldest()]) {
      this.#entries.delete(oldKey);
      if (this.#isHeld(old)) this.#entries.set(oldKey, old);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Yields the oldest entries above the limit, and never the newest entry. */
  *#oldest(): Generator<[string, Value]> {
    let tooMany = this.#entries.size - this.#limit;
    for (const entry of this.#entries) {
      if (tooMany-- <= 0) return;
      yield entry;
    }
  }
}
