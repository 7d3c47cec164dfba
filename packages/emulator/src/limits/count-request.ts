import type { Resource } from "@ghl-edge/core";
import type { EmulatorContext } from "../core/context.ts";
import type { AccessToken, EmulatorState } from "../core/state.ts";
import { type Budget, createBudget, type RateVerdict } from "./budget.ts";

/** One budget per app and resource; all private integration tokens of a resource share one, as at HighLevel. */
export function budgetOf(state: EmulatorState, clientId: string | undefined, resource: Resource): Budget {
  const key = `${clientId ?? "private"}:${resource.kind}:${resource.id}`;
  const budget = state.budgets.get(key) ?? createBudget(state.rateLimit);
  state.budgets.set(key, budget);
  return budget;
}

export function countRequest(context: EmulatorContext, token: AccessToken): RateVerdict {
  return budgetOf(context.state, token.clientId, token.resource).count(context.options.now());
}
