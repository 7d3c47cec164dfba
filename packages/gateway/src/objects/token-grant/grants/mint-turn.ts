const KEY = "mint_turn";

/** The turn of a location in its company's queue for mints. It is stored, because an object that sleeps until then forgets. */
export class MintTurn {
  readonly #kv: SyncKvStorage;
  #known: { readonly atMs: number | undefined } | undefined;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
  }

  /** Time from which the location may mint, in ms since the epoch. Undefined: it has no turn. */
  get atMs(): number | undefined {
    this.#known ??= { atMs: this.#kv.get<number>(KEY) };
    return this.#known.atMs;
  }

  set(atMs: number): void {
    this.#kv.put(KEY, atMs);
    this.#known = { atMs };
  }

  clear(): void {
    if (this.atMs === undefined) return;
    this.#kv.delete(KEY);
    this.#known = { atMs: undefined };
  }
}
