import { DurableObject } from "cloudflare:workers";
import type { Checkpoint, DayUse, Feedback } from "@ghl-edge/rate-limit";
import { limiterConfig, PREFETCH_MS } from "../../domain/budget.ts";
import type {
  AcquireReply,
  AcquireRequest,
  PermitReply,
  PermitRequest,
  ResourceCoordinatorApi,
} from "../../domain/contracts/resource-coordinator.ts";
import type { TokenRequest } from "../../domain/contracts/token-grant.ts";
import type { Tenant } from "../../domain/token-record.ts";
import type { AcceptedTokenTypes, GivenToken, TokenReply } from "../../domain/token-reply.ts";
import type { GatewayConfig } from "../../platform/config.ts";
import { readConfig, readObjects } from "../../platform/env.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { createEventOutbox, type EventOutbox } from "../event-outbox.ts";
import { ReliableAlarm } from "../reliable-alarm.ts";
import { PermitQueue } from "./permit-queue.ts";
import { createTokenCache, type TokenCache } from "./token-cache.ts";

const CHECKPOINT = "checkpoint";
/** What endpoints could not be told is told again after this long. */
const TELL_AGAIN_MS = 8_000;

/** What is known of the tokens for operations of one kind. */
interface Cached {
  readonly token?: GivenToken;
  readonly asking?: Promise<TokenReply>;
}

type GivenOrRefused = Omit<Extract<AcquireReply, { ok: true }>, "accessToken"> | Extract<PermitReply, { ok: false }>;

/**
 * The hot path: one call answers token and permit. A row written per call would cost more than the call: permits follow from a
 * checkpoint, and the token from a cache that is written once for each.
 */
