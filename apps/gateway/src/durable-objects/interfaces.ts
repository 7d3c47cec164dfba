/**
 * What the Durable Objects promise, as plain interfaces: callers see these, never the classes. Everything that crosses
 * is structured-cloneable.
 */
import type { GrantState, RotationStatus, TokenSet } from "@ghl-edge/oauth";
import type { Feedback, Priority } from "@ghl-edge/rate-limit";
import type { Breaker } from "../domain/breaker.ts";
import type { EventSource, InboxEvent } from "../domain/inbox-event.ts";
import type { DeliveryFailure } from "../domain/receiver-answer.ts";
import type { Resource } from "../domain/resource.ts";
import type { NumberedPermit } from "../domain/spare-permits.ts";
import type { Owner, RecordName } from "../domain/token-record.ts";
import type { NoTokenReason, TokenKinds, TokenReply } from "../domain/token-reply.ts";
import type { HeldEvent, HoldOutcome } from "./held-events.ts";
import type { InboxOwner, StoredEvent, WholeEvent } from "./inbox-store.ts";
import type { PrivateRefusal } from "./private-tokens.ts";
import type { StateSpending } from "./spent-states.ts";

export interface TokenRequest extends Owner {
  readonly kinds: TokenKinds;
  /** HighLevel has refused this one as invalid or expired: another one is wanted. */
  readonly rejectedToken?: string | undefined;
}

/** A signed event of the app's life, or what HighLevel's own answer says of it. */
export interface LifeEvent extends Owner {
  /** HighLevel's time. */
  readonly atMs: number;
  /** Of a location, where it is known. */
  readonly companyId?: string | undefined;
  /** HighLevel has signed it about this very resource. Else the company says so, or an operator, whose time is of our clock. */
  readonly signed?: boolean;
  /** Of an end: a private integration token goes as well, which no UNINSTALL of HighLevel's takes. */
  readonly forgetsAll?: boolean | undefined;
}

/** An installation that nobody has vouched for yet. */
export interface HeldInstallation {
  readonly obtainedAtMs: number;
  readonly companyId: string | undefined;
  readonly scopes: readonly string[];
}

/** What is known of an installation, without a token. */
export interface InstallationStatus {
  readonly grant: GrantState | undefined;
  readonly minted: GrantState | undefined;
  readonly privateIntegration: RotationStatus | undefined;
  /** HighLevel refuses the private integration token, and there is no other one. */
  readonly privateRefusal?: PrivateRefusal | undefined;
  readonly held: HeldInstallation | undefined;
  /** Whose stored secrets do not open, because their key is gone: as if there were none. */
  readonly unreadable: readonly RecordName[];
}

/** Which key of `TOKEN_KEYS` seals what an object stores. */
export interface KeyUse {
  readonly keyId: string;
  /** False: the key is not configured, or is another one under the same id. */
  readonly readable: boolean;
}

/** One per app and resource: all its secrets, and the lock around them. */
export interface TokenGrantApi {
  /**
   * Stores what a code was exchanged for; returns when it is durable. False: a newer exchange is stored, or an uninstall came after this
   * one, and nothing was done.
   */
  install(owner: Owner, tokens: TokenSet): Promise<boolean>;
  /**
   * Keeps aside what a code without a state of ours was exchanged for, until a signed INSTALL of about the same time, or
   * `approve`, vouches for it, or a newer installation or an UNINSTALL makes it void. True: an INSTALL vouches already, and it is stored.
   */
  hold(owner: Owner, tokens: TokenSet): Promise<boolean>;
  /** An operator vouches for what is kept aside. False: there is nothing. */
  approve(owner: Owner): Promise<boolean>;
  /** Has renewal tried now where it is in trouble; returns when it has ended. False: nothing is wrong. */
  retry(): Promise<boolean>;
  /** INSTALL: may come before the code, twice, or late. */
  installed(event: LifeEvent): Promise<void>;
  /** UNINSTALL; with `companyId`: the company's, which ends the token minted from it and no other. */
  uninstalled(event: LifeEvent): Promise<void>;
  keepPrivateToken(owner: Owner, token: string, createdAtMs?: number): Promise<RotationStatus>;
  /** A token that lives long enough for one call, renewed first where needed; one renewal for all callers. */
  accessToken(request: TokenRequest): Promise<TokenReply>;
  /** A company's token to mint a location's with; the location will hear of the company's end. */
  mintingToken(request: TokenRequest, locationId: string): Promise<TokenReply>;
  status(): Promise<InstallationStatus>;
  /** Which key seals the object's secrets, after they were sealed by the active one where they open. Undefined: it stores none. */
  keyUse(): Promise<KeyUse | undefined>;
  /** Ids of the locations that a company serves, in order, after `afterId`. */
  servedLocations(afterId: string, limit: number): Promise<readonly string[]>;
}

