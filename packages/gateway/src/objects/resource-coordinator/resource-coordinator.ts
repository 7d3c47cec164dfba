import {
  type CallPermit,
  type Checkpoint,
  createPermitHost,
  type DayUse,
  type Feedback,
  type PermitHost,
  type Refusal,
  type SlotLimiterConfig,
} from "@ghl-edge/rate-limit";
import type {
  AcquireReply,
  AcquireRequest,
  PermitReply,
  PermitRequest,
  ResourceCoordinatorApi,
} from "../../domain/contracts/resource-coordinator.ts";
import type { TokenRequest } from "../../domain/contracts/token-grant.ts";
import type { Tenant } from "../../domain/grants/token-record.ts";
import { limiterConfig, limitsOf, PREFETCH_MS } from "../../domain/limits/budget.ts";
import { createMintTurns, type MintTurns } from "../../domain/limits/mint-turns.ts";
import { appOfObject } from "../../domain/resource.ts";
import type { GatewayConfig } from "../../platform/config.ts";
import { readObjects } from "../../platform/env.ts";
import { retryOnce } from "../../platform/retry-once.ts";
import { createEventOutbox, type EventOutbox } from "../event-outbox.ts";
import { GatewayObject } from "../gateway-object.ts";
import { ReliableAlarm } from "../reliable-alarm.ts";
import { createAccessTokens } from "./access-tokens.ts";
import { createTokenCache, type TokenCache } from "./token-cache.ts";
import { createTurnBatches, type TurnBatches } from "./turn-batches.ts";

const CHECKPOINT = "checkpoint";
const LAST_MINT_TURN = "last_mint_turn";
/** Pause in ms before pending events are sent again. */
const RETRY_MS = 8_000;

type PermitRefusal = Extract<PermitReply, { ok: false }>;

const refusalReply = ({ reason, retryAfterMs }: Refusal): PermitRefusal => ({
  ok: false,
  reason: "budget",
  limit: reason === "daily" ? "daily" : "burst",
  retryAfterMs,
});

/**
 * Issues the token and the permit for a call to HighLevel, both in one reply. Every call needs them, so no call writes a row: that would
 * cost more than the call. Permits follow from a checkpoint, and each token is written once to a cache.
 */
