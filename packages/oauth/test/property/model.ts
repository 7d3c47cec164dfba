/**
 * A world around the state machine, without any real time or I/O: HighLevel with single-use refresh tokens, a store with
 * compare-and-set, a few processes with clocks of their own, and a network that loses, repeats and reorders.
 */
import {
  type GrantEffect,
  type GrantEvent,
  type GrantState,
  newGrant,
  type RenewalOutcome,
  stepGrant,
} from "../../src/index.ts";

const LIFE_MS = 86_399_000;
const TIMEOUT_MS = 6_000;
const LEASE_MS = 8_000;

/** State in which the server answers without a look at the token. */
export type Mood = "well" | "down" | "limited" | "paused" | "misconfigured";

/** One answer in place of the server's, after it has carried the request out or not. */
export interface Fault {
  readonly outcome: RenewalOutcome;
  readonly isCarriedOut: boolean;
}

interface Message {
  readonly process: number;
  /** Activation of the process that sent it: an answer to a crashed one reaches nobody. */
  readonly activation: number;
  readonly tokenId: string;
  readonly attempt: number;
  readonly sentAtMs: number;
  outcome?: RenewalOutcome;
  /** Its time-out has passed. */
  readonly heard?: boolean;
}

interface Process {
  activation: number;
  offsetMs: number;
  /** An answer the store refused to take. */
  readonly unsaved: GrantEvent[];
}

export class World {
  nowMs = 1_800_000_000_000;
  mood: Mood = "well";
  storeFails: "no" | "lost" | "unknown" = "no";
  readonly graceMs: number;
  readonly processes: Process[];
  /** The record, as JSON, so that nothing is shared by reference. */
  #stored = JSON.stringify(newGrant("refreshable"));
  /** Refresh tokens are numbered; this one works. */
  serverToken = 1;
  killed = false;
  /** The next answer calls a good grant invalid. A second such answer may be believed, so there is only one. */
  mistaken: "not yet" | "next" | "was" = "not yet";
  /** A clock was wrong, or a process crashed: two processes may send beside each other then. */
  #orderly = true;
  #underWay: { readonly tokenId: string; readonly atMs: number } | undefined;
  readonly #usedAtMs = new Map<number, number>();
  /** Answered to the next requests, one each. */
  readonly faults: Fault[] = [];
  readonly requests: Message[] = [];
  readonly answers: Message[] = [];
  readonly sentTokens: string[] = [];
  readonly violations: string[] = [];

  constructor(graceMs: number, processes: number) {
    this.graceMs = graceMs;
    this.processes = Array.from({ length: processes }, () => ({ activation: 0, offsetMs: 0, unsaved: [] }));
    this.#apply(0, { type: "exchanged", installedAtMs: this.nowMs, token: this.#token(1, this.nowMs) });
  }

  get state(): GrantState {
    return JSON.parse(this.#stored) as GrantState;
  }

  #token(number: number, obtainedAtMs: number): { tokenId: string; obtainedAtMs: number; expiresAtMs: number } {
    return { tokenId: `r${number}`, obtainedAtMs, expiresAtMs: obtainedAtMs + LIFE_MS };
  }

  jump(process: number, ms: number): void {
    this.#orderly = false;
    this.processes[process]!.offsetMs += ms;
  }

  clockOf(process: number): number {
    return this.nowMs + this.processes[process]!.offsetMs;
  }

