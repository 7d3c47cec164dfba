import { GhlOAuthError, TimeoutError } from "../errors.ts";
import type { GrantEffect } from "../grant/event.ts";
import { stepGrant } from "../grant/machine.ts";
import { isInFlight, readGrant } from "../grant/read.ts";
import { STORE_RESERVE_MS } from "../grant/timing.ts";
import { fingerprint, isForeignToken, type TokenSet } from "../oauth/token-set.ts";
import type { GrantRecord } from "../store/token-store.ts";
import type { GrantKeeper } from "./grant-keeper.ts";
import { outcomeOf } from "./outcome.ts";

/** How long a renewal is followed without a break; a later attempt is made when somebody asks again. */
const FOLLOW_MS = 30_000;
/** How often the store is asked whether another process is done, growing. */
const POLL_MS = [20, 40, 80, 160, 250];
/**
 * How long an answer is listened for after its time-out, while the token is sent again. Without HighLevel's grace a slow
 * answer is the only copy of the new pair.
 */
const LATE_ANSWER_MS = 60_000;

type SendEffect = Extract<GrantEffect, { type: "send" }>;

/** What a renewal needs before it may take the right to send. */
export interface Prepared {
  /** Sends the request. @throws what `outcomeOf` reads */
  renew(record: GrantRecord, timeoutMs: number): Promise<TokenSet>;
  /** Called once when it is not needed any more. */
  release?(): void;
}

export interface RenewerOptions {
  readonly keeper: GrantKeeper;
  /** Of one request, milliseconds. */
  readonly timeoutMs: number;
  readonly configurationId: () => Promise<string>;
  /** What this rejects with is what the callers get; nothing was sent then. */
  readonly prepare: () => Promise<Prepared>;
  /** Keeps work alive that no caller waits for. */
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
}

/** Carries out what the state machine of one grant says, together with the other processes on its store. */
export class GrantRenewer {
  readonly #options: RenewerOptions;
  #listening = 0;

  constructor(options: RenewerOptions) {
    this.#options = options;
  }

  /** Whether an answer is awaited that may still bring tokens after its time-out. */
  get isListening(): boolean {
    return this.#listening > 0;
  }

  /**
   * Does what is due and follows it until the grant rests, or has to wait for long.
   *
   * @param onHeld There are tokens to give out that the store has not taken yet.
   */
  async run(onHeld: () => void): Promise<void> {
    const { keeper } = this.#options;
    const { runtime } = keeper.options;
    const configurationId = await this.#options.configurationId();
    let prepared: Prepared | undefined;
    try {
      for (let record = await keeper.load(), polls = 0; ; ) {
        const tick = { type: "tick", configurationId } as const;
        const plan = stepGrant(record.state, tick, runtime.now());
        if (plan.state === record.state) {
          const waitMs = this.#waitMs(record, polls++);
          if (waitMs === undefined) return;
          await runtime.sleep(waitMs);
          record = await keeper.load();
          continue;
        }
        if (!prepared && sendOf(plan.effects)) {
          prepared = await this.#options.prepare();
          record = await keeper.load();
          continue;
        }
        const send = sendOf((await keeper.apply(tick)).effects);
        if (send && prepared) {
          await this.#send(send, prepared, configurationId, onHeld);
          prepared.release?.();
          prepared = undefined;
          polls = 0;
        } else if (send) {
          // Another record than the one planned with: give the right back, and prepare first.
          await keeper.apply({ type: "answered", ...ids(send), outcome: { kind: "not_sent" } });
        }
        record = keeper.known ?? (await keeper.load());
      }
    } finally {
      prepared?.release?.();
    }
  }

