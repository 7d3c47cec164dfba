import type { Resource } from "@ghl-edge/core";
/** Change of a grant. */
export interface GrantChange {
  /**
   * `refreshable`: a grant with its own refresh token. `derived`: a location token from the company's grant. `private`: a private
   * integration token. `pending_approval`: an installation that waits for approval.
   */
  readonly source: "refreshable" | "derived" | "private" | "pending_approval";
  /** Stable error code; null when nothing failed. */
  readonly code: string | null;
}

/** Calls of a day that are near the daily limit. */
export interface DailyQuota {
  /** Daily limit of calls for this resource. */
  readonly limit: number;
  /** Calls on this day so far. */
  readonly used: number;
}

/** An endpoint that gets no deliveries until an operator enables it. */
export interface EndpointDisabled {
  readonly endpointId: string;
  /** `gone`: it answered 410. `failing`: it failed for too long. `backlog`: more events waited than the gateway stores. */
  readonly reason: "gone" | "failing" | "backlog";
  /** Time since which every delivery has failed, in milliseconds since 1970; null when none failed. */
  readonly failingSinceMs: number | null;
  /** Status of its last response; null when there was none. */
  readonly lastStatus: number | null;
}

/** Stored secrets that cannot be decrypted, because the key that encrypted them is not configured. */
export interface SecretsUnreadable {
  /** `endpoint`: its deliveries wait. `workflow_receiver`: it refuses every request. */
  readonly of: "endpoint" | "workflow_receiver";
  readonly id: string;
}

/** An event that is no longer delivered to an endpoint. It is stored, and an operator can send it again. */
export interface EventDead {
  readonly endpointId: string;
  readonly eventId: string;
  /** `type` of its envelope. */
  readonly eventType: string;
  /** Number of attempts. */
  readonly attempts: number;
  /** Status of the last response; null when there was none. */
  readonly lastStatus: number | null;
  /** Stable code of the last failure; null when the status explains it. */
  readonly lastCode: string | null;
}

/**
 * An event that the gateway could not handle in five tries. It is not tried any more, so that it does not delay others. It stays stored, and
 * an operator can send it again.
 */
export interface EventUnprocessable {
  readonly eventId: string;
  /** `type` of its envelope. */
  readonly eventType: string;
  /** The endpoint that did not get it. null means that none got it, because it could not be matched against the endpoints' filters. */
  readonly endpointId: string | null;
  /** Number of attempts. */
  readonly attempts: number;
  /** Class of the error, or `crash` when the gateway's object crashed. */
  readonly errorName: string;
}

/** Events that the gateway stored but does not deliver. An operator can replay them. */
export interface EventQuarantined {
  /** `stale`: its signed time is too old. `early`: its signed time is in the future. `undated`: it has no signed time. */
  readonly reason: "stale" | "early" | "undated";
  /** Number of events of the app with this reason on this day (UTC) so far. Reported once an hour for each reason. */
  readonly count: number;
  /** The event that caused this report. */
  readonly eventId: string;
  /** `type` of its envelope. */
  readonly eventType: string;
  /** The location or company that it names; null when it names none. */
  readonly resource: Resource | null;
  /** Its signed time in milliseconds since 1970; null when it has none. */
  readonly signedAtMs: number | null;
}

/** Events that the gateway held and then deleted. They are not stored and cannot be replayed. */
export interface EventDropped {
  /** `not_installed`: the app was not installed at the event's resource within an hour. */
  readonly reason: "not_installed";
  /** Number of events of the app with this reason on this day (UTC) so far. Reported once an hour for each reason. */
  readonly count: number;
  /** The event that caused this report. */
  readonly eventId: string;
  /** `type` that its envelope would have had. */
  readonly eventType: string;
  /** The location or company that it names. */
  readonly resource: Resource;
  /** Its signed time in milliseconds since 1970; null when it has none. */
  readonly signedAtMs: number | null;
}

/** A record that changed without a webhook. The gateway found it through HighLevel's API. */
export interface RecordReconciled {
  /** Module of HighLevel's API, such as `contacts`. */
  readonly module: string;
  readonly recordId: string;
  /** HighLevel's time of the change in milliseconds since 1970. */
  readonly updatedAtMs: number;
  /** The record as HighLevel's API returned it. */
  readonly record: unknown;
}

