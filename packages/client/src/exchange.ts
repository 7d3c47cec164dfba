import { namesOtherCause, networkReason } from "@ghl-edge/core";
import { accessTokenTypesOf } from "./access-token.ts";
import { readErrorText } from "./answer.ts";
import type { CallOptions } from "./call-options.ts";
import { type Core, type HeaderFields, mergeHeaders, settingsOf } from "./client-options.ts";
import { within } from "./deadline.ts";
import { type CallContext, makeError, orMakeError } from "./errors.ts";
import type { AcceptedTokenTypes, BodyContent } from "./operation-table.ts";
import type { Resource } from "./resource.ts";
import { retryDelayMs } from "./retry.ts";

/** One call, ready to be sent as often as needed. */
export interface WireCall {
  readonly context: CallContext & { readonly method: string };
  /** Path and query. */
  readonly url: string;
  /** Where it goes when the client has no `baseUrl`; `undefined`: the call fails then. */
  readonly server: string | undefined;
  readonly headers: HeaderFields;
  readonly body: BodyContent | undefined;
  readonly acceptedTokenTypes: AcceptedTokenTypes;
  readonly resource: Resource | undefined;
  readonly options: CallOptions;
}

/**
 * Makes the call's result of an answer that is not retried, whatever its status. `text` is what was read of an answer that is
 * an error, without the token; it is absent of a 2xx, of which nothing is read yet.
 */
export type ReadAnswer<T> = (response: Response, token: string | null, text?: string) => Promise<T>;

/** What an attempt came to: how the call ends, if it is the last, and whether the answer refuses the token. */
type Outcome<T> = readonly [settle: () => T | Promise<T>, isTokenRejected?: boolean];

/** Sends a call: token, permit, time limits, retries. */
export async function exchange<T>(core: Core, call: WireCall, read: ReadAnswer<T>): Promise<T> {
  const { context, url, server, body, acceptedTokenTypes, options } = call;
  const method = context.method;
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
  if (!baseUrl) throw makeError("CONFIGURATION", "baseUrl is missing", context);
  const deadlineAtMs = deadlineMs && now() + deadlineMs;

  const attempts = async (signal?: AbortSignal): Promise<T> => {
    let attempt = 1;
    let rejectedToken: string | undefined;

    const nextDelay = (response?: Response): number | undefined => {
      const delayMs = retryDelayMs(attempt, idempotent, response, retry, now, core.random);
      // a wait that ends past the deadline would only hide what went wrong
      return now() + delayMs! >= deadlineAtMs! ? undefined : delayMs;
    };
    const getToken = async (): Promise<string | null> => {
      // the common case costs nothing
      if (!acceptedTokenTypes || !auth || typeof auth === "string")
        return acceptedTokenTypes && (auth as string | null);
      const token = await auth.getAccessToken({
        resource,
        acceptedTokenTypes: accessTokenTypesOf(acceptedTokenTypes),
        signal,
        rejectedToken,
      });
      // without a token the call would fail with a 401 that says nothing of its cause; an object would go out as its name
      if (token ? typeof token !== "string" : !rejectedToken)
        throw makeError("CONFIGURATION", "auth gave no token", context);
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
      let permit = await rateLimiter?.acquire({
        resource,
        priority,
        retry: attempt > 1 || !!rejectedToken,
        maxWaitMs: deadlineAtMs && deadlineAtMs - now(),
        signal,
      });
      let outcome: Outcome<T>;
      try {
        outcome = await within(timeoutMs, signal, context, async (signal): Promise<Outcome<T>> => {
          // a redirect would take the token to another host, and make a GET of a POST
          const init = { method, headers, body: body as BodyInit, redirect: "manual", signal } as const;
          const response = await core.fetch(baseUrl + url, init);
          permit?.release(response);
          permit = undefined;
          if (response.ok) {
            const value = await read(response, token);
            return [() => value];
          }
          delayMs = nextDelay(response);
          const text = await readErrorText(response, delayMs !== undefined);
          return [
            () => read(response, token, text),
            response.status === 401 &&
              !rejectedToken &&
              !namesOtherCause(response.headers.get("www-authenticate") + text),
          ];
        });
      } catch (cause) {
        if (signal?.aborted) throw cause;
        const error = orMakeError(
          cause,
          "NETWORK",
          `no whole answer from ${new URL(baseUrl).host}: ${networkReason(cause)}`,
          context,
        );
        // what any other error says would be the same after another attempt
        if (!/NETWORK|TIMEOUT/.test(error.code)) throw error;
        delayMs = nextDelay();
        outcome = [() => Promise.reject(error)];
      } finally {
        permit?.release();
      }
      const [settle, isRejected] = outcome;
      if (isRejected) {
        rejectedToken = token!;
        token = await getToken();
        if (token && token !== rejectedToken) continue;
      }
      if (delayMs === undefined) return settle();
      await core.sleep(delayMs, signal);
      attempt++;
    }
  };
  return outer || deadlineMs ? within(deadlineMs, outer, context, attempts) : attempts();
}
