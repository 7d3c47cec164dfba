import {
  fingerprint,
  GhlOAuthError,
  type GrantEvent,
  type GrantNotice,
  type GrantReading,
  type GrantState,
  type GrantStep,
  isForeignToken,
  newGrant,
  outcomeOf,
  readGrant,
  stepGrant,
  TimeoutError,
  type TokenSet,
} from "@ghl-edge/oauth";
import type { Source, Tenant } from "../../domain/token-record.ts";

/** What a renewal needs before the right to send is taken, because it may take long. */
export interface Prepared {
  renew(tokens: TokenSet | undefined, timeoutMs: number): Promise<TokenSet>;
  /** Called once, when the renewal has ended or was not begun. */
  release?(): void;
}

/** A notice of the machine, and the states around it. */
export interface GrantChange {
  readonly notice: GrantNotice | "foreign_token";
  readonly code: string | undefined;
  readonly before: GrantState;
  readonly after: GrantState;
}

export interface GrantCellOptions {
  readonly tenant: Tenant;
  readonly source: Exclude<Source, "private">;
  readonly state: GrantState | undefined;
  /** Of a location whose token is minted, where no state says it. */
  readonly companyId: string | undefined;
  readonly tokens: TokenSet | undefined;
  readonly configurationId: string;
  readonly prepare: () => Promise<Prepared>;
  readonly seal: (tokens: TokenSet) => Promise<string>;
  /** One synchronous burst: row and alarm. `secrets`: as they are where undefined, none where null. */
  readonly store: (state: GrantState, secrets: string | null | undefined) => void;
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** In the same synchronous transaction as `store`. */
  readonly onNotice: (change: GrantChange) => void;
}

/** An answer in doubt is asked for again with the same token, so a short time-out costs little. */
const TIMEOUT_MS = 6_000;
/** How long an answer is listened for after its time-out: without HighLevel's grace it is the only copy of the new pair. */
const LATE_ANSWER_MS = 60_000;

const has = (step: GrantStep, type: GrantStep["effects"][number]["type"]): boolean =>
  step.effects.some((effect) => effect.type === type);

/** What `work` settles with; undefined when it takes longer. */
function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * One grant of an object: stores what the machine of `@ghl-edge/oauth` decides, in bursts without an await, and sends
 * what it says. Decides nothing itself.
 */
export class GrantCell {
  readonly #options: GrantCellOptions;
  #state: GrantState;
  #tokens: TokenSet | undefined;
  #flight: Promise<void> | undefined;

  constructor(options: GrantCellOptions) {
    this.#options = options;
    this.#state = options.state ?? newGrant(options.source, options.companyId);
    this.#tokens = options.tokens;
  }

  get source(): Exclude<Source, "private"> {
    return this.#options.source;
  }

  get state(): GrantState {
    return this.#state;
  }

  get tokens(): TokenSet | undefined {
    return this.#tokens;
  }

  get isRunning(): boolean {
    return this.#flight !== undefined;
  }

  /**
   * To be called once after the state was loaded: nothing can be in flight, so an answer that is still awaited will not
   * come, and the same token is sent again while HighLevel still answers it.
   */
  found(): void {
    const { intent } = this.#state;
    if (intent?.leaseUntilMs === undefined) return;
    const { tokenId, attempt } = intent;
    this.apply({ type: "answered", tokenId, attempt, outcome: { kind: "ambiguous", code: "ERR_GHL_NETWORK" } });
  }

