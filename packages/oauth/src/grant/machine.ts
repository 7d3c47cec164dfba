import { answered } from "./answered.ts";
import type { GrantEvent, GrantStep } from "./event.ts";
import { exchanged, installed, retry, uninstalled } from "./install.ts";
import { rejected, tick } from "./renew.ts";
import type { GrantState } from "./state.ts";

/**
 * One step of a grant: what it becomes by an event, and what is to be done then. Pure: no clock, no I/O, no token, only
 * JSON values in and out, so that it can be the core of a Durable Object as well as of a process with a database.
 *
 * The host stores the new state (comparing its epoch) *before* it does anything that the effects say. A step that
 * changes nothing returns the very state it was given.
 *
 * @param state - The stored state
 * @param event - The event
 * @param nowMs - Unix time in milliseconds. It may jump: no jump makes the machine wait for ever.
 * @returns The new state, and the effects to carry out after it is stored
 * @example
 * ```ts
 * import { newGrant, stepGrant } from "@ghl-edge/oauth";
 *
 * const { state, effects } = stepGrant(newGrant("derived"), { type: "tick" }, Date.now());
 * console.log(state.status, effects.length); // "refreshing" 2
 * ```
 */
export function stepGrant(state: GrantState, event: GrantEvent, nowMs: number): GrantStep {
  switch (event.type) {
    case "tick":
      return tick(state, nowMs, event.configurationId);
    case "rejected":
      return rejected(state, nowMs);
    case "answered":
      return answered(state, event, nowMs);
    case "exchanged":
      return exchanged(state, event);
    case "installed":
      return installed(state, event);
    case "uninstalled":
      return uninstalled(state, event);
    case "retry":
      return retry(state, nowMs);
  }
}
