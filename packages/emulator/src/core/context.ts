import type { EmulatedApp, ResolvedOptions } from "./options.ts";
import type { Random } from "./random.ts";
import type { RequestNote } from "./request-log.ts";
import type { EmulatorState } from "./state.ts";

/** What every handler gets: settings, memory, and one stream of randomness. */
export interface EmulatorContext {
  readonly options: ResolvedOptions;
  readonly state: EmulatorState;
  readonly random: Random;
}

/** Hono's typing of what the log middleware hands to the handlers. */
export interface EmulatorHono {
  Variables: { note: RequestNote };
}

export function findApp(context: EmulatorContext, clientId: string | undefined): EmulatedApp | undefined {
  return context.options.apps.find((app) => app.clientId === clientId);
}

/** Whether the resource is the emulated company or one of its locations. */
export function knowsLocation(context: EmulatorContext, id: string): boolean {
  return context.options.company.locations.some((location) => location.id === id);
}