  read(): GrantReading {
    return readGrant(this.#state, Date.now(), this.#options.configurationId);
  }

  /** Applies an event that brings no tokens. */
  apply(event: GrantEvent): GrantStep {
    const step = stepGrant(this.#state, event, Date.now());
    if (step.state !== this.#state) this.#hold(step, this.#tokens, undefined);
    return step;
  }

  /**
   * Applies an event that brings tokens: sealed first, then stored with the state in one synchronous transaction.
   *
   * @param isWanted asked right before, in the same synchronous block; where it says no, nothing is stored and the answer is undefined
   */
  async keep(event: GrantEvent, tokens: TokenSet, isWanted = (): boolean => true): Promise<GrantStep | undefined> {
    for (;;) {
      const before = this.#tokens;
      const kept = event.type === "exchanged" ? tokens : { ...before, ...tokens };
      const secrets = await this.#options.seal(kept);
      // While these were sealed another pair may have come; what an answer leaves out is taken from the newest.
      if (this.#tokens !== before) continue;
      if (!isWanted()) return undefined;
      const step = stepGrant(this.#state, event, Date.now());
      if (step.state !== this.#state) {
        const isKept = has(step, "keep_tokens");
        this.#hold(step, isKept ? kept : this.#tokens, isKept ? secrets : undefined);
      }
      return step;
    }
  }

  /** Does what is due: joins the renewal that runs, or begins one. Lives on when all callers have left. */
  run(): Promise<void> {
    if (this.#flight === undefined) {
      this.#flight = this.#renew().finally(() => {
        this.#flight = undefined;
      });
      this.#options.waitUntil(this.#flight.catch(() => {}));
    }
    return this.#flight;
  }

  #hold(step: GrantStep, tokens: TokenSet | undefined, secrets: string | undefined): void {
    const forgotten = has(step, "forget_tokens");
    const before = this.#state;
    this.#options.store(step.state, forgotten ? null : secrets);
    this.#state = step.state;
    this.#tokens = forgotten ? undefined : tokens;
    for (const effect of step.effects)
      if (effect.type === "notify")
        this.#options.onNotice({ notice: effect.notice, code: effect.code, before, after: step.state });
  }

  async #renew(): Promise<void> {
    const { configurationId } = this.#options;
    const tick = { type: "tick", configurationId } as const;
    const sendOf = ({ effects }: GrantStep) => effects.find((effect) => effect.type === "send");
    if (sendOf(stepGrant(this.#state, tick, Date.now())) === undefined) {
      this.apply(tick);
      return;
    }
    const prepared = await this.#options.prepare();
    try {
      const send = sendOf(this.apply(tick));
      if (send !== undefined) await this.#send(send, prepared);
    } finally {
      prepared.release?.();
    }
  }

  async #send({ tokenId, attempt }: { tokenId: string; attempt: number }, prepared: Prepared): Promise<void> {
    const { source, configurationId } = this.#options;
    try {
      await this.#keepAnswer({ tokenId, attempt }, await this.#answer({ tokenId, attempt }, prepared));
    } catch (error) {
      const outcome = outcomeOf(error, source, configurationId);
      this.apply({ type: "answered", tokenId, attempt, outcome, random: Math.random() });
      // Not an answer of HighLevel: a defect, which must not hide as a bad connection.
      if (!(error instanceof GhlOAuthError)) throw error;
    }
  }

  async #answer(sent: { tokenId: string; attempt: number }, prepared: Prepared): Promise<TokenSet> {
    if (this.#options.source === "derived") return prepared.renew(this.#tokens, TIMEOUT_MS);
    const answer = prepared.renew(this.#tokens, LATE_ANSWER_MS);
    const set = await within(answer, TIMEOUT_MS);
    if (set !== undefined) return set;
    this.#options.waitUntil(answer.then((tokens) => this.#keepAnswer(sent, tokens)).catch(() => {}));
    throw new TimeoutError(`the answer to a refresh token did not come within ${TIMEOUT_MS} ms`, TIMEOUT_MS);
  }

  async #keepAnswer(sent: { tokenId: string; attempt: number }, set: TokenSet): Promise<void> {
    const { source, configurationId, tenant, onNotice } = this.#options;
    // Never another tenant's token under this one's name, however it came about.
    if (isForeignToken(set, tenant.resource)) {
      const code = "ERR_GHL_LOCATION_ACCESS";
      const outcome = { kind: "configuration", code, configurationId, isCertain: true } as const;
      this.apply({ type: "answered", ...sent, outcome });
      onNotice({ notice: "foreign_token", code: undefined, before: this.#state, after: this.#state });
      return;
    }
    // A derived token is made anew, never refreshed: its refresh token would be one more secret to lose.
    const { refreshToken, ...rest } = set;
    const { obtainedAtMs, expiresAtMs } = set;
    const rotates = source === "refreshable" && refreshToken !== undefined;
    const tokenId = rotates ? { tokenId: await fingerprint(refreshToken) } : {};
    const outcome = { kind: "token", token: { obtainedAtMs, expiresAtMs, ...tokenId } } as const;
    await this.keep({ type: "answered", ...sent, outcome, random: Math.random() }, rotates ? set : rest);
  }
}