export class ResourceCoordinator extends DurableObject<Env> implements ResourceCoordinatorApi {
  readonly #objects = readObjects(this.env);
  readonly #cached = new Map<AcceptedTokenTypes, Cached>();
  readonly #alarm = new ReliableAlarm({
    storage: this.ctx.storage,
    what: "coordinator",
    app: () => this.ctx.id.name,
    firstPauseMs: TELL_AGAIN_MS,
  });
  #openedCache: TokenCache | undefined;
  #queue: PermitQueue | undefined;
  /** Made when something has to be told: on the way of a call it would read a row. */
  #outbox: EventOutbox | undefined;

  async acquire(request: AcquireRequest): Promise<AcquireReply> {
    const askedAtMs = Date.now();
    const token = await this.#accessToken(request);
    if (!token.ok) {
      if (token.reason !== "refreshing") return token;
      return { ok: false, reason: "refreshing", retryAfterMs: Math.max(0, token.retryAtMs - Date.now()) };
    }
    const { scopes } = request;
    if (scopes.length > 0 && token.scopes.length > 0 && !scopes.some((scope) => token.scopes.includes(scope)))
      return { ok: false, reason: "scope", granted: token.scopes };
    for (const number of request.returned) this.#queueOf(request).returnUnused(number);
    const isGoodForMore = Date.now() + PREFETCH_MS < token.freshUntilMs;
    const reply = await this.#permit(request, askedAtMs, isGoodForMore ? request.prefetch : 0);
    return reply.ok ? { ...reply, accessToken: token.accessToken } : reply;
  }

  async permit(request: PermitRequest): Promise<PermitReply> {
    const reply = await this.#permit(request, Date.now(), 0);
    return reply.ok ? { ok: true, permit: reply.permit } : reply;
  }

  async #permit(request: PermitRequest, askedAtMs: number, wanted: number): Promise<GivenOrRefused> {
    const { key, priority, maxWaitMs, retry } = request;
    const end = await this.#queueOf(request).request({ key, priority, maxWaitMs, retry, prefetch: wanted });
    if ("reason" in end)
      return {
        ok: false,
        reason: "budget",
        limit: end.reason === "daily" ? "daily" : "burst",
        retryAfterMs: end.retryAfterMs,
      };
    const { number, startAtMs, report, expectedUsed } = end;
    const intervalLimit = limiterConfig(this.#appOf(request)).burst.limit;
    const startsAfterMs = Math.max(0, startAtMs - askedAtMs);
    const prefetched = end.prefetched.map(({ startAtMs: _, ...permit }) => permit);
    return { ok: true, permit: { number, startsAfterMs, report, expectedUsed, intervalLimit }, prefetched };
  }

  async report(tenant: Tenant, permit: number, feedback: Feedback | undefined): Promise<void> {
    this.#queueOf(tenant).settle(permit, feedback);
  }

  async returnUnused(tenant: Tenant, permit: number): Promise<void> {
    this.#queueOf(tenant).returnUnused(permit);
  }

  async tokenRejected(request: TokenRequest): Promise<void> {
    // The caller has its answer; the calls that follow wait for this question instead of asking another one.
    this.ctx.waitUntil(this.#accessToken(request).catch(() => {}));
  }

  async tokenChanged(): Promise<void> {
    this.#cached.clear();
    this.#tokenCache.clear();
    // Whoever says so relies on it.
    await this.ctx.storage.sync();
  }

  async dropStaleTokens(): Promise<number> {
    const left = this.#tokenCache.dropStale();
    await this.ctx.storage.sync();
    return left;
  }

  override async alarm(): Promise<void> {
    await this.#alarm.run([{ name: "notify", run: () => this.#events().send() }], async (retryAtMs) => {
      if (!this.#events().hasPending()) return;
      await this.ctx.storage.setAlarm(retryAtMs("notify") ?? Date.now() + TELL_AGAIN_MS);
    });
  }

  /** Read at each use: an object that is made while the configuration is missing keeps its alarm. */
  get #config(): GatewayConfig {
    return readConfig(this.env);
  }

  get #tokenCache(): TokenCache {
    this.#openedCache ??= createTokenCache(this.ctx.storage.kv, this.#config.tokenKeys);
    return this.#openedCache;
  }

  #events(): EventOutbox {
    this.#outbox ??= createEventOutbox(this.ctx.storage.sql, this.#objects);
    return this.#outbox;
  }

  /** In the burst of the checkpoint that says so; told after it, by the alarm where that fails. */
  #tellOfDay({ app, resource }: Tenant, { limit, used }: DayUse): void {
    const data = { limit, used };
    this.#events().add({
      app,
      resource,
      name: "quota.daily_80",
      data,
      atMs: Date.now(),
      uniqueId: crypto.randomUUID(),
    });
    void this.ctx.storage.setAlarm(Date.now() + TELL_AGAIN_MS);
    this.ctx.waitUntil(this.#events().send());
  }

  #appOf({ app }: Tenant) {
    return this.#config.apps.get(app);
  }

  #queueOf(tenant: Tenant): PermitQueue {
    const { kv } = this.ctx.storage;
    this.#queue ??= new PermitQueue(limiterConfig(this.#appOf(tenant)), kv.get<Checkpoint>(CHECKPOINT), {
      save: (saved) => kv.put(CHECKPOINT, saved),
      onDayWarning: (use) => this.#tellOfDay(tenant, use),
    });
    return this.#queue;
  }

  /** One question for all callers that wait. An answer that `tokenChanged` has overtaken is not kept. */
  #accessToken(request: TokenRequest): Promise<TokenReply> {
    const { acceptedTokenTypes, rejectedToken } = request;
    const known = this.#cached.get(acceptedTokenTypes);
    const isGood =
      known?.token !== undefined && Date.now() < known.token.freshUntilMs && known.token.accessToken !== rejectedToken;
    if (isGood) return Promise.resolve(known.token);
    // A question that was asked before the refusal may be answered with the refused token: asked anew.
    if (known?.asking !== undefined && rejectedToken === undefined) return known.asking;
    const asking = this.#ask(request, known === undefined);
    this.#cached.set(acceptedTokenTypes, { asking });
    const settled = (reply?: TokenReply): void => {
      if (this.#cached.get(acceptedTokenTypes)?.asking !== asking) return;
      if (reply?.ok) this.#cached.set(acceptedTokenTypes, { token: reply });
      else this.#cached.delete(acceptedTokenTypes);
    };
    asking.then(settled, () => settled());
    return asking;
  }

  /** `isFirst`: of this life, or since the token was changed. */
  async #ask(
    { app, resource, acceptedTokenTypes, rejectedToken }: TokenRequest,
    isFirst: boolean,
  ): Promise<TokenReply> {
    const tenant = { app, resource };
    // Where there is no other token, each call would else be sent with the one that is refused.
    if (rejectedToken !== undefined) this.#tokenCache.clear();
    const cached = isFirst ? await this.#tokenCache.read(tenant, acceptedTokenTypes) : undefined;
    if (cached !== undefined) return cached;
    const reply = await retryOnce(
      () => this.#objects.grant(app, resource),
      (grant) => grant.accessToken({ ...tenant, acceptedTokenTypes, rejectedToken }),
    );
    if (reply.ok && reply.accessToken !== rejectedToken) {
      const isWanted = (): boolean => this.#cached.get(acceptedTokenTypes)?.token === reply;
      this.ctx.waitUntil(this.#tokenCache.write(tenant, acceptedTokenTypes, reply, isWanted));
    }
    return reply;
  }
}
