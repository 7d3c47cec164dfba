import { networkReason } from "@ghl-edge/core";
import { tokenKindsOf } from "./access-token.ts";
import { errorOf } from "./api-errors.ts";
import type { BodyContent } from "./body.ts";
import type { CallOptions } from "./call-options.ts";
import { type Core, type HeaderFields, mergeHeaders, settingsOf } from "./client-options.ts";
import { within } from "./deadline.ts";
import { type CallContext, ConfigurationError, GhlError, NetworkError, TimeoutError } from "./errors.ts";
import type { TokenKinds } from "./operation-table.ts";
import type { Resource } from "./resource.ts";
import { retryDelayMs } from "./retry.ts";
import { meansTokenRejected } from "./token-rejected.ts";

/** One call, ready to be sent as often as needed. */
export interface WireCall {
  readonly context: CallContext & { readonly method: string };
  /** Path and query. */
  readonly url: string;
  /** Where it goes when the client has no `baseUrl`; `undefined`: the call fails then. */
  readonly server: string | undefined;
  readonly headers: HeaderFields;
  readonly body: BodyContent | undefined;
  readonly tokenKinds: TokenKinds;
  readonly resource: Resource | undefined;
  readonly options: CallOptions;
}

/** Makes the call's result of an answer that is not retried, whatever its status. */
export type ReadAnswer<T> = (response: Response, token: string | null) => Promise<T>;

/** Sends a call: token, permit, time limits, retries. */
export async function exchange<T>(core: Core, call: WireCall, read: ReadAnswer<T>): Promise<T> {
  const { context, url, server, body, tokenKinds, options } = call;
  const { method } = context;
  const {
    auth,
    // before the token is asked for: one API's token never goes to the host of another
    baseUrl = server,
    deadlineMs,
    // RFC 9110 section 9.2.2
    idempotent = !/^P(OST|ATCH)$/.test(method),
    now,
    priority,
    rateLimiter,
    resource = call.resource,
    retry,
    signal: outer,
    timeoutMs,
  } = settingsOf(core, options, context);
  if (!baseUrl) throw new ConfigurationError("baseUrl is missing", context);
  const deadlineAtMs = deadlineMs && now() + deadlineMs;

  const attempts = async (signal?: AbortSignal): Promise<T> => {
    let attempt = 1;
    let rejectedToken: string | undefined;

    const nextDelay = (response?: Response): number | undefined => {
      const delayMs = retryDelayMs(attempt, idempotent, response, retry, now, core.random);
      // a wait that ends past the deadline would only hide what went wrong
      return deadlineAtMs && now() + delayMs! >= deadlineAtMs ? undefined : delayMs;
    };
    const getToken = async (): Promise<string | null> => {
      if (!tokenKinds) return null;
      if (!auth || typeof auth === "string") return auth;
      const token = await auth.getAccessToken({
        resource,
        tokenKinds: tokenKindsOf(tokenKinds),
        signal,
        rejectedToken,
      });
      // without a token the call would fail with a 401 that says nothing of its cause; an object would go out as its name
      if (token ? typeof token !== "string" : !rejectedToken)
        throw new ConfigurationError("auth gave no token", context);
      return token;
    };

    let token = await getToken();
    for (;;) {
      const headers = mergeHeaders(
        { authorization: token ? `Bearer ${token}` : undefined },
        core.headers,
        call.headers,
        options.headers,
      );
      let delayMs: number | undefined;
      let rejected: Response | undefined;
      let permit = await rateLimiter?.acquire({
        resource,
        priority,
        again: attempt > 1 || !!rejectedToken,
        maxWaitMs: deadlineAtMs && deadlineAtMs - now(),
        signal,
      });
      try {
        const answer = await within(timeoutMs, signal, context, async (signal) => {
          // a redirect would take the token to another host, and make a GET of a POST
          const init = { method, headers, body: body ?? null, redirect: "manual", signal } as const;
          const response = await core.fetch(baseUrl + url, init);
          permit?.release(response);
          permit = undefined;
          if (!response.ok && response.status < 400 && response.status !== 304) {
            discard(response);
            throw errorOf(response, "", context, now);
          }
          if (auth !== token && !rejectedToken && (await meansTokenRejected(response))) {
            rejected = response;
          } else {
            delayMs = response.ok ? undefined : nextDelay(response);
            if (delayMs === undefined) return { value: await read(response, token) };
            discard(response);
          }
          return undefined;
        });
        if (answer) return answer.value;
      } catch (cause) {
        const isOurs = cause instanceof GhlError;
        if (signal?.aborted || (isOurs && !(cause instanceof TimeoutError))) throw cause;
        delayMs = nextDelay();
        if (delayMs === undefined) {
          if (isOurs) throw cause;
          const { host } = new URL(baseUrl);
          throw new NetworkError(`no whole answer from ${host}: ${networkReason(cause)}`, context, { cause });
        }
      } finally {
        permit?.release();
      }
      if (rejected) {
        rejectedToken = token!;
        token = await getToken();
        if (!token || token === rejectedToken) return read(rejected, rejectedToken);
        discard(rejected);
      } else {
        await core.sleep(delayMs!, signal);
        attempt++;
      }
    }
  };
  return outer || deadlineMs ? within(deadlineMs, outer, context, attempts) : attempts();
}

/** Frees the connection of an answer that nobody reads. */
function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}
