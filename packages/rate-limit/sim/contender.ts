import type { World } from "./world.ts";

/** Head of a simulated answer. */
export interface Answer {
  readonly status: 200 | 429;
  readonly limit: number;
  readonly remaining: number;
  readonly intervalMs: number;
}

/** Environment of an algorithm. */
export interface Host {
  readonly world: World;
  readonly limit: number;
  readonly intervalMs: number;
  /** Sends a call now. */
  send(call: number): void;
}

/** An algorithm under test: it is asked for calls, and decides when each is sent. */
export interface Contender {
  /** A call wants to go. Every call is asked for once, or again after its 429. */
  request(call: number): void;
  /** The answer of a call is there; `undefined`: it was lost. */
  answered(call: number, answer: Answer | undefined, rttMs: number): void;
  /** The process dies and starts again; what waits is asked for again. */
  restart?(): void;
}

export type CreateContender = (host: Host) => Contender;
