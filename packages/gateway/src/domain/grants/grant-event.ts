import type { GrantNotice, GrantState } from "@ghl-edge/oauth";
import type { GatewayEventName } from "@ghl-edge/webhooks/gateway";

type GrantEventName = Extract<GatewayEventName, `grant.${string}`>;

const EVENT_OF_NOTICE: Partial<Record<GrantNotice | "token_of_another_resource", GrantEventName>> = {
  reauth_required: "grant.reauth_required",
  suspended: "grant.suspended",
  configuration_error: "grant.misconfigured",
  token_of_another_resource: "grant.misconfigured",
  token_refused: "grant.token_refused",
};

/**
 * The problem of a grant that HighLevel has confirmed; it stays until it is over. An invalid grant counts when HighLevel says
 * it twice. A problem that is older than the first of the two is the one that an operator has had tried again.
 */
export function confirmedProblem({ problem, intent }: GrantState): GrantState["problem"] {
  const doubtedAtMs = intent?.invalidGrantAtMs;
  return doubtedAtMs === undefined || (problem !== undefined && problem.atMs < doubtedAtMs) ? problem : undefined;
}

const isBroken = (state: GrantState): boolean => confirmedProblem(state) !== undefined;

/**
 * The event that endpoints get for a change of a grant; `undefined`: none. A refresh is none, except for the one that ends a
 * problem. INSTALL and UNINSTALL are HighLevel's own events.
 */
export function grantEventName(
  notice: GrantNotice | "token_of_another_resource",
  { before, after }: { readonly before: GrantState; readonly after: GrantState },
): GrantEventName | undefined {
  const isSuccess = notice === "refreshed" || notice === "installed" || notice === "recovered";
  return isSuccess && isBroken(before) && !isBroken(after) ? "grant.restored" : EVENT_OF_NOTICE[notice];
}
