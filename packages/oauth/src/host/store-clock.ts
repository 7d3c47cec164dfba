import type { Runtime } from "@ghl-edge/core";
import { describeValue } from "@ghl-edge/core";
import type { TokenStore } from "../store/token-store.ts";

/** A reading of the store's clock holds this long, ms; a clock of this machine that jumps ends it earlier. */
const FRESH_MS = 1_000;

/**
 * This process's clock, set to the store's. All times of a grant are the store's, so that a lease ends at the same moment for
 * every process, whatever their own clocks say. A store without a clock leaves this process's clock as it is.
 */
export class StoreClock {
  readonly #store: TokenStore;
  readonly #runtime: Runtime;
  #offsetMs = 0;
  #setAtMs: number | undefined;
  /** The store's clock may be ahead of `now()` by at most this: how long its answer took. */
  uncertaintyMs = 0;

  constructor(store: TokenStore, runtime: Runtime) {
    this.#store = store;
    this.#runtime = runtime;
  }

  /** The store's time, and never ahead of it by more than this machine's clock has drifted since the last `set`. */
  readonly now = (): number => this.#runtime.now() + this.#offsetMs;

  /** Reads the store's clock, unless that was done just now. @throws what the store throws */
  async set(): Promise<void> {
    if (this.#store.now === undefined) return;
    const askedAtMs = this.#runtime.now();
    if (this.#setAtMs !== undefined && Math.abs(askedAtMs - this.#setAtMs) < FRESH_MS) return;
    const storeMs = await this.#store.now();
    if (!Number.isFinite(storeMs))
      throw new TypeError(`now() of the token store must be a number of milliseconds, got ${describeValue(storeMs)}`);
    const heardAtMs = this.#runtime.now();
    this.#offsetMs = storeMs - heardAtMs;
    this.#setAtMs = heardAtMs;
    this.uncertaintyMs = Math.max(0, heardAtMs - askedAtMs);
  }
}
