import type { GrantNotice, GrantState } from "@ghl-edge/oauth";
import type { GatewayEventName } from "@ghl-edge/webhooks/gateway";

type GrantEventName = Extract<GatewayEventName, `grant.${string}`>;

const EVENT_OF_NOTICE: Partial<Record<GrantNotice | "foreign_token", GrantEventName>> = {
  reauth_required: "grant.reauth_required",
  suspended: "grant.suspended",
  configuration_error: "grant.misconfigured",
  foreign_token: "grant.misconfigured",
  token_refused: "grant.token_refused",
};

/** A problem stays until it is over. One that was not confirmed was not reported. */
const isBroken = ({ problem, intent }: GrantState): boolean =>
  problem !== undefined && intent?.invalidGrantAtMs === undefined;

/**
 * The event that endpoints get for a change of a grant; `undefined`: none. A refresh is none, except for the one that ends a
 * problem. INSTALL and UNINSTALL are HighLevel's own events.
 */
export function grantEventName(
  notice: GrantNotice | "foreign_token",
  { before, after }: { readonly before: GrantState; readonly after: GrantState },
): GrantEventName | undefined {
  const isSuccess = notice === "refreshed" || notice === "installed" || notice === "recovered";
  return isSuccess && isBroken(before) && !isBroken(after) ? "grant.restored" : EVENT_OF_NOTICE[notice];
}