  /** One compare-and-set. With one record and no concurrency inside a step, a conflict is a stale read (see `tick`). */
  #apply(process: number, event: GrantEvent, before: GrantState = this.state): "done" | "conflict" | "failed" {
    const { state, effects } = stepGrant(before, event, this.clockOf(process));
    if (state === before) return "done";
    this.#check(before, state, effects);
    const stored = before.epoch === this.state.epoch;
    const failing = this.storeFails;
    if (!stored) return "conflict";
    if (failing !== "lost") this.#stored = JSON.stringify(state);
    if (failing !== "no") return "failed";
    for (const effect of effects) if (effect.type === "send") this.#send(process, effect);
    return "done";
  }

  #check(before: GrantState, after: GrantState, effects: readonly GrantEffect[]): void {
    const demand = (holds: boolean, text: string): void => {
      if (!holds) this.violations.push(text);
    };
    demand(after.epoch === before.epoch + 1, "the epoch did not grow by one");
    demand(JSON.stringify(JSON.parse(JSON.stringify(after))) === JSON.stringify(after), "the state is no JSON value");
    demand(after.status !== "uninstalled" || after.current === undefined, "an uninstalled grant holds a token");
    const sends = effects.filter((effect) => effect.type === "send");
    demand(sends.length <= 1, "two sends in one step");
    for (const send of sends) {
      demand(send.tokenId === after.current?.tokenId, "a token is sent that is not the current one");
      demand(after.intent?.leaseUntilMs !== undefined, "a token is sent without a lease");
    }
    const newest = after.current?.tokenId === `r${this.serverToken}` && !this.killed;
    demand(!(after.status === "reauth_required" && newest), "reauth_required while holding the newest pair");
  }

  #send(process: number, effect: Extract<GrantEffect, { type: "send" }>): void {
    this.sentTokens.push(effect.tokenId);
    const { tokenId } = effect;
    if (this.#orderly && this.#underWay?.tokenId === tokenId && this.nowMs - this.#underWay.atMs < LEASE_MS)
      this.violations.push("two processes send one token at the same time");
    this.#underWay = { tokenId, atMs: this.nowMs };
    this.requests.push({
      process,
      activation: this.processes[process]!.activation,
      tokenId: effect.tokenId,
      attempt: effect.attempt,
      sentAtMs: this.nowMs,
    });
  }

  /** A process does what is due, maybe by a record that another one has replaced since. */
  tick(process: number, staleBy?: GrantState): void {
    this.#apply(process, { type: "tick" }, staleBy ?? this.state);
  }

  event(process: number, event: GrantEvent): void {
    this.#apply(process, event);
  }

  /** A request reaches the server; `again` leaves a copy under way. */
  serve(index: number, again: boolean): void {
    if (this.requests.length === 0) return;
    const at = index % this.requests.length;
    const message = again ? this.requests[at]! : this.requests.splice(at, 1)[0]!;
    this.answers.push({
      ...message,
      outcome: this.#serverOutcome(Number(message.tokenId.slice(1)), this.clockOf(message.process)),
    });
  }

  #serverOutcome(token: number, clockMs: number): RenewalOutcome {
    const fault = this.faults.shift();
    if (fault === undefined) return this.#wellOutcome(token, clockMs);
    if (fault.isCarriedOut) this.#wellOutcome(token, clockMs);
    return fault.outcome;
  }

  #wellOutcome(token: number, clockMs: number): RenewalOutcome {
    if (this.mistaken === "next") {
      this.mistaken = "was";
      return { kind: "invalid_grant", code: "ERR_GHL_INVALID_GRANT" };
    }
    if (this.mood === "down") return { kind: "ambiguous", code: "ERR_GHL_UPSTREAM" };
    if (this.mood === "limited") return { kind: "rate_limited", code: "ERR_GHL_RATE_LIMITED", retryAfterMs: 5_000 };
    if (this.mood === "paused") return { kind: "suspended", code: "ERR_GHL_LOCATION_NOT_ACTIVE" };
    if (this.mood === "misconfigured")
      return { kind: "configuration", code: "ERR_GHL_INVALID_CLIENT", configurationId: "old" };
    const usedAtMs = this.#usedAtMs.get(token);
    if (!this.killed && usedAtMs !== undefined && this.nowMs - usedAtMs < this.graceMs)
      return { kind: "token", token: this.#token(token + 1, clockMs) };
    if (this.killed || token !== this.serverToken) return { kind: "invalid_grant", code: "ERR_GHL_INVALID_GRANT" };
    this.#usedAtMs.set(token, this.nowMs);
    this.serverToken = token + 1;
    return { kind: "token", token: this.#token(token + 1, clockMs) };
  }

  /** An answer reaches its process, or nobody any more, or too late. */
  deliver(index: number, lose: boolean): void {
    if (this.answers.length === 0) return;
    const message = this.answers.splice(index % this.answers.length, 1)[0]!;
    const process = this.processes[message.process]!;
    if (process.activation !== message.activation) return;
    const late = lose || (!message.heard && this.nowMs - message.sentAtMs > TIMEOUT_MS);
    const outcome: RenewalOutcome = late ? { kind: "ambiguous", code: "ERR_GHL_TIMEOUT" } : message.outcome!;
    // A process goes on listening after its time-out.
    if (late && !lose && !message.heard) this.answers.push({ ...message, heard: true });
    if (message.heard && outcome.kind !== "token") return;
    const { tokenId, attempt } = message;
    if (this.#underWay?.tokenId === tokenId) this.#underWay = undefined;
    process.unsaved.push({ type: "answered", tokenId, attempt, outcome });
    this.save(message.process);
  }

  /** A request that never reaches the server. */
  loseRequest(index: number): void {
    if (this.requests.length === 0) return;
    const message = this.requests.splice(index % this.requests.length, 1)[0]!;
    this.answers.push({ ...message, outcome: { kind: "ambiguous", code: "ERR_GHL_NETWORK" } });
  }

  save(process: number): void {
    const { unsaved } = this.processes[process]!;
    while (unsaved.length > 0 && this.#apply(process, unsaved[0]!) === "done") {
      const event = unsaved.shift()!;
      if (event.type !== "answered" || event.outcome.kind !== "token") continue;
      const received = Number(event.outcome.token.tokenId!.slice(1));
      const newest = Number(this.state.current?.tokenId?.slice(1) ?? Number.NaN);
      if (!(newest >= received)) this.violations.push("a received pair was dropped");
    }
  }

  crash(process: number): void {
    const crashed = this.processes[process]!;
    crashed.activation++;
    this.#orderly = false;
    crashed.unsaved.length = 0;
  }

  /** Peace: everything works again, and time passes until nothing is left to do. */
  settle(): void {
    this.mood = "well";
    if (this.mistaken === "next") this.mistaken = "was";
    this.storeFails = "no";
    for (const process of this.processes) process.offsetMs = 0;
    for (let round = 0; round < 800; round++) {
      for (let process = 0; process < this.processes.length; process++) this.save(process);
      this.tick(0);
      while (this.requests.length > 0) this.serve(0, false);
      while (this.answers.length > 0) this.deliver(0, false);
      const { status, intent, problem } = this.state;
      if (status === "reauth_required" || (intent === undefined && problem === undefined)) return;
      this.nowMs += 15_000;
    }
    this.violations.push(`nothing settled: ${JSON.stringify(this.state)}`);
  }
}
