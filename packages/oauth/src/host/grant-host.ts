import type { Clock, Resource, RuntimeOptions } from "@ghl-edge/core";
import { GhlOAuthError, TimeoutError } from "../errors.ts";
import type { AnsweredEvent, GrantEffect, GrantStep } from "../grant/event.ts";
import { stepGrant } from "../grant/machine.ts";
import { isInFlight, readGrant } from "../grant/read.ts";
import type { GrantState } from "../grant/state.ts";
import { REQUEST_TIMEOUT_MS, STORE_RESERVE_MS } from "../grant/timing.ts";
import { checkNumber, checkWaitMs } from "../oauth/app.ts";
import { fingerprint, isTokenOfAnotherResource, type TokenSet } from "../oauth/token-set.ts";
import { resolveClock } from "../runtime.ts";
import type { GrantRecord } from "../store/token-store.ts";
import type { GrantRecordStore } from "./grant-record-store.ts";
import { outcomeOf } from "./outcome.ts";

/** Intervals at which the store is read while another process renews, milliseconds; the last one repeats. */
const POLL_MS = [20, 40, 80, 160, 250];
/**
 * Time after the time-out in which a late answer is accepted, milliseconds. The token is sent again meanwhile. Without HighLevel's
 * grace a slow answer is the only copy of the new pair.
 */
const LATE_ANSWER_MS = 60_000;

/** A time-out that ends later than this shows that the process stood still, milliseconds. */
const STALLED_MS = 250;
/** Time in which a process that stood still reads what has arrived meanwhile, milliseconds. */
const READ_AFTER_STALL_MS = 100;

type SendEffect = Extract<GrantEffect, { type: "send" }>;

/** A renewal request that is ready to be sent. */
export interface PreparedRenewal {
  /**
   * Sends the request once.
   *
   * @param tokens - The stored tokens, whose refresh token is the one to send
   * @param timeoutMs - Time-out of the request, milliseconds
   * @returns The new tokens
   * @throws {GhlOAuthError} which `outcomeOf` reads
   */
  renew(tokens: TokenSet | undefined, timeoutMs: number): Promise<TokenSet>;
  /** Releases what was acquired for the request. It is called once, also where nothing was sent. */
  release?(): void;
}

/** The ports of a `GrantHost`. */
export interface GrantHostOptions {
  /** The record of the grant. */
  readonly store: GrantRecordStore;
  readonly renewal: GrantState["renewal"];
  /** Tokens of another resource are never stored. */
  readonly resource: Resource;
  /** Identifies the app's configuration without a secret: renewal that a configuration error stopped goes on with another one. */
  readonly configurationId: () => string | Promise<string>;
  /**
   * Acquires what a renewal needs before it takes the right to send, because that may take long: a company's token, a permit. Callers
   * get the error that it rejects with; nothing was sent then.
   */
  readonly prepare: () => PreparedRenewal | Promise<PreparedRenewal>;
  /** Clock, timer and randomness. Default: the platform's. */
  readonly runtime?: Omit<RuntimeOptions, "fetch"> | undefined;
  /** The store's clock may be ahead of the runtime's by this much, milliseconds. Default: 0. */
  readonly clockUncertaintyMs?: (() => number) | undefined;
  /** Time-out of one request, milliseconds. Default: 6,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Longest wait of `run` for the next attempt, its own or another process's, milliseconds. The default is 0, which makes one attempt at
   * most; an alarm or the next caller makes the next one.
   */
  readonly followMs?: number | undefined;
  /** Keeps work alive that no caller waits for: a Worker's `ctx.waitUntil`. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** Called when there are tokens that the store has not accepted yet. */
  readonly onUnsaved?: (() => void) | undefined;
  /** Called when an answer was refused because it names another resource. */
  readonly onTokenOfAnotherResource?: (() => void) | undefined;
}

/**
 * Carries out what the state machine of one grant decides: it stores each state before it acts on it, sends the renewal request,
 * shares one renewal among all callers, and stores late answers. `TokenManager` and the gateway's Durable Object use it; it decides
 * nothing itself.
 *
 * @example
 * ```ts
 * import { type AppCredentials, createOAuthClient, fingerprint, GrantHost, type GrantRecordStore } from "@ghl-edge/oauth";
 *
 * export function hostOf(store: GrantRecordStore, app: AppCredentials, locationId: string): GrantHost {
 *   const client = createOAuthClient(app);
 *   return new GrantHost({
 *     store,
 *     renewal: "refreshable",
 *     resource: { kind: "location", id: locationId },
 *     configurationId: () => fingerprint(`${app.clientId} ${app.clientSecret}`),
 *     prepare: () => ({
 *       renew: (tokens, timeoutMs) => client.refresh(tokens?.refreshToken ?? "", { userType: "Location", timeoutMs }),
 *     }),
 *   });
 * }
 * ```
 */