export interface PermitRequest extends Owner {
  /** Who takes turns with whom where calls wait. */
  readonly key: string;
  readonly priority: Priority;
  readonly maxWaitMs: number;
  /** HighLevel refused it after its turn: it goes before calls of its key that have had none. */
  readonly again?: boolean | undefined;
}

/** Leave to send one request. */
export interface GivenPermit extends NumberedPermit {
  /** How long after it was asked for: its slot is taken from then on. */
  readonly startsAfterMs: number;
  readonly intervalLimit: number;
}

export type PermitReply =
  | { readonly ok: true; readonly permit: GivenPermit }
  | {
      readonly ok: false;
      readonly reason: "budget";
      readonly limit: "burst" | "daily";
      readonly retryAfterMs: number;
    };

export interface AcquireRequest extends PermitRequest {
  readonly kinds: TokenKinds;
  readonly rejectedToken?: string | undefined;
  /** Any of these is enough; none: the operation needs none. */
  readonly scopes: readonly string[];
  /** As many more permits as would be taken for calls that ask for the same within `SPARE_MS`. */
  readonly spare: number;
  /** Spare permits of before that were not used. */
  readonly unused: readonly number[];
}

export type AcquireReply =
  | {
      readonly ok: true;
      readonly accessToken: string;
      readonly permit: GivenPermit;
      /** Each is leave to send one request with this token until `SPARE_MS` after it was asked for. */
      readonly spare: readonly NumberedPermit[];
    }
  | Extract<PermitReply, { ok: false }>
  | { readonly ok: false; readonly reason: "refreshing"; readonly retryAfterMs: number }
  | { readonly ok: false; readonly reason: "scope"; readonly granted: readonly string[] }
  | { readonly ok: false; readonly reason: NoTokenReason; readonly answerCode?: string | undefined };

/** One per app and resource; the hot path: one call answers token and permit. */
export interface ResourceCoordinatorApi {
  acquire(request: AcquireRequest): Promise<AcquireReply>;
  /** Drops copies of tokens that are over or that another than the active key seals. How many are left: all are under the active key. */
  dropOldCopies(): Promise<number>;
  /** A permit without a token, for what the gateway itself asks HighLevel. */
  permit(request: PermitRequest): Promise<PermitReply>;
  /** The answer of a permit, or that none came; only where `needsReport` says so. */
  report(owner: Owner, permit: number, feedback: Feedback | undefined): Promise<void>;
  /** Nothing was sent for a permit. */
  unused(owner: Owner, permit: number): Promise<void>;
  /** HighLevel has refused the token of a call that is not sent again. Returns before the grant has another one. */
  tokenRejected(request: TokenRequest): Promise<void>;
  /** The grant has other tokens: forget what is in memory. */
  tokenChanged(): Promise<void>;
}

/** Which events of an inbox. Times are those of arrival. */
export interface EventQuery {
  /** Events before this place; the newest where it is left out. */
  readonly beforeSeq?: number | undefined;
  readonly names?: readonly string[] | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly quarantined?: boolean | undefined;
}

export interface EventReplay extends EventQuery {
  /** Of these alone: ids of events. */
  readonly ids?: readonly string[] | undefined;
  /** Count, and do nothing. */
  readonly dryRun: boolean;
  readonly limit: number;
}

/** A record that changed, and what may tell of it. */
export interface RecordChange {
  readonly id: string;
  /** Events from this time on. */
  readonly notBeforeMs: number;
  /** Dedupe key of the event of the gateway's own. */
  readonly toldBy: string;
}

/** Two per app: one keeps what a storm brings until the inboxes have it, one holds events of unknown tenants. */
export interface EventLandingApi {
  /** Removes what waits for a resource's inboxes; says how many events it was. */
  erase(resource: Resource): Promise<number>;
  /** Returns when the event is durable. It goes to its inbox when something is installed at its resource within an hour. */
  hold(held: HeldEvent): Promise<HoldOutcome>;
  /** Returns when the event is durable; its inbox has it some seconds later. */
  land(owner: InboxOwner, event: InboxEvent): Promise<void>;
  /** Records that the callback of an install has used its state. False: another callback has. May be repeated. */
  spendState(spending: StateSpending): Promise<boolean>;
}

