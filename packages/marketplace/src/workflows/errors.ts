import { MarketplaceError, ParameterError } from "../errors.ts";

/**
 * Reason why a URL is refused, in this order: not a URL · not https · with a user or password · with a host other than HighLevel's · with
 * another path.
 */
export type WorkflowUrlFault = "unreadable" | "scheme" | "credentials" | "host" | "path";

const URL_FAULTS: Readonly<Record<WorkflowUrlFault, string>> = {
  unreadable: "a text that is no URL",
  scheme: "a URL that is not https",
  credentials: "a URL with a user or a password",
  host: "a host that is neither HighLevel's nor one of hosts",
  path: "a different path",
};

/** Base class of the errors about a URL that starts a workflow. Such a URL is a secret, so the errors contain no part of it. */
abstract class WorkflowUrlError extends MarketplaceError {
  readonly reason: WorkflowUrlFault;

  constructor(what: string, reason: WorkflowUrlFault) {
    super(`URL must be an ${what} of HighLevel, got ${URL_FAULTS[reason]}`);
    this.reason = reason;
  }
}

/** The URL is not that of an Inbound Webhook trigger. Nothing was sent. Copy the URL from the trigger in HighLevel's editor. */
export class InboundWebhookUrlError extends WorkflowUrlError {
  readonly code: "ERR_GHL_INBOUND_WEBHOOK_URL" = "ERR_GHL_INBOUND_WEBHOOK_URL";

  constructor(reason: WorkflowUrlFault) {
    super("inbound webhook", reason);
  }
}

/** The URL is not the `targetUrl` of a marketplace trigger. Nothing was sent, so no token either. */
export class TriggerTargetUrlError extends WorkflowUrlError {
  readonly code: "ERR_GHL_TRIGGER_TARGET_URL" = "ERR_GHL_TRIGGER_TARGET_URL";

  constructor(reason: WorkflowUrlFault) {
    super("execution URL of a trigger", reason);
  }
}

/** The credentials of the request are missing, or differ from those that you configured at HighLevel. */
export class WorkflowAuthError extends MarketplaceError {
  readonly code: "ERR_GHL_WORKFLOW_AUTH" = "ERR_GHL_WORKFLOW_AUTH";
  /** Required HTTP authentication scheme; absent when the credentials use none. */
  readonly challenge?: string;

  constructor(challenge?: string) {
    super("the credentials do not match the option auth");
    if (challenge !== undefined) this.challenge = challenge;
  }
}

/** The body of a workflow's webhook does not match its content type. Check the webhook action of the workflow. */
export class WorkflowWebhookError extends MarketplaceError {
  readonly code: "ERR_GHL_WORKFLOW_WEBHOOK" = "ERR_GHL_WORKFLOW_WEBHOOK";
}

/** The request is not an execution of a marketplace action. Check the URL of the action at HighLevel. */
export class WorkflowActionError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_ACTION" = "ERR_GHL_WORKFLOW_ACTION";
}

/** The handler has no function for this action or trigger, for this version of it, or for these options. */
export class WorkflowActionUnknownError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_ACTION_UNKNOWN" = "ERR_GHL_WORKFLOW_ACTION_UNKNOWN";
}

/** The result of your function cannot be written as a reply. The message names the field. */
export class WorkflowActionReplyError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_ACTION_REPLY" = "ERR_GHL_WORKFLOW_ACTION_REPLY";
}

/** The request is not a subscription of a marketplace trigger. Check the URL of the trigger at HighLevel. */
export class TriggerSubscriptionError extends ParameterError {
  readonly code: "ERR_GHL_WORKFLOW_TRIGGER" = "ERR_GHL_WORKFLOW_TRIGGER";
}
