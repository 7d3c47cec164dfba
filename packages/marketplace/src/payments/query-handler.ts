import { describeSecret, describeValue } from "@ghl-edge/core";
import { ConfigurationError, MethodNotAllowedError } from "../errors.ts";
import { readText } from "../http/body.ts";
import { answerOrProblem, callAppFunction, checkReport, type ReportOptions } from "../http/handler.ts";
import { json } from "../http/problem.ts";
import { demandBytes } from "../options.ts";
import { hashApiKey, nameOfApiKey } from "./api-key.ts";
import { PaymentApiKeyError, PaymentQueryUnsupportedError } from "./errors.ts";
import type { PaymentOutcomes } from "./outcome.ts";
import { bodyOf, parsePaymentQuery } from "./parse-query.ts";
import type { PaymentQueries, PaymentQuery, PaymentQueryType } from "./query.ts";
import { paymentReply } from "./reply.ts";

const MAX_BODY_BYTES = 1024 * 1024;

/** Second argument of your functions. */
export interface PaymentContext<Merchant, Args extends readonly unknown[] = readonly unknown[]> {
  /** The merchant with this `apiKey`: the result of `merchantOf`, or the name in `apiKeys`. */
  readonly merchant: Merchant;
  /** The request. Its body has been read. */
  readonly request: Request;
  /** The arguments of the handler after the request. */
  readonly args: Args;
}

/** Your functions, one per type of query. The response to a type without a function is 501. */
export type PaymentFunctions<Merchant, Args extends readonly unknown[] = readonly unknown[]> = {
  readonly [T in PaymentQueryType]?: (
    query: PaymentQueries[T],
    context: PaymentContext<Merchant, Args>,
  ) => PaymentOutcomes[T] | Promise<PaymentOutcomes[T]>;
};

/** Identifies the merchant. Only the `apiKey` authenticates a query, because HighLevel does not sign it. */
export type MerchantLookup<Merchant> =
  /** Returns the merchant whose key has this hash (`hashApiKey`), or undefined. With a hash, the lookup need not be in constant time. */
  | {
      readonly merchantOf: (apiKeyHash: string) => Merchant | undefined | Promise<Merchant | undefined>;
      readonly apiKeys?: never;
    }
  /** The keys by name, for an app with few of them: `{ live: …, test: … }`. */
  | { readonly apiKeys: Readonly<Record<Merchant & string, string>>; readonly merchantOf?: never };

/** Options of `createPaymentQueryHandler`. */
export type PaymentQueryHandlerOptions<
  Merchant = string,
  Args extends readonly unknown[] = readonly unknown[],
> = MerchantLookup<Merchant> &
  PaymentFunctions<Merchant, Args> &
  ReportOptions & {
    /** Answers whether a payment was made. HighLevel always needs it. */
    readonly verify: NonNullable<PaymentFunctions<Merchant, Args>["verify"]>;
    /** Largest body in bytes. Default: 1 MiB (1,048,576). */
    readonly maxBodyBytes?: number;
  };

function checkApiKeys(options: {
  readonly apiKeys?: Readonly<Record<string, string>>;
  readonly merchantOf?: unknown;
}): void {
  const { apiKeys, merchantOf } = options;
  if ((apiKeys === undefined) === (merchantOf === undefined)) {
    throw new ConfigurationError(
      `exactly one of apiKeys and merchantOf must be given, got ${apiKeys === undefined ? "none" : "both"}`,
    );
  }
  const keys = Object.values(apiKeys ?? { none: "none" });
  // An empty key is usually an unset variable. It would accept every query without a key.
  if (keys.length === 0 || keys.some((key) => typeof key !== "string" || key === "")) {
    throw new ConfigurationError(
      `apiKeys must have at least one key and no empty one, got ${keys.length === 0 ? "none" : "an empty one"}`,
    );
  }
}

/**
 * Creates a handler for your payment provider's `queryUrl`, for Workers, Node, Deno and Bun.
 *
 * It is unpublished whether HighLevel retries after a failure. So charge, refund and subscribe only once per id in the query.
 *
 * @param options - The keys and your functions
 * @returns A function from `Request` to `Response` that never rejects
 * @throws {ConfigurationError} when an option is invalid (`ERR_GHL_MARKETPLACE_CONFIGURATION`)
 * @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21)
 * @example
 * ```ts
 * import { createPaymentQueryHandler } from "@ghl-edge/marketplace/payments";
 *
 * const queries = createPaymentQueryHandler({
 *   apiKeys: { live: "api-key" },
 *   verify: ({ chargeId }) => (chargeId === undefined ? { status: "failed" } : { status: "succeeded" }),
 * });
 *
 * export default { fetch: queries };
 * ```
 */
export function createPaymentQueryHandler<Merchant = string, Args extends readonly unknown[] = readonly unknown[]>(
  options: PaymentQueryHandlerOptions<Merchant, Args>,
): (request: Request, ...args: Args) => Promise<Response> {
  const { maxBodyBytes = MAX_BODY_BYTES } = options;
  checkApiKeys(options);
  if (typeof options.verify !== "function")
    throw new ConfigurationError(`verify must be a function, got ${describeValue(options.verify)}`);
  demandBytes("maxBodyBytes", maxBodyBytes);
  checkReport(options);

  async function merchantOf(apiKey: unknown): Promise<Merchant> {
    let merchant: Merchant | undefined;
    if (typeof apiKey === "string" && apiKey !== "") {
      merchant = options.merchantOf
        ? await callAppFunction(async () => options.merchantOf?.(await hashApiKey(apiKey)))
        : await nameOfApiKey<Merchant & string>(apiKey, options.apiKeys!);
    }
    // Also refuse false: `merchantOf` may return whether the key is known.
    if (merchant === undefined || merchant === null || merchant === false)
      throw new PaymentApiKeyError(`apiKey must be that of a known merchant, got ${describeSecret(apiKey)}`);
    return merchant;
  }

  async function outcomeOf(query: PaymentQuery, context: PaymentContext<Merchant, Args>): Promise<unknown> {
    const run = options[query.type] as ((query: PaymentQuery, context: unknown) => unknown) | undefined;
    if (run === undefined) throw new PaymentQueryUnsupportedError(`function for ${query.type} not found`);
    return await callAppFunction(() => run(query, context));
  }

  async function handle(request: Request, args: Args): Promise<object> {
    if (request.method !== "POST") throw new MethodNotAllowedError(["POST"], request.method);
    const body = bodyOf(await readText(request, maxBodyBytes));
    // The key is checked first, so that a stranger learns nothing about the supported queries.
    const merchant = await merchantOf(body.apiKey);
    const query = parsePaymentQuery(body);
    const outcome = await outcomeOf(query, { merchant, request, args });
    return paymentReply(query.type, outcome as PaymentOutcomes[PaymentQueryType]);
  }

  return (request, ...args) => answerOrProblem(request, options, async () => json(await handle(request, args), 200));
}
