/** What became of a grant. */
export interface GrantChange {
  /**
   * `refreshable`: a grant with a refresh token of its own; `derived`: a location's, made from its company's; `private`: a private
   * integration token; `pending_approval`: an installation that waits for its approval.
   */
  readonly source: "refreshable" | "derived" | "private" | "pending_approval";
  /** Why, as a stable code; null where nothing failed. */
  readonly code: string | null;
}

/** A day's calls near their limit. */
export interface DailyQuota {
  /** Calls that HighLevel allows this resource per day. */
  readonly limit: number;
  /** Calls of this day so far. */
  readonly used: number;
}

/** A receiver that is sent nothing more until an operator switches it on. */
export interface EndpointDisabled {
  readonly endpointId: string;
  /** `gone`: it answered 410; `failing`: it failed for too long; `backlog`: more waited for it than the gateway keeps. */
  readonly reason: "gone" | "failing" | "backlog";
  /** Since when every delivery has failed, in milliseconds since 1970; null when none had. */
  readonly failingSinceMs: number | null;
  /** The status it last answered with; null when no answer came. */
  readonly lastStatus: number | null;
}

/** Stored secrets that do not open, because the key that sealed them is not configured. */
export interface SecretsUnreadable {
  /** `endpoint`: nothing is sent to it, what is due waits; `workflow_receiver`: it lets nobody in. */
  readonly of: "endpoint" | "workflow_receiver";
  readonly id: string;
}

/** An event that is not delivered to an endpoint any more; it is kept, and can be sent again by hand. */
export interface EventDead {
  readonly endpointId: string;
  readonly eventId: string;
  /** `type` of its envelope. */
  readonly eventType: string;
  /** How often it was tried. */
  readonly attempts: number;
  /** The status of the last answer; null when none came. */
  readonly lastStatus: number | null;
  /** Why the last attempt failed, as a stable code; null when a status says it. */
  readonly lastCode: string | null;
}

/** An event that the gateway could not handle, so that it does not hold up the others; it is kept, and can be sent again by hand. */
export interface EventUnprocessable {
  readonly eventId: string;
  /** `type` of its envelope. */
  readonly eventType: string;
  /** The endpoint it was not delivered to; null: to none, because it could not be matched against the endpoints' filters. */
  readonly endpointId: string | null;
  /** How often it was tried. */
  readonly attempts: number;
  /** Class of the error, or `crash` where the gateway's object died with it. */
  readonly errorName: string;
}

/** Events that the gateway has taken and sends to nobody; those of an inbox can be replayed by hand. */
export interface EventQuarantined {
  /**
   * `stale`: signed too long ago; `early`: signed for a time to come; `undated`: without a signed time; `not_installed`: nothing was
   * installed at its resource for an hour, and the event was dropped.
   */
  readonly reason: "stale" | "early" | "undated" | "not_installed";
  /** Events of the app with this reason on this day (UTC) so far. Reported once an hour for each reason. */
  readonly count: number;
  /** The event that made this report. */
  readonly eventId: string;
  /** `type` of its envelope. */
  readonly eventType: string;
  /** The location or company it names; null where it names none. */
  readonly resource: { readonly kind: "location" | "company"; readonly id: string } | null;
  /** Its signed time, in milliseconds since 1970; null where it has none. */
  readonly signedAtMs: number | null;
}

/** A record that changed while no webhook said so, found by asking HighLevel. */
export interface RecordReconciled {
  /** Which of HighLevel's APIs it came from: `contacts`. */
  readonly module: string;
  readonly recordId: string;
  /** HighLevel's time of the change, in milliseconds since 1970. */
  readonly updatedAtMs: number;
  /** The record as HighLevel's API answered it. */
  readonly record: unknown;
}

/** What a workflow's webhook action sent. */
export interface WorkflowWebhook {
  /** Name of the gateway's receiver it was sent to. */
  readonly receiver: string;
  readonly method: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly contentType: string | null;
  /** JSON as parsed, a form's fields, or the text. */
  readonly body: unknown;
}

/** One run of a workflow action of your app. */
export interface WorkflowAction {
  /** Name of the gateway's receiver it was sent to. */
  readonly receiver: string;
  /** Key of the action as your app defines it. */
  readonly key: string | null;
  /** Version of the action. */
  readonly version: string | null;
  /** The action's fields as the workflow filled them in. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Where it ran, as far as HighLevel says. */
  readonly extras: { readonly locationId?: string; readonly contactId?: string; readonly workflowId?: string };
}

/** A workflow that began, changed or ceased to listen to a trigger of your app. */
export interface WorkflowTrigger {
  /** Name of the gateway's receiver it was sent to. */
  readonly receiver: string;
  /** Key of the trigger as your app defines it. */
  readonly key: string | null;
  readonly change: "created" | "updated" | "deleted" | "unknown";
  /** Where to post what fires the trigger; null where HighLevel named no URL. */
  readonly targetUrl: string | null;
  /** The subscription as HighLevel sent it. */
  readonly subscription: unknown;
}

/** What the gateway itself has to say, and what workflows send to it: name to data. */
export interface GatewayEvents {
  /** Only a new installation helps: HighLevel takes the refresh token no longer, or the stored one cannot be read. */
  "grant.reauth_required": GrantChange;
  /** HighLevel calls the location or company inactive; the tokens are kept and tried again. */
  "grant.suspended": GrantChange;
  /** It works again after one of the others. */
  "grant.restored": GrantChange;
  /** Wrong credentials or scopes of the app; tried again after 15 minutes, then hourly, and at once when they are changed. */
  "grant.misconfigured": GrantChange;
  /** HighLevel's API refuses access tokens although they were replaced; they are replaced again, after growing pauses; a private one by an operator. */
  "grant.token_refused": GrantChange;
  /** A private integration token should be rotated by this time, in milliseconds since 1970. */
  "private_token.rotation_due": { readonly rotateAtMs: number };
  /** Four fifths of a day's calls are used. */
  "quota.daily_80": DailyQuota;
  "endpoint.disabled": EndpointDisabled;
  /** An operator asked for it, to see whether the receiver takes what it is sent; nothing has happened. */
  "endpoint.test": { readonly endpointId: string };
  "event.dead": EventDead;
  "event.unprocessable": EventUnprocessable;
  /** Events came too late, too early, without a time, or for a resource at which nothing is installed. */
  "event.quarantined": EventQuarantined;
  /** At most once a day while the secrets are needed: the key has to be configured again, or the secrets to be rotated. */
  "secrets.unreadable": SecretsUnreadable;
  /** No event has come from a location for too long; the last one's time in milliseconds since 1970. */
  "location.silent": { readonly lastEventAtMs: number };
  "record.reconciled": RecordReconciled;
  "workflow.webhook": WorkflowWebhook;
  "workflow.action": WorkflowAction;
  "workflow.trigger": WorkflowTrigger;
}

export type GatewayEventName = keyof GatewayEvents;

/** A table, so that a name that is missing here does not compile. */
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
  "secrets.unreadable": true,
  "location.silent": true,
  "record.reconciled": true,
  "workflow.webhook": true,
  "workflow.action": true,
  "workflow.trigger": true,
};

/** Every event of the gateway's own. */
export const gatewayEventNames: readonly GatewayEventName[] = /* @__PURE__ */ Object.freeze(
  Object.keys(NAMES) as GatewayEventName[],
);