export class GrantHost {
  readonly #options: GrantHostOptions;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #running: Promise<void> | undefined;
  #lateAnswers = 0;

  /**
   * @param options - The ports: store, request, clock
   * @throws {ConfigurationError} when a function of the runtime or a number is invalid (`ERR_GHL_CONFIGURATION`)
   */
  constructor(options: GrantHostOptions) {
    this.#options = options;
    this.#clock = resolveClock(options.runtime ?? {});
    checkWaitMs("timeoutMs", options.timeoutMs);
    checkNumber("followMs", options.followMs, { min: 0 });
    this.#timeoutMs = options.timeoutMs ?? REQUEST_TIMEOUT_MS;
  }

  /** Whether a renewal is running. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Whether an answer that is past its time-out may still bring tokens. */
  get awaitsLateAnswer(): boolean {
    return this.#lateAnswers > 0;
  }

  /**
   * Renews the token if a renewal is due. Callers join the renewal that runs, which goes on when all of them have left. The promise
   * resolves when nothing is due any more, or when the next attempt is later than `followMs`. It rejects with the errors of `prepare` and
   * of the store.
   */
  run(): Promise<void> {
    if (this.#running === undefined) {
      this.#running = this.#renew().finally(() => {
        this.#running = undefined;
      });
      this.#options.waitUntil?.(this.#running.catch(() => {}));
    }
    return this.#running;
  }

  async #renew(): Promise<void> {
    const { store, followMs = 0 } = this.#options;
    const configurationId = await this.#options.configurationId();
    const tick = { type: "tick", configurationId } as const;
    let prepared: PreparedRenewal | undefined;
    try {
      for (let record = await store.load(), polls = 0; ; ) {
        const plan = stepGrant(record.state, tick, this.#clock.now());
        if (plan.state === record.state) {
          const waitMs = followMs > 0 ? this.#waitMs(record.state, polls++) : undefined;
          if (waitMs === undefined) return;
          await this.#clock.sleep(waitMs);
          record = await store.load();
          continue;
        }
        if (!prepared && sendOf(plan)) {
          prepared = await this.#options.prepare();
          record = await store.load();
          continue;
        }
        const send = sendOf(await store.apply(tick));
        if (send && prepared) {
          await this.#send(send, prepared, configurationId);
          prepared.release?.();
          prepared = undefined;
          polls = 0;
          if (followMs === 0) return;
        } else if (send) {
          // Another record than the planned one: return the right to send, and prepare first.
          await store.apply({ type: "answered", ...idOf(send), outcome: { kind: "not_sent" } });
        }
        record = store.known ?? (await store.load());
      }
    } finally {
      prepared?.release?.();
    }
  }

  /** Delay before the next look at the record, milliseconds; `undefined` ends the run. */
  #waitMs(state: GrantState, polls: number): number | undefined {
    const { intent } = state;
    if (intent === undefined) return undefined;
    const nowMs = this.#clock.now();
    const pollMs = POLL_MS[Math.min(polls, POLL_MS.length - 1)]!;
    if (isInFlight(intent, nowMs)) return pollMs;
    // Callers are refused until the next attempt, so nobody waits for it: the next call or tick makes it.
    if (readGrant(state, nowMs).kind === "refused") return undefined;
    const leftMs = (intent.nextAttemptAtMs ?? nowMs) - nowMs;
    // Another process may be quicker, and its success ends the wait.
    return leftMs > this.#options.followMs! ? undefined : Math.max(1, Math.min(leftMs, pollMs * 4));
  }

  async #send(send: SendEffect, prepared: PreparedRenewal, configurationId: string): Promise<void> {
    const { store, renewal, clockUncertaintyMs } = this.#options;
    const record = store.known;
    const leftMs = send.notAfterMs - this.#clock.now() - (clockUncertaintyMs?.() ?? 0) - STORE_RESERVE_MS;
    // A store that took most of the lease leaves no time for an answer; an event after the commit may have ended the attempt.
    if (!holdsLease(record, send) || leftMs < this.#timeoutMs / 6) {
      await store.apply({ type: "answered", ...idOf(send), outcome: { kind: "not_sent" } });
      return;
    }
    try {
      const set = await this.#answer(send, prepared, { record, timeoutMs: Math.min(this.#timeoutMs, leftMs) });
      await this.#saveAnswer(send, set);
    } catch (error) {
      const outcome = outcomeOf(error, renewal, configurationId);
      await this.#applyAnswer(send, outcome);
      // Any other error is a defect, which must not look like a bad connection.
      if (!(error instanceof GhlOAuthError)) throw error;
    }
  }

  /** Resolves with the answer within the time-out. An answer to a refresh token is stored also when it is late. */
  async #answer(
    send: SendEffect,
    prepared: PreparedRenewal,
    { record, timeoutMs }: { readonly record: GrantRecord; readonly timeoutMs: number },
  ): Promise<TokenSet> {
    if (this.#options.renewal === "derived") return prepared.renew(record.tokens, timeoutMs);
    const answer = prepared.renew(record.tokens, LATE_ANSWER_MS);
    const done = new AbortController();
    const timeout = this.#timeout(timeoutMs, done.signal);
    timeout.catch(() => {});
    const first = await Promise.race([answer, timeout]).finally(() => done.abort());
    if (first !== "late") return first;
    this.#lateAnswers++;
    const late = answer
      .then((set) => this.#saveAnswer(send, set))
      .catch(() => {})
      .finally(() => {
        this.#lateAnswers--;
      });
    this.#options.waitUntil?.(late);
    throw new TimeoutError(`the answer to a refresh token did not come within ${timeoutMs} ms`, timeoutMs);
  }

  /**
   * Resolves after the time-out. Timers of a process that stood still run before its sockets are read, so an answer that has arrived
   * would look late, and the token would be sent again.
   */
  async #timeout(timeoutMs: number, signal: AbortSignal): Promise<"late"> {
    const untilMs = this.#clock.now() + timeoutMs;
    await this.#clock.sleep(timeoutMs, signal);
    if (this.#clock.now() - untilMs > STALLED_MS) await this.#clock.sleep(READ_AFTER_STALL_MS, signal);
    return "late";
  }

  async #saveAnswer(send: SendEffect, set: TokenSet): Promise<void> {
    const { store, renewal, resource, onUnsaved, onTokenOfAnotherResource } = this.#options;
    // A token of another resource is never stored under this one, however it came about.
    if (isTokenOfAnotherResource(set, resource)) {
      const configurationId = await this.#options.configurationId();
      const code = "ERR_GHL_LOCATION_ACCESS";
      await this.#applyAnswer(send, { kind: "configuration", code, configurationId, isCertain: true });
      onTokenOfAnotherResource?.();
      return;
    }
    // A derived token is requested again, never refreshed: its refresh token would be one more secret to lose.
    const { refreshToken, ...derived } = set;
    const tokens = renewal === "derived" ? derived : set;
    const tokenId =
      refreshToken === undefined || tokens === derived ? {} : { tokenId: await fingerprint(refreshToken) };
    const token = { obtainedAtMs: set.obtainedAtMs, expiresAtMs: set.expiresAtMs, ...tokenId };
    const event = this.#answered(send, { kind: "token", token });
    await store.save(event, tokens, onUnsaved ?? (() => {}));
  }

  async #applyAnswer(send: SendEffect, outcome: AnsweredEvent["outcome"]): Promise<void> {
    await this.#options.store.apply(this.#answered(send, outcome));
  }

  #answered(send: SendEffect, outcome: AnsweredEvent["outcome"]): AnsweredEvent {
    return { type: "answered", ...idOf(send), outcome, random: this.#clock.random() };
  }
}

function holdsLease(record: GrantRecord | undefined, { tokenId, attempt }: SendEffect): record is GrantRecord {
  const intent = record?.state.intent;
  return intent?.tokenId === tokenId && intent.attempt === attempt && intent.leaseUntilMs !== undefined;
}

function idOf({ tokenId, attempt }: SendEffect): Pick<SendEffect, "tokenId" | "attempt"> {
  return { tokenId, attempt };
}

function sendOf({ effects }: GrantStep): SendEffect | undefined {
  return effects.find((effect) => effect.type === "send");
}
