import type { Outbox } from "../webhooks/outbox.ts";
import type { CoreContext } from "./core-context.ts";
import type { RequestNote } from "./log/request-log.ts";
import type { EmulatedApp } from "./options/emulator-options.ts";

/** Context of every handler. */
export interface EmulatorContext extends CoreContext {
  readonly outbox: Outbox;
}

/** Decisions of the faults before a request is executed. */
export interface RequestBindings {
  /** The clock of this request is so far ahead. */
  readonly skewMs: number;
  /** For the log. */
  readonly fault?: string;
}

/** Hono's typing of what the log middleware hands to the handlers. `context` has the clock of this request. */
export interface EmulatorHono {
  Bindings: RequestBindings;
  Variables: { note: RequestNote; context: EmulatorContext };
}

export function withSkew(context: EmulatorContext, skewMs: number): EmulatorContext {
  if (skewMs === 0) return context;
  const { now } = context.options;
  return { ...context, options: { ...context.options, now: () => now() + skewMs } };
}

export function findApp(context: EmulatorContext, clientId: string | undefined): EmulatedApp | undefined {
  return context.options.apps.find((app) => app.clientId === clientId);
}

/** Whether a location is one of the company's: those of the options, and those that were made since. */
export function knowsLocation({ options, state }: CoreContext, id: string): boolean {
  return (
    options.company.locations.some((location) => location.id === id) || state.records.get("locations", id) !== undefined
  );
}
