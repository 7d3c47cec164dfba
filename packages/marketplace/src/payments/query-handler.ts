import {
  ConfigurationError,
  MethodNotAllowedError,
  PaymentApiKeyError,
  PaymentQueryUnsupportedError,
} from "../errors.ts";
import { readText } from "../http/body.ts";
import { answerOrProblem, callOwn, checkReport, type ReportOptions } from "../http/handler.ts";
import { json } from "../http/problem.ts";
import { demandBytes } from "../options.ts";
import { hashApiKey, nameOfApiKey } from "./api-key.ts";
import type { PaymentOutcomes } from "./outcome.ts";
import { bodyOf, parsePaymentQuery } from "./parse-query.ts";
import type { PaymentQueries, PaymentQuery, PaymentQueryType } from "./query.ts";
import { paymentReply } from "./reply.ts";

const MAX_BODY_BYTES = 1024 * 1024;

/** What each of your functions gets beside the query. */
export interface PaymentContext<Merchant, Args extends readonly unknown[] = readonly unknown[]> {
  /** Whose `apiKey` it was: what `merchantOf` gave, or the name in `apiKeys`. */
  readonly merchant: Merchant;
  /** The request; its body has been read. */
  readonly request: Request;
  readonly args: Args;
}

/** One function per type of query. Without one a query of that type is answered 501. */
export type PaymentFunctions<Merchant, Args extends readonly unknown[] = readonly unknown[]> = {
  readonly [T in PaymentQueryType]?: (
    query: PaymentQueries[T],
    context: PaymentContext<Merchant, Args>,
  ) => PaymentOutcomes[T] | Promise<PaymentOutcomes[T]>;
};

/** The `apiKey` is all that authenticates a query: there is no signature. */
export type MerchantLookup<Merchant> =
  /** Who has the key of this hash (`hashApiKey`), or undefined. The hash, so that the lookup may take whatever time it takes. */
  | {
      readonly merchantOf: (apiKeyHash: string) => Merchant | undefined | Promise<Merchant | undefined>;
      readonly apiKeys?: never;
    }
  /** The keys by names of your own, for an app with few of them: `{ live: …, test: … }`. */
  | { readonly apiKeys: Readonly<Record<Merchant & string, string>>; readonly merchantOf?: never };

export type PaymentQueryHandlerOptions<
  Merchant = string,
  Args extends readonly unknown[] = readonly unknown[],
> = MerchantLookup<Merchant> &
  PaymentFunctions<Merchant, Args> &
  ReportOptions & {
    readonly verify: NonNullable<PaymentFunctions<Merchant, Args>["verify"]>;
    /** Default 1 MiB (1,048,576). */
    readonly maxBodyBytes?: number;
  };

function checkApiKeys(options: {
  readonly apiKeys?: Readonly<Record<string, string>>;
  readonly merchantOf?: unknown;
}): void {
  const { apiKeys, merchantOf } = options;
  if ((apiKeys === undefined) === (merchantOf === undefined)) {
    throw new ConfigurationError("give either apiKeys or merchantOf");
  }
  const keys = Object.values(apiKeys ?? { none: "none" });
  // An empty key is a variable that was not set: it would let in whoever sends none.
  if (keys.length === 0 || keys.some((key) => typeof key !== "string" || key === "")) {
    throw new ConfigurationError("apiKeys must not be empty");
  }
}

/**
 * A handler for your payment provider's `queryUrl`, in the same form on Workers, Node, Deno and Bun. Never rejects.
 *
 * Whether HighLevel asks again after a failure is unpublished: charge, refund and subscribe by the ids in the query, once each.
 *
 * @throws {ConfigurationError} at once, when an option cannot be used.
 * @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21)
 */
export function createPaymentQueryHandler<Merchant = string, Args extends readonly unknown[] = readonly unknown[]>(
  options: PaymentQueryHandlerOptions<Merchant, Args>,
): (request: Request, ...args: Args) => Promise<Response> {
  const { maxBodyBytes = MAX_BODY_BYTES } = options;
  checkApiKeys(options);
  if (typeof options.verify !== "function") throw new ConfigurationError("verify must be a function");
  demandBytes("maxBodyBytes", maxBodyBytes);
  checkReport(options);

  async function merchantOf(apiKey: unknown): Promise<Merchant> {
    let merchant: Merchant | undefined;
    if (typeof apiKey === "string" && apiKey !== "") {
      merchant = options.merchantOf
        ? await callOwn(async () => options.merchantOf?.(await hashApiKey(apiKey)))
        : await nameOfApiKey<Merchant & string>(apiKey, options.apiKeys!);
    }
    // False as well: somebody's `merchantOf` may answer whether the key is known.
    if (merchant === undefined || merchant === null || merchant === false)
      throw new PaymentApiKeyError("the apiKey belongs to nobody");
    return merchant;
  }

  async function outcomeOf(query: PaymentQuery, context: PaymentContext<Merchant, Args>): Promise<unknown> {
    const own = options[query.type] as ((query: PaymentQuery, context: unknown) => unknown) | undefined;
    if (own === undefined) throw new PaymentQueryUnsupportedError(`there is no function for ${query.type}`);
    return await callOwn(() => own(query, context));
  }

  async function handle(request: Request, args: Args): Promise<object> {
    if (request.method !== "POST") throw new MethodNotAllowedError(["POST"]);
    const body = bodyOf(await readText(request, maxBodyBytes));
    // Before the rest is looked at: a stranger learns nothing of what is understood here.
    const merchant = await merchantOf(body.apiKey);
    const query = parsePaymentQuery(body);
    const outcome = await outcomeOf(query, { merchant, request, args });
    return paymentReply(query.type, outcome as PaymentOutcomes[PaymentQueryType]);
  }

  return (request, ...args) => answerOrProblem(request, options, async () => json(await handle(request, args), 200));
}
