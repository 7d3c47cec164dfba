import type { GrantState } from "@ghl-edge/oauth";
import type { InstallationStatus } from "../durable-objects/interfaces.ts";
import type { InstallationState } from "./model.ts";

/** What an object's own word makes of an installation. */
export interface InstallationReport {
  readonly state: InstallationState;
  readonly companyId: string | undefined;
}

function stateOf({ status, problem }: GrantState): InstallationState {
  // A renewal that needs another configuration does not go on by itself.
  if (problem?.configurationId !== undefined) return "misconfigured";
  // A token that is being renewed is given out until it ends.
  return status === "refreshing" ? "active" : status;
}

/** What a call would be served by, best first; a state without a source is not there. */
const ORDER: readonly InstallationState[] = ["active", "suspended", "misconfigured"];

/**
 * A token that works speaks first, whose ever it is: the location's own, its company's, a private integration's. Without
 * one, an installation that HighLevel told of is pending, else it ended. Undefined: the object knows nothing.
 */
export function reportOf({ grant, minted, privateIntegration }: InstallationStatus): InstallationReport | undefined {
  const companyId = grant?.companyId ?? minted?.companyId;
  const known = [grant, minted].filter((one) => one !== undefined && one.epoch > 0);
  const states = known.map((one) => stateOf(one!));
  if (privateIntegration !== undefined) states.push("active");
  const told = known.some((one) => one!.status === "pending" && one!.installedAtMs !== undefined);
  const best =
    ORDER.find((state) => states.includes(state)) ?? (told ? "pending" : states.find((state) => state !== "pending"));
  return best === undefined ? undefined : { state: best, companyId };
}
