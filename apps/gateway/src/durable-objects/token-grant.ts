import { DurableObject } from "cloudflare:workers";
import {
  decide,
  found,
  freshUntilMs,
  type Grant,
  type GrantDecision,
  installed,
  type Moment,
  refreshBegun,
  refreshSettled,
  wakeAtMs,
} from "../domain/grant.ts";
import { fromRow, type HeldGrant, newDataKey, toRow } from "../domain/grant-row.ts";
import type { Resource } from "../domain/resource.ts";
import type { GrantedTokens } from "../domain/token-answer.ts";
import { callTokenEndpoint, type TokenOutcome } from "../domain/token-endpoint.ts";
import { readConfig } from "../env.ts";
import { logEvent } from "../log.ts";
import { createGrantStore, type GrantStore } from "./grant-store.ts";
import type { TokenGrantApi, TokenReply } from "./interfaces.ts";

/** An ambiguous end is re-sent, so a short time-out costs little; HighLevel's own is not published. */
const TOKEN_TIMEOUT_MS = 6_000;
/** An alarm that finds a refresh running looks again after this long: it may yet die with the object. */
const LOOK_AGAIN_MS = 8_000;

/**
 * The lock around one rotating refresh token. The state is in SQLite because an object may be restarted at any await,
 * and a refresh that HighLevel has executed must be known afterwards: the intent is stored before the token is sent
 * (the output gate holds the request until it is), and an intent without a running call is sent again. The decrypted
 * grant is also kept in memory, so that a token that lives long enough is answered without I/O.
 */
export class TokenGrant extends DurableObject<Env> implements TokenGrantApi {
  readonly #store: GrantStore;
  readonly #config = readConfig(this.env);
  #held: HeldGrant | undefined;
  #flight: Promise<void> | undefined;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#store = createGrantStore(state.storage.sql);
    state.blockConcurrencyWhile(async () => {
      const row = this.#store.read();
      if (row === undefined) return;
      const held = await fromRow(this.#config.tokenKeys, row);
      this.#held = { ...held, grant: found(held.grant, Date.now()) };
    });
  }

  async install(app: string, resource: Resource, tokens: GrantedTokens): Promise<void> {
    const dataKey = this.#held?.dataKey ?? (await newDataKey(this.#config.tokenKeys, app, resource));
    const moment = this.#moment();
    const next = (): Grant => installed(this.#held?.grant, resource, tokens, moment);
    const sealed = await toRow({ app, dataKey, grant: next() });
    // While the pair was sealed the grant may have moved on: the epoch is counted from what it is now.
    const grant = next();
    this.#hold({ app, dataKey, grant }, () => this.#store.write({ ...sealed, epoch: grant.epoch }));
    await this.ctx.storage.sync();
    logEvent("grant.installed", { app, resource });
  }

  async accessToken(): Promise<TokenReply> {
    for (let round = 0; ; round++) {
      if (this.#held === undefined) return { ok: false, reason: "not_installed" };
      const { grant } = this.#held;
      const decision = this.#decide(grant);
      if (decision.kind === "serve") {
        const { accessToken, scopes } = grant;
        return { ok: true, accessToken, freshUntilMs: freshUntilMs(grant, Date.now()), scopes };
      }
      if (decision.kind === "refuse") return { ok: false, reason: decision.reason };
      if (decision.kind === "wait" || round > 0)
        return { ok: false, reason: "refreshing", retryAtMs: grant.intent?.dueAtMs ?? Date.now() };
      await this.#refresh();
    }
  }

  override async alarm(): Promise<void> {
    const grant = this.#held?.grant;
    const dueAtMs = grant && wakeAtMs(grant);
    if (dueAtMs === undefined) return;
    if (this.#flight !== undefined) await this.ctx.storage.setAlarm(Date.now() + LOOK_AGAIN_MS);
    else if (Date.now() < dueAtMs) await this.ctx.storage.setAlarm(dueAtMs);
    else await this.#refresh();
  }

  /** As the grant says; but with nothing left to serve, a call joins the refresh that runs. */
  #decide(grant: Grant): GrantDecision {
    const nowMs = Date.now();
    if (this.#flight !== undefined && grant.accessExpiresAtMs <= nowMs) return { kind: "refresh" };
    return decide(grant, nowMs);
  }

  /** Joins the running refresh or begins one. `waitUntil` keeps it alive when all callers have left. */
  #refresh(): Promise<void> {
    if (this.#flight === undefined) {
      this.#flight = this.#attempt().finally(() => {
        this.#flight = undefined;
      });
      this.ctx.waitUntil(this.#flight);
    }
    return this.#flight;
  }

  async #attempt(): Promise<void> {
    const held = this.#held;
    if (held === undefined || held.grant.refreshToken === undefined) return;
    const grant = refreshBegun(held.grant, Date.now());
    this.#hold({ ...held, grant }, () => this.#store.writeProgress(grant));
    const outcome = await this.#send(held.app, grant, held.grant.refreshToken);
    await this.#settle(grant.epoch, outcome);
  }

  #send(app: string, grant: Grant, refreshToken: string): Promise<TokenOutcome> {
    const credentials = this.#config.apps.get(app);
    if (credentials === undefined) return Promise.resolve({ kind: "configuration" });
    return callTokenEndpoint({
      url: `${this.#config.apiUrl}/oauth/token`,
      form: {
        grant_type: "refresh_token",
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        refresh_token: refreshToken,
        user_type: grant.resource.kind === "company" ? "Company" : "Location",
      },
      fetch: (request) => fetch(request),
      timeoutMs: TOKEN_TIMEOUT_MS,
    });
  }

  async #settle(epoch: number, outcome: TokenOutcome): Promise<void> {
    const before = this.#held;
    if (before === undefined) return;
    const moment = this.#moment();
    const next = { ...before, grant: refreshSettled(before.grant, epoch, outcome, moment) };
    const row = outcome.kind === "granted" ? await toRow(next) : undefined;
    // While the pair was sealed, an installation may have taken over: its epoch is higher, and this answer is void.
    if (this.#held?.grant.epoch !== epoch) return;
    this.#hold(next, () => (row === undefined ? this.#store.writeProgress(next.grant) : this.#store.write(row)));
    const { app, grant } = next;
    logEvent("grant.refresh", { app, resource: grant.resource, outcome: outcome.kind, status: grant.status });
  }

  /** One burst without an await: storage, alarm and memory agree, or the object is gone and storage speaks alone. */
  #hold(held: HeldGrant, write: () => void): void {
    const atMs = wakeAtMs(held.grant);
    this.ctx.storage.transactionSync(write);
    if (atMs === undefined) void this.ctx.storage.deleteAlarm();
    else void this.ctx.storage.setAlarm(atMs);
    this.#held = held;
  }

  #moment(): Moment {
    return { nowMs: Date.now(), jitter: Math.random() };
  }
}
