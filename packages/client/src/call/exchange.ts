import { namesOtherCause, networkReason, type Resource } from "@ghl-edge/core";
import type { CallOptions } from "../call-options.ts";
import { type ClientSettings, type HeaderFields, mergeHeaders, settingsOf } from "../client-options.ts";
import { type CallContext, makeError, orMakeError } from "../errors/errors.ts";
import type { AcceptedTokenTypes, BodyContent } from "../operation-table.ts";
import { accessTokenTypesOf } from "./access-token.ts";
import { type ReadAnswer, readErrorText } from "./answer.ts";
import { within } from "./deadline.ts";
import { retryDelayMs } from "./retry.ts";

/** One call, which can be sent as often as needed. */
export interface WireCall {
  readonly context: CallContext & { readonly method: string };
  /** Path and query. */
  readonly url: string;
  /** Base URL if the client has no `baseUrl`. The call fails if it is `undefined` too. */
  readonly server: string | undefined;
  readonly headers: HeaderFields;
  readonly body: BodyContent | undefined;
  readonly acceptedTokenTypes: AcceptedTokenTypes;
  readonly resource: Resource | undefined;
  readonly options: CallOptions;
}

/** Returns or throws the result of the call, if this attempt is its last. */
type Settle<T> = () => T | Promise<T>;

/** Sends a call, with token, permit, time limits and retries. */
export async function exchange<T>(core: ClientSettings, call: WireCall, read: ReadAnswer<T>): Promise<T> {
  const { context, url, server, body, acceptedTokenTypes, options } = call;
  const settings = settingsOf(core, options, context);
  const {
    auth,
    // Decided before a token is requested: the token of one API must never reach the host of another.
    baseUrl = server,
    deadlineMs,
    now,
    priority,
    rateLimiter,
    resource = call.resource,
    signal: outer,
    timeoutMs,
  } = settings;
  if (!baseUrl) throw makeError("CONFIGURATION", "baseUrl is missing", context);
  const deadlineAtMs = now() + (deadlineMs ?? Infinity);

  const attempts = async (signal?: AbortSignal): Promise<T> => {
    let attempt = 1;
    let rejectedToken: string | undefined;

    const nextDelay = (response?: Response): number | undefined => {
      // Neither POST nor PATCH is idempotent: RFC 9110 section 9.2.2.
      const idempotent = !/^P[OA]/.test(context.method);
      const delayMs = retryDelayMs(attempt, response, { idempotent, ...settings }) ?? Infinity;
      // A wait that ends past the deadline would only hide what went wrong.
      return now() + delayMs < deadlineAtMs ? delayMs : undefined;
    };
    const getToken = async (): Promise<string | null> => {
      // The common case costs nothing.
      if (!acceptedTokenTypes || !auth || typeof auth === "string")
        return acceptedTokenTypes && (auth as string | null);
      const token = await auth.getAccessToken({
        resource,
        acceptedTokenTypes: accessTokenTypesOf(acceptedTokenTypes),
        signal,
        rejectedToken,
      });
      // A call without a token would fail with a 401 that hides the cause. An object would be sent as its name.
      if (token ? typeof token !== "string" : !rejectedToken)
        throw makeError("CONFIGURATION", `auth must give a token, got ${typeof (token || undefined)}`, context);
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
        maxWaitMs: deadlineMs && deadlineAtMs - now(),
        signal,
      });
      let settle: Settle<T>;
      let isTokenRejected: boolean | undefined;
      try {
        settle = await within({ ...context, timeoutMs }, signal, async (signal): Promise<Settle<T>> => {
          // A redirect would take the token to another host, and make a GET of a POST.
          const init = { method: context.method, headers, body: body as BodyInit, redirect: "manual", signal } as const;
          const response = await core.fetch(baseUrl + url, init);
          permit?.release(response);
          permit = undefined;
          if (response.ok) {
            const value = await read(response, token);
            return () => value;
          }
          delayMs = nextDelay(response);
          const text = await readErrorText(response, delayMs !== undefined);
          isTokenRejected =
            response.status === 401 &&
            !rejectedToken &&
            !namesOtherCause(response.headers.get("www-authenticate") + text);
          return () => read(response, token, text);
        });
      } catch (cause) {
        if (signal?.aborted) throw cause;
        const error = orMakeError(
          "NETWORK",
          `${new URL(baseUrl).host} did not answer completely: ${networkReason(cause)}`,
          {
            ...context,
            cause,
          },
        );
        // Any other error would be the same after another attempt.
        if (!/NETWORK|TIMEOUT/.test(error.code)) throw error;
        delayMs = nextDelay();
        settle = () => {
          throw error;
        };
      } finally {
        permit?.release();
      }
      if (isTokenRejected && token) {
        rejectedToken = token;
        token = await getToken();
        if (token && token !== rejectedToken) continue;
      }
      if (delayMs === undefined) return settle();
      await core.sleep(delayMs, signal);
      attempt++;
    }
  };
  return outer || deadlineMs ? within({ ...context, timeoutMs: deadlineMs ?? Infinity }, outer, attempts) : attempts();
}