  /** How long to wait before looking again; `undefined`: no longer. */
  #waitMs(record: GrantRecord, polls: number): number | undefined {
    const { intent } = record.state;
    if (intent === undefined) return undefined;
    const { now } = this.#options.keeper.options.runtime;
    const pollMs = POLL_MS[Math.min(polls, POLL_MS.length - 1)]!;
    if (isInFlight(intent, now())) return pollMs;
    const leftMs = (intent.nextAttemptAtMs ?? now()) - now();
    // Whoever asks is refused until then, so nobody waits for it: the next call or tick makes the attempt.
    if (readGrant(record.state, now()).kind === "refused") return undefined;
    // Another process may be quicker, and its success ends the wait.
    return leftMs > FOLLOW_MS ? undefined : Math.max(1, Math.min(leftMs, pollMs * 4));
  }

  async #send(send: SendEffect, prepared: Prepared, configurationId: string, onHeld: () => void): Promise<void> {
    const { keeper, timeoutMs } = this.#options;
    const { runtime, renewal, clock } = keeper.options;
    const record = keeper.known;
    const leftMs = send.notAfterMs - runtime.now() - clock.uncertaintyMs - STORE_RESERVE_MS;
    // A store that took most of the lease leaves no time for an answer.
    if (!record || leftMs < timeoutMs / 6) {
      await keeper.apply({ type: "answered", ...ids(send), outcome: { kind: "not_sent" } });
      return;
    }
    try {
      const set = await this.#renew(send, prepared, record, Math.min(timeoutMs, leftMs));
      await this.#keep(send, set, onHeld);
    } catch (error) {
      const outcome = outcomeOf(error, renewal, configurationId);
      await keeper.apply({ type: "answered", ...ids(send), outcome, random: runtime.random() });
      // Not one of ours: a defect, which must not hide as a bad connection.
      if (!(error instanceof GhlOAuthError)) throw error;
    }
  }

  /** The answer within the time-out. One to a refresh token is listened for longer, and kept when it comes late. */
  async #renew(send: SendEffect, prepared: Prepared, record: GrantRecord, timeoutMs: number): Promise<TokenSet> {
    const { runtime, renewal } = this.#options.keeper.options;
    if (renewal === "derived") return prepared.renew(record, timeoutMs);
    const answer = prepared.renew(record, LATE_ANSWER_MS);
    const done = new AbortController();
    const timeout = runtime.sleep(timeoutMs, done.signal).then(() => "late" as const);
    timeout.catch(() => {});
    const first = await Promise.race([answer, timeout]).finally(() => done.abort());
    if (first !== "late") return first;
    this.#listening++;
    const late = answer
      .then((set) => this.#keep(send, set, () => {}))
      .catch(() => {})
      .finally(() => {
        this.#listening--;
      });
    this.#options.waitUntil?.(late);
    throw new TimeoutError(`the answer to a refresh token did not come within ${timeoutMs} ms`, timeoutMs);
  }

  async #keep(send: SendEffect, set: TokenSet, onHeld: () => void): Promise<void> {
    const { keeper } = this.#options;
    const { runtime, renewal, resource } = keeper.options;
    // Never another tenant's token under this one's name, however it came about.
    if (isForeignToken(set, resource)) {
      const configurationId = await this.#options.configurationId();
      const outcome = {
        kind: "configuration",
        code: "ERR_GHL_LOCATION_ACCESS",
        configurationId,
        isCertain: true,
      } as const;
      await keeper.apply({ type: "answered", ...ids(send), outcome, random: runtime.random() });
      return;
    }
    // A derived token is made anew, never refreshed: its refresh token would be one more secret to lose.
    const { refreshToken, ...derived } = set;
    const tokens = renewal === "derived" ? derived : set;
    const tokenId =
      refreshToken === undefined || tokens === derived ? {} : { tokenId: await fingerprint(refreshToken) };
    const token = { obtainedAtMs: set.obtainedAtMs, expiresAtMs: set.expiresAtMs, ...tokenId };
    const outcome = { kind: "token", token } as const;
    await keeper.save({ type: "answered", ...ids(send), outcome, random: runtime.random() }, tokens, onHeld);
  }
}

function ids({ tokenId, attempt }: SendEffect): { tokenId: string; attempt: number } {
  return { tokenId, attempt };
}

function sendOf(effects: readonly GrantEffect[]): SendEffect | undefined {
  return effects.find((effect) => effect.type === "send");
}