/** Request of a workflow's webhook action. */
export interface WorkflowWebhook {
  /** Name of the gateway's receiver it was sent to. */
  readonly receiver: string;
  readonly method: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly contentType: string | null;
  /** Parsed JSON, the fields of a form, or text. */
  readonly body: unknown;
}

/** One execution of a workflow action of your app. */
export interface WorkflowAction {
  /** Name of the gateway's receiver it was sent to. */
  readonly receiver: string;
  /** Key of the action in your app; null when HighLevel sent none. */
  readonly key: string | null;
  /** Version of the action. */
  readonly version: string | null;
  /** The action's fields with the values of the workflow. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Ids that HighLevel sent: location, contact and workflow. */
  readonly extras: { readonly locationId?: string; readonly contactId?: string; readonly workflowId?: string };
}

/** A subscription of a workflow to a trigger of your app that was created, updated or deleted. */
export interface WorkflowTrigger {
  /** Name of the gateway's receiver it was sent to. */
  readonly receiver: string;
  /** Key of the trigger in your app; null when HighLevel sent none. */
  readonly key: string | null;
  readonly change: "created" | "updated" | "deleted" | "unknown";
  /** URL to which your app posts to fire the trigger; null when HighLevel sent none. */
  readonly targetUrl: string | null;
  /** The subscription as HighLevel sent it. */
  readonly subscription: unknown;
}

/** Data of each event of the gateway itself, and of each request of a workflow, by event name. */
export interface GatewayEvents {
  /** The app must be installed again: HighLevel refuses the refresh token, or the stored one cannot be read. */
  "grant.reauth_required": GrantChange;
  /** HighLevel reports the location or company as inactive. The tokens are stored and tried again. */
  "grant.suspended": GrantChange;
  /** The grant works again after another grant event. */
  "grant.restored": GrantChange;
  /** The credentials or scopes of the app are wrong. Retried after 15 minutes, then hourly, and at once after a change. */
  "grant.misconfigured": GrantChange;
  /**
   * HighLevel's API refuses access tokens, even new ones. The gateway replaces them again after growing pauses. An operator has to replace
   * a private integration token.
   */
  "grant.token_refused": GrantChange;
  /** A private integration token must be rotated by this time, in milliseconds since 1970. */
  "private_token.rotation_due": { readonly rotateAtMs: number };
  /** 80 % of the daily limit is used. */
  "quota.daily_80": DailyQuota;
  "endpoint.disabled": EndpointDisabled;
  /** A test that an operator started, to check whether the endpoint accepts deliveries. */
  "endpoint.test": { readonly endpointId: string };
  "event.dead": EventDead;
  "event.unprocessable": EventUnprocessable;
  /** Events were too old, too early or without a time. They are stored. */
  "event.quarantined": EventQuarantined;
  /** Events were for a resource at which the app was not installed. They are not stored. */
  "event.dropped": EventDropped;
  /** Configure the key again, or rotate the secrets. Sent at most once a day while the secrets are needed. */
  "secrets.unreadable": SecretsUnreadable;
  /** No event has come from a location for too long. `lastEventAtMs`: time of the last event, in milliseconds since 1970. */
  "location.inactive": { readonly lastEventAtMs: number };
  "record.reconciled": RecordReconciled;
  "workflow.webhook": WorkflowWebhook;
  "workflow.action": WorkflowAction;
  "workflow.trigger": WorkflowTrigger;
}

/** Name of an event of the gateway itself. */
export type GatewayEventName = keyof GatewayEvents;

/** A record, so that a missing name does not compile. */
const NAMES: Readonly<Record<GatewayEventName, true>> = {
  "grant.reauth_required": true,
  "grant.suspended": true,
  "grant.restored": true,
  "grant.misconfigured": true,
  "grant.token_refused": true,
  "private_token.rotation_due": true,
  "quota.daily_80": true,
  "endpoint.disabled": true,
  "endpoint.test": true,
  "event.dead": true,
  "event.unprocessable": true,
  "event.quarantined": true,
  "event.dropped": true,
  "secrets.unreadable": true,
  "location.inactive": true,
  "record.reconciled": true,
  "workflow.webhook": true,
  "workflow.action": true,
  "workflow.trigger": true,
};

/** Names of all events of the gateway itself. */
export const gatewayEventNames: readonly GatewayEventName[] = /* @__PURE__ */ Object.freeze(
  Object.keys(NAMES) as GatewayEventName[],
);