/** One per app, resource and day of the signed timestamp. */
export interface WebhookInboxApi {
  /** Empties the object; says how many events it had. */
  erase(): Promise<number>;
  /** Returns when the event is durable; what it asks for is done afterwards. `stored: false`: it was there already. */
  store(owner: InboxOwner, event: InboxEvent): Promise<{ readonly stored: boolean }>;
  /** Newest first. */
  events(query: EventQuery, limit: number): Promise<readonly StoredEvent[]>;
  event(eventId: string): Promise<WholeEvent | undefined>;
  /** Sends events to an endpoint again, whether they were sent or not. `nextSeq`: go on before it. */
  replay(
    endpointId: string,
    wanted: EventReplay,
  ): Promise<{ readonly matched: number; readonly nextSeq: number | undefined }>;
  /** Ids of those records that it has an event about: one of HighLevel's with such a name, or the gateway's own. */
  tellsOf(names: readonly string[], records: readonly RecordChange[]): Promise<readonly string[]>;
  /** When the last event of HighLevel's arrived that may have effects. */
  lastFromHighLevelMs(): Promise<number | undefined>;
}

/** Which object of an endpoint. */
export interface DispatcherAddress {
  readonly app: string;
  readonly endpointId: string;
  readonly shard: number;
}

/** One event on its way to one endpoint, as it will be sent but for signature and time. */
export interface NewDelivery {
  /** `webhook-id`: the same on every attempt and replay. */
  readonly id: string;
  readonly type: string;
  readonly source: EventSource;
  readonly resource: Resource | undefined;
  /** Name of the inbox that keeps the event; null where none does. */
  readonly inbox: string | null;
  /** What is delivered one after the other; null: in any order. */
  readonly orderKey: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type DeliveryState = "due" | "delivered" | "dead";

/** One try to deliver. */
export interface Attempt {
  readonly atMs: number;
  readonly durationMs: number;
  /** What the receiver answered; null: nothing. */
  readonly status: number | null;
  readonly code: DeliveryFailure | null;
}

export interface DeliveryReport {
  /** Its place in its object. */
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly resource: Resource | null;
  readonly inbox: string | null;
  readonly state: DeliveryState;
  readonly createdAtMs: number;
  /** Null: never. */
  readonly nextAttemptAtMs: number | null;
  readonly attempts: readonly Attempt[];
}

export interface DeliveryQuery {
  /** Deliveries before this place; the newest where it is left out. */
  readonly beforeSeq?: number | undefined;
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
  readonly resource?: Resource | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

export interface DeliveryPage {
  readonly items: readonly DeliveryReport[];
  /** Go on before it; undefined: this was all. A page may be short and not the last. */
  readonly nextSeq: number | undefined;
}

export interface DispatcherStatus {
  readonly due: number;
  readonly dead: number;
  /** When the oldest that is due was taken on. */
  readonly oldestDueAtMs: number | null;
  readonly breaker: Breaker;
}

/** One per endpoint and shard: what is due, attempts, how the receiver is doing. */
export interface EndpointDispatcherApi {
  /** Removes the deliveries of a resource, whatever their state; says how many it was. */
  erase(resource: Resource): Promise<number>;
  /**
   * Returns when all are durable. What is known is not sent twice, unless `again`. False: none was taken on, because more waits for
   * this endpoint than may, and it is about to be disabled.
   */
  enqueue(address: DispatcherAddress, deliveries: readonly NewDelivery[], again: boolean): Promise<boolean>;
  /**
   * The endpoint's row is another: read it anew, forget what the receiver was like, and go on. `isRepaired`: the receiver is believed
   * to work now, so what waits for its next attempt is due at once; the attempts that were made count.
   */
  endpointChanged(isRepaired?: boolean): Promise<void>;
  /** Newest first. */
  deliveries(query: DeliveryQuery, limit: number): Promise<DeliveryPage>;
  /** Makes dead letters due again. */
  revive(query: DeliveryQuery, dryRun: boolean): Promise<number>;
  status(): Promise<DispatcherStatus>;
}
