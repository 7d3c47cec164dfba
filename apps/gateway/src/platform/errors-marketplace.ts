import type { Problem } from "./problem.ts";

/** Refusals of `/marketplace` and `/workflows`. */
export type MarketplaceReason =
  | { readonly kind: "marketplace_off"; readonly part: string }
  | { readonly kind: "user_context_refused" }
  | { readonly kind: "billing_redirect"; readonly parameter: string | undefined }
  | { readonly kind: "workflow_refused" }
  | { readonly kind: "workflow_location" }
  | { readonly kind: "workflow_unreadable"; readonly parameter: string | undefined }
  | { readonly kind: "workflow_unanswered" };

/** The name of a parameter, never its value. */
const named = (parameter: string | undefined): { detail?: string } =>
  parameter === undefined ? {} : { detail: `It is about ${parameter}.` };

export function marketplaceProblem(reason: MarketplaceReason): Problem {
  switch (reason.kind) {
    case "marketplace_off":
      return {
        status: 404,
        code: "ERR_GHL_GATEWAY_MARKETPLACE_OFF",
        title: "This is not configured for the app",
        detail: `APPS has no marketplace.${reason.part} for it.`,
      };
    case "user_context_refused":
      return {
        status: 400,
        code: "ERR_GHL_GATEWAY_USER_CONTEXT_REFUSED",
        title: "The payload is no user context of this app",
      };
    case "billing_redirect":
      return {
        status: 400,
        code: "ERR_GHL_GATEWAY_BILLING_REDIRECT",
        title: "The URL is no billing redirect for this app",
        ...named(reason.parameter),
      };
    case "workflow_refused":
      return {
        status: 401,
        code: "ERR_GHL_GATEWAY_WORKFLOW_REFUSED",
        title: "The request has not the secret of a receiver",
      };
    case "workflow_location":
      return {
        status: 403,
        code: "ERR_GHL_GATEWAY_WORKFLOW_LOCATION",
        title: "The receiver is for another location",
      };
    case "workflow_unreadable":
      return {
        status: 400,
        code: "ERR_GHL_GATEWAY_WORKFLOW_UNREADABLE",
        title: "The request is not what a workflow sends to a receiver of this kind",
        ...named(reason.parameter),
      };
    case "workflow_unanswered":
      return {
        status: 502,
        code: "ERR_GHL_GATEWAY_WORKFLOW_UNANSWERED",
        title: "The app gave no answer that can be used",
      };
  }
}