export class ResourceCoordinator extends GatewayObject implements ResourceCoordinatorApi {
  readonly #objects = readObjects(this.env);
  readonly #tokens = createAccessTokens({
    cache: () => this.#tokenCache,
    objects: this.#objects,
    waitUntil: (work) => this.ctx.waitUntil(work),
  });
  readonly #alarm = new ReliableAlarm({
    storage: this.ctx.storage,
    what: "coordinator",
    app: () => appOfObject(this.ctx.id.name),
    firstPauseMs: RETRY_MS,
  });
  #openedCache: TokenCache | undefined;
  #openedHost: PermitHost | undefined;
  #openedMintTurns: MintTurns | undefined;
  #openedTurnBatches: TurnBatches | undefined;
  /** It is opened with the first event, because opening it reads a row. No call should wait for that. */
  #openedOutbox: EventOutbox | undefined;

  async acquire(request: AcquireRequest): Promise<AcquireReply> {
    const requestedAtMs = Date.now();
    // This comes before every refusal: the caller no longer has these permits.
    for (const number of request.returned) this.#host(request).returnUnused(number);
    const token = await this.#tokens.get(request);
    if (!token.ok) {
      if (token.reason !== "refreshing") return token;
      return { ok: false, reason: "refreshing", retryAfterMs: Math.max(0, token.retryAtMs - Date.now()) };
    }
    const { scopes } = request;
    if (scopes.length > 0 && token.scopes.length > 0 && !scopes.some((scope) => token.scopes.includes(scope)))
      return { ok: false, reason: "scope", granted: token.scopes };
    const outlivesPrefetch = Date.now() + PREFETCH_MS < token.freshUntilMs;
    const result = await this.#requestPermit(request, outlivesPrefetch ? request.prefetch : 0);
    if ("reason" in result) return refusalReply(result);
    const prefetched = result.prefetched.map(({ startAtMs: _, ...permit }) => permit);
    return {
      ok: true,
      accessToken: token.accessToken,
      permit: this.#issued(request, result, requestedAtMs),
      prefetched,
    };
  }

  async permit(request: PermitRequest): Promise<PermitReply> {
    const requestedAtMs = Date.now();
    const result = await this.#requestPermit(request, 0);
    if ("reason" in result) return refusalReply(result);
    return { ok: true, permit: this.#issued(request, result, requestedAtMs) };
  }

  async mintTurns(tenant: Tenant, count: number): Promise<readonly number[]> {
    const { kv } = this.ctx.storage;
    const { burst } = limitsOf(this.#config.apps.get(tenant.app));
    this.#openedMintTurns ??= createMintTurns(burst, kv.get<number>(LAST_MINT_TURN));
    const turns = this.#openedMintTurns;
    const nowMs = Date.now();
    const delaysMs = Array.from({ length: count }, () => Math.ceil(turns.take(nowMs) - nowMs));
    // Turns that begin now need no record: a restart does not hand out turns ahead of them.
    if (turns.lastAtMs! > nowMs) kv.put(LAST_MINT_TURN, turns.lastAtMs!);
    return delaysMs;
  }

  mintTurn(company: Tenant): Promise<number> {
    const { app, resource } = company;
    this.#openedTurnBatches ??= createTurnBatches((count) =>
      retryOnce(
        () => this.#objects.coordinator(app, resource),
        (coordinator) => coordinator.mintTurns(company, count),
      ),
    );
    return this.#openedTurnBatches.take();
  }

  async report(tenant: Tenant, permit: number, feedback: Feedback | undefined): Promise<void> {
    this.#host(tenant).settle(permit, feedback);
  }

  async returnUnused(tenant: Tenant, permit: number): Promise<void> {
    this.#host(tenant).returnUnused(permit);
  }

  async tokenRejected(request: TokenRequest): Promise<void> {
    // The caller has its answer. Calls that follow share this request instead of making another one.
    this.ctx.waitUntil(this.#tokens.get(request).catch(() => {}));
  }

  async tokenChanged(): Promise<void> {
    this.#tokens.clear();
    // The grant relies on the old tokens being gone when this returns.
    await this.ctx.storage.sync();
  }

  async dropStaleTokens(): Promise<number> {
    const left = this.#tokenCache.dropStale();
    await this.ctx.storage.sync();
    return left;
  }

  override async alarm(): Promise<void> {
    await this.#alarm.run([{ name: "notify", run: () => this.#outbox.send() }], async (retryAtMs) => {
      if (!this.#outbox.hasPending()) return;
      await this.ctx.storage.setAlarm(retryAtMs("notify") ?? Date.now() + RETRY_MS);
    });
  }

  /** The configuration is read at each use: an object that is created while it is missing keeps its alarm. */
  get #config(): GatewayConfig {
    return this.isolate.readConfig(this.env);
  }

  get #tokenCache(): TokenCache {
    this.#openedCache ??= createTokenCache(this.ctx.storage.kv, this.#config.tokenKeys);
    return this.#openedCache;
  }

  get #outbox(): EventOutbox {
    this.#openedOutbox ??= createEventOutbox(this.ctx.storage.sql, this.#objects);
    return this.#openedOutbox;
  }

  #host(tenant: Tenant): PermitHost {
    const { kv } = this.ctx.storage;
    this.#openedHost ??= createPermitHost({
      config: this.#limiterConfig(tenant),
      checkpoint: kv.get<Checkpoint>(CHECKPOINT),
      saveCheckpoint: (checkpoint) => kv.put(CHECKPOINT, checkpoint),
      onDayWarning: (use) => this.#warnOfDay(tenant, use),
    });
    return this.#openedHost;
  }

  #limiterConfig({ app }: Tenant): SlotLimiterConfig {
    return limiterConfig(this.#config.apps.get(app));
  }

  #requestPermit(request: PermitRequest, prefetch: number): Promise<CallPermit | Refusal> {
    const { key, priority, maxWaitMs, retry } = request;
    return this.#host(request).request({ key, priority, maxWaitMs, retry, prefetch });
  }

  #issued(tenant: Tenant, { number, startAtMs, report, expectedUsed }: CallPermit, requestedAtMs: number) {
    const intervalLimit = this.#limiterConfig(tenant).burst.limit;
    return { number, startsAfterMs: Math.max(0, startAtMs - requestedAtMs), report, expectedUsed, intervalLimit };
  }

  /** Runs in the synchronous transaction of the checkpoint that records the warning. The alarm sends the event if sending now fails. */
  #warnOfDay({ app, resource }: Tenant, { limit, used }: DayUse): void {
    this.#outbox.add({
      app,
      resource,
      name: "quota.daily_80",
      data: { limit, used },
      atMs: Date.now(),
      uniqueId: crypto.randomUUID(),
    });
    void this.ctx.storage.setAlarm(Date.now() + RETRY_MS);
    this.ctx.waitUntil(this.#outbox.send());
  }
}
