import type { GrantNotice, GrantState } from "@ghl-edge/oauth";
import type { GatewayEventName } from "@ghl-edge/webhooks/gateway";

type GrantEventName = Extract<GatewayEventName, `grant.${string}`>;

const TOLD: Partial<Record<GrantNotice | "foreign_token", GrantEventName>> = {
  reauth_required: "grant.reauth_required",
  suspended: "grant.suspended",
  configuration_error: "grant.misconfigured",
  foreign_token: "grant.misconfigured",
};

/** A problem stays until the next success. One that was not confirmed was not told. */
const wasBroken = ({ problem, intent }: GrantState): boolean =>
  problem !== undefined && intent?.invalidGrantAtMs === undefined;

/**
 * What receivers are told of a grant's change. Undefined: nothing. A refresh is nothing to tell, but for the one that ends a
 * trouble; INSTALL and UNINSTALL are HighLevel's own events.
 */
export function grantEventName(notice: GrantNotice | "foreign_token", before: GrantState): GrantEventName | undefined {
  const isGood = notice === "refreshed" || notice === "installed";
  return isGood && wasBroken(before) ? "grant.restored" : TOLD[notice];
}
