import type { ResolvedOptions } from "./options/emulator-options.ts";
import type { Random } from "./random.ts";
import type { EmulatorState } from "./state.ts";

/** Settings, memory, and one stream of randomness. */
export interface CoreContext {
  readonly options: ResolvedOptions;
  readonly state: EmulatorState;
  readonly random: Random;
}
