import { type PrivateIntegration, type RotationStatus, rotatePrivateToken, rotationStatus } from "@ghl-edge/oauth";
import type { PrivateRefusal } from "../../../domain/contracts/token-grant.ts";
import type { Tenant } from "../../../domain/grants/token-record.ts";
import { type GivenToken, privateReply } from "../../../domain/grants/token-reply.ts";
import { logEvent } from "../../../platform/log.ts";
import type { Notify } from "../notify.ts";
import type { SealedRecords } from "./sealed-records.ts";

/** Code of a token that HighLevel's API refuses, as grants have it. */
const REFUSED_CODE = "ERR_GHL_ACCESS_TOKEN_INVALID";
const KEY = "private_refused";
/** Two tokens count as refused together within this: the one before is only given out where the newest was refused. */
const TOGETHER_MS = 60_000;
/** A refused token is asked for again soon, so that it shows when HighLevel takes it again. */
const RECHECK_MS = 30_000;
/** A refusal is over when a token was given for a call and for this long nobody has come back with a refusal. */
const TAKEN_AFTER_MS = 60_000;

/** The ports of `PrivateTokens`. */
export interface PrivateTokensOptions {
  readonly records: SealedRecords;
  readonly storage: Pick<DurableObjectStorage, "kv" | "transactionSync">;
  readonly notify: Notify;
  /** Sets the alarm for what is due first. */
  readonly schedule: () => void;
}

/** The private integration token of a resource: which one is given out, when it is to be rotated, whether HighLevel refuses it. */
export class PrivateTokens {
  readonly #options: PrivateTokensOptions;
  #record: PrivateIntegration | undefined;
  /** By token, when HighLevel refused it last: two at most. In memory alone, as a refusal comes with every call. */
  readonly #refusedAtMs = new Map<string, number>();

  constructor(options: PrivateTokensOptions) {
    this.#options = options;
  }

  get isStored(): boolean {
    return this.#record !== undefined;
  }

  /** Restores the stored record, after the object was activated. */
  restore(record: PrivateIntegration | undefined): void {
    this.#record = record;
  }

  /** Removes the token. */
  remove(): void {
    this.#options.records.removePrivate();
    this.#record = undefined;
    this.#refusedAtMs.clear();
    this.#clearRefusal();
  }

  /** Stores a new token. The previous one is used for 7 more days where HighLevel refuses the new one. */
  async add(tenant: Tenant, token: string, createdAtMs: number): Promise<RotationStatus> {
    const record = rotatePrivateToken(this.#record, token, createdAtMs);
    await this.#store(tenant, record);
    return rotationStatus(record, Date.now());
  }

  /** The token for a call; undefined: there is none. `rejectedToken`: HighLevel has just refused it. */
  answer(tenant: Tenant, rejectedToken: string | undefined): GivenToken | undefined {
    const record = this.#record;
    if (record === undefined) return undefined;
    const nowMs = Date.now();
    if (rejectedToken === undefined) this.#given(tenant, nowMs);
    else this.#rejected(tenant, { record, rejectedToken, nowMs });
    const reply = privateReply(record, nowMs, rejectedToken);
    if (this.refusal() === undefined) return reply;
    return { ...reply, freshUntilMs: Math.min(reply.freshUntilMs, nowMs + RECHECK_MS) };
  }

  status(): RotationStatus | undefined {
    return this.#record && rotationStatus(this.#record, Date.now());
  }

  refusal(): PrivateRefusal | undefined {
    return this.#record && this.#options.storage.kv.get<PrivateRefusal>(KEY);
  }

  /** When to remind of the rotation; undefined: it was done, or there is nothing to rotate. */
  remindAtMs(): number | undefined {
    return this.#record?.remindedAtMs === undefined ? this.status()?.remindAtMs : undefined;
  }

  /** Says once that the token should be rotated. */
  async remind(tenant: Tenant): Promise<void> {
    const record = this.#record;
    const status = this.status();
    if (record === undefined || record.remindedAtMs !== undefined || !status?.due) return;
    await this.#store(tenant, { ...record, remindedAtMs: Date.now() });
    logEvent("grant", { ...tenant, source: "private", outcome: "rotation_due" });
    this.#options.notify(tenant, "private_token.rotation_due", { rotateAtMs: status.rotateAtMs });
  }

  async #store(tenant: Tenant, record: PrivateIntegration): Promise<void> {
    const { records, storage, schedule } = this.#options;
    const context = await records.contextFor(tenant);
    const secrets = await records.seal(context, "private", record);
    storage.transactionSync(() => {
      const wasUnreadable = records.write(context, "private", { state: null, secrets });
      // The same token once more is refused as it was before.
      const isOver = record.token !== this.#record?.token && this.#clearRefusal();
      this.#record = record;
      if (wasUnreadable || isOver) this.#restored(tenant);
    });
    schedule();
  }

  #rejected(
    tenant: Tenant,
    { record, rejectedToken, nowMs }: { record: PrivateIntegration; rejectedToken: string; nowMs: number },
  ): void {
    const { token, previous } = record;
    if (rejectedToken !== token && rejectedToken !== previous?.token) return;
    this.#refusedAtMs.set(rejectedToken, nowMs);
    const isRefused = (one: string): boolean => {
      const atMs = this.#refusedAtMs.get(one);
      return atMs !== undefined && nowMs - atMs < TOGETHER_MS;
    };
    const canServe = previous !== undefined && nowMs < previous.validUntilMs && !isRefused(previous.token);
    if (!isRefused(token) || canServe) return;
    const { kv } = this.#options.storage;
    const before = kv.get<PrivateRefusal>(KEY);
    // Nothing is written for one more refusal of many.
    if (before !== undefined && before.givenAtMs === undefined) return;
    this.#options.storage.transactionSync(() => {
      kv.put<PrivateRefusal>(KEY, { code: REFUSED_CODE, atMs: before?.atMs ?? nowMs });
      if (before !== undefined) return;
      logEvent("grant", { ...tenant, source: "private", outcome: "token_refused", code: REFUSED_CODE });
      this.#options.notify(tenant, "grant.token_refused", { source: "private", code: REFUSED_CODE });
    });
  }

  /** Somebody needs it for a call. Who was given it before has not come back with a refusal: HighLevel has taken it. */
  #given(tenant: Tenant, nowMs: number): void {
    const refusal = this.refusal();
    if (refusal === undefined) return;
    const { givenAtMs } = refusal;
    if (givenAtMs !== undefined && nowMs - givenAtMs < TAKEN_AFTER_MS) return;
    this.#options.storage.transactionSync(() => {
      if (givenAtMs === undefined) {
        this.#options.storage.kv.put<PrivateRefusal>(KEY, { ...refusal, givenAtMs: nowMs });
        return;
      }
      this.#clearRefusal();
      this.#restored(tenant);
    });
  }

  #restored(tenant: Tenant): void {
    logEvent("grant", { ...tenant, source: "private", outcome: "restored" });
    this.#options.notify(tenant, "grant.restored", { source: "private", code: null });
  }

  /** True: there was one. */
  #clearRefusal(): boolean {
    return this.#options.storage.kv.delete(KEY);
  }
}
