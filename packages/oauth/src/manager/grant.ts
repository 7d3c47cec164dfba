import {
  type GrantError,
  NotInstalledError,
  ReauthRequiredError,
  RenewalConfigurationError,
  SuspendedError,
  TokenUnavailableError,
} from "../errors.ts";
import { type GrantReading, nextWakeMs, readGrant } from "../grant/read.ts";
import type { GrantHost } from "../host/grant-host.ts";
import type { SharedRecordStore } from "../host/shared-record-store.ts";
import type { GrantRecord } from "../store/token-store.ts";

export interface GrantOptions {
  readonly store: SharedRecordStore;
  readonly host: GrantHost;
  /** Longest wait of a caller for a token, milliseconds. */
  readonly maxWaitMs: number;
}

/** One grant in one process: gives its token to callers, who share one renewal. */
export class Grant {
  readonly store: SharedRecordStore;
  readonly #options: GrantOptions;
  readonly #rejections = new Map<string, Promise<void>>();
  readonly #waiters = new Set<() => void>();
  #callers = 0;

  constructor(options: GrantOptions) {
    this.store = options.store;
    this.#options = options;
  }

  /** Whether something is under way that another object for the same grant would not know of. */
  get isBusy(): boolean {
    const { store, host } = this.#options;
    const isCalled = host.isRunning || this.#callers > 0 || this.#rejections.size > 0;
    return isCalled || store.hasUnsaved || host.awaitsLateAnswer;
  }

  /** The token if it can be given out without any wait; starts a renewal beside it when one is due. */
  ready(): string | undefined {
    const record = this.store.known;
    if (!record?.tokens) return undefined;
    const reading = readGrant(record.state, this.store.options.runtime.now());
    if (reading.kind !== "usable") return undefined;
    if (reading.due && !this.#options.host.isRunning) this.#background();
    return record.tokens.accessToken;
  }

  /** The token. @throws {GrantError} that says what is wrong, or the signal's reason. */
  async token(signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const ready = this.ready();
    if (ready !== undefined) return ready;
    this.#callers++;
    try {
      return await this.#renewed(signal);
    } finally {
      this.#callers--;
    }
  }

  async #renewed(signal: AbortSignal | undefined): Promise<string> {
    const { runtime } = this.store.options;
    const deadlineMs = runtime.now() + this.#options.maxWaitMs;
    for (;;) {
      const ended = await this.#wait(this.#run(), deadlineMs - runtime.now(), signal);
      const token = this.ready();
      if (token !== undefined) return token;
      const record = this.store.known ?? (await this.store.load());
      const reading = readGrant(record.state, runtime.now());
      if (reading.kind === "refused") throw this.#refusal(reading);
      if (ended === "unsaved") continue;
      if (ended === "late" || (reading.kind === "wait" && reading.untilMs > runtime.now()))
        throw this.#unavailable(reading.kind === "wait" ? reading.untilMs : undefined);
    }
  }

  /** The API refused this token: has it replaced, once. */
  async rejected(token: string): Promise<void> {
    const known = this.store.known;
    if (known?.tokens && known.tokens.accessToken !== token) return;
    let running = this.#rejections.get(token);
    if (!running) {
      running = this.#reject(token).finally(() => this.#rejections.delete(token));
      this.#rejections.set(token, running);
    }
    return running;
  }

  /** Does what is due. @returns when to call again, Unix milliseconds; `undefined`: not by itself. */
  async tick(): Promise<number | undefined> {
    await this.#run();
    const record = this.store.known;
    return record && nextWakeMs(record.state);
  }

  /** Makes the next attempt now. */
  async retry(): Promise<void> {
    await this.store.apply({ type: "retry" }, { guard: () => true });
    await this.#run();
  }

  /** Reads what is stored, other processes' changes included. */
  load(): Promise<GrantRecord> {
    return this.store.load();
  }

  async #reject(token: string): Promise<void> {
    await this.store.apply({ type: "rejected" }, { guard: (record) => record.tokens?.accessToken === token });
  }

  /** Wakes callers, because there are tokens that the store has not accepted yet. */
  wakeWaiters(): void {
    for (const wake of this.#waiters) wake();
  }

  #run(): Promise<void> {
    return this.#options.host.run();
  }

  /** Settles when the renewal ends, when there are tokens the store has not taken yet, or when time is up. */
  async #wait(
    running: Promise<void>,
    leftMs: number,
    signal: AbortSignal | undefined,
  ): Promise<"ended" | "unsaved" | "late"> {
    const done = new AbortController();
    let wake = (): void => {};
    try {
      return await new Promise((resolve, reject) => {
        wake = () => resolve("unsaved");
        this.#waiters.add(wake);
        running.then(() => resolve("ended"), reject);
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true, signal: done.signal });
        const late = this.store.options.runtime.sleep(Math.max(0, leftMs), done.signal);
        late.then(() => resolve("late")).catch(() => {});
      });
    } finally {
      this.#waiters.delete(wake);
      done.abort();
    }
  }

  #background(): void {
    // A caller with a good token gets no error of the renewal; the caller who needs the next token does.
    void this.#run().catch(() => {});
  }

  #unavailable(retryAtMs: number | undefined): GrantError {
    const { resource } = this.store.options;
    return new TokenUnavailableError("HighLevel did not give a token in time", { resource, retryAtMs });
  }

  #refusal(reading: Extract<GrantReading, { kind: "refused" }>): GrantError {
    const { reason, retryAtMs, code: answerCode } = reading;
    const details = { resource: this.store.options.resource, retryAtMs, answerCode };
    switch (reason) {
      case "pending":
        return new NotInstalledError("the app is not installed, or its code was not exchanged yet", details);
      case "uninstalled":
        return new NotInstalledError("the app was uninstalled", details);
      case "suspended":
        return new SuspendedError("HighLevel says that the installation is not active", details);
      case "reauth_required":
        return new ReauthRequiredError(details, true);
      case "reauth_unconfirmed":
        return new ReauthRequiredError(details, false);
      case "configuration":
        return new RenewalConfigurationError("HighLevel refuses the app's settings", details);
    }
  }
}
