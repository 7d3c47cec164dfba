import type { Resource } from "@ghl-edge/core";
import { AnswerError, type OAuthClient, type PreparedRenewal, type TokenSet } from "@ghl-edge/oauth";
import { needsReport, readFeedback } from "@ghl-edge/rate-limit";
import type { TokenRefusal } from "../../../domain/grants/token-reply.ts";
import type { Objects } from "../../../platform/env.ts";
import { retryOnce } from "../../../platform/retry-once.ts";
import type { MintTurn } from "./mint-turn.ts";

/** Longest wait for the company's budget, milliseconds. After it callers get the time at which to try again. */
const MAX_WAIT_MS = 10_000;

/** Callers are asked to come this much after the location's turn, when its alarm has minted the token. */
const MINTED_AFTER_MS = 1_000;
const JITTER_MS = 1_000;
/** Shortest delay before the company is asked again. */
const MIN_DELAY_MS = 1_000;

/** The company cannot serve its location now. Nothing was sent. */
export class MintRefusedError extends Error {
  override readonly name = "MintRefusedError";
  readonly refusal: TokenRefusal;
  constructor(refusal: TokenRefusal) {
    super("The company has no token to mint with");
    this.refusal = refusal;
  }
}

export interface MintOptions {
  readonly app: string;
  readonly companyId: string;
  readonly locationId: string;
  readonly client: OAuthClient;
  readonly objects: Objects;
  readonly turn: MintTurn;
  /** The mint was sent before, and its answer was lost or was a refusal. It keeps its place. */
  readonly isRetry: boolean;
}

const refreshing = (retryAtMs: number): MintRefusedError =>
  new MintRefusedError({ ok: false, reason: "refreshing", retryAtMs });

/**
 * Waits in the company's queue. The location asks once for its turn, and waits for it by itself. So the company's objects are asked by
 * as many locations as can mint, and not by all that wake at the same time.
 *
 * @throws MintRefusedError before the location's turn
 */
async function waitForTurn({ app, companyId, locationId, objects, turn }: MintOptions): Promise<void> {
  let { atMs } = turn;
  if (atMs === undefined) {
    const company: Resource = { kind: "company", id: companyId };
    const delayMs = await retryOnce(
      () => objects.mintTurns(app, company, locationId),
      (turns) => turns.mintTurn({ app, resource: company }),
    );
    atMs = Date.now() + delayMs;
    if (delayMs > 0) turn.set(atMs);
  }
  if (atMs > Date.now()) throw refreshing(atMs + MINTED_AFTER_MS + Math.random() * JITTER_MS);
}

type Head = Parameters<typeof readFeedback>[0];

/**
 * Acquires what the mint of a location's token needs: a turn, its company's token, whose refresh all its locations share, and a permit
 * of the company's budget. All come before the right to mint is taken, because they may take long.
 *
 * @throws MintRefusedError
 */
export async function prepareMint(options: MintOptions): Promise<PreparedRenewal> {
  const { app, companyId, locationId, client, objects, turn, isRetry } = options;
  if (!isRetry) await waitForTurn(options);
  const resource: Resource = { kind: "company", id: companyId };
  const tenant = { app, resource };
  const companyToken = async (rejectedToken?: string): Promise<string> => {
    const reply = await retryOnce(
      () => objects.grant(app, resource),
      (grant) => grant.mintingToken({ ...tenant, acceptedTokenTypes: "oauth", rejectedToken }, locationId),
    );
    if (reply.ok) return reply.accessToken;
    if (reply.reason === "refreshing") turn.set(Math.max(reply.retryAtMs, Date.now() + MIN_DELAY_MS));
    else turn.clear();
    throw new MintRefusedError(reply);
  };
  const token = await companyToken();
  const requestedAtMs = Date.now();
  const reply = await retryOnce(
    () => objects.coordinator(app, resource),
    (coordinator) => coordinator.permit({ ...tenant, key: "mint", priority: "normal", maxWaitMs: MAX_WAIT_MS }),
  );
  if (!reply.ok) {
    // The location had its turn, so it is next and takes no other one.
    const againAtMs = Date.now() + Math.max(reply.retryAfterMs, MIN_DELAY_MS) + Math.random() * JITTER_MS;
    turn.set(againAtMs);
    throw refreshing(againAtMs + MINTED_AFTER_MS);
  }
  turn.clear();
  const { permit } = reply;
  // A machine that is late sends later than this, and HighLevel counts when the call arrives.
  const startAtMs = requestedAtMs + permit.startsAfterMs;

  let isSent = false;
  let answered: { readonly head: Head; readonly rttMs: number } | undefined;
  const mint = (companyAccessToken: string, timeoutMs: number): Promise<TokenSet> => {
    isSent = true;
    const onResponse = (head: Head): void => {
      answered = { head, rttMs: Date.now() - startAtMs };
    };
    return client.locationToken({ companyAccessToken, companyId, locationId, timeoutMs, onResponse });
  };
  return {
    async renew(_tokens, timeoutMs) {
      const untilMs = Date.now() + timeoutMs;
      try {
        return await mint(token, timeoutMs);
      } catch (error) {
        if (!(error instanceof AnswerError) || error.kind !== "expired") throw error;
        // HighLevel refused the company's token before it expired. The mint is repeated once if there is another token.
        const other = await companyToken(token).catch(() => token);
        if (other === token) throw error;
        return await mint(other, Math.max(1, untilMs - Date.now()));
      }
    },
    release() {
      const coordinator = objects.coordinator(app, resource);
      // A report that is lost costs a slot for half a second.
      if (!isSent) return void coordinator.returnUnused(tenant, permit.number).catch(() => {});
      const feedback = answered && readFeedback(answered.head, Date.now());
      const { intervalLimit } = permit;
      if (needsReport({ permit, feedback, rttMs: answered?.rttMs ?? 0, intervalLimit }))
        void coordinator.report(tenant, permit.number, feedback).catch(() => {});
    },
  };
}
