import { describeSecret, isObject, parseUntrustedJson } from "@ghl-edge/core";
import { present } from "../present.ts";
import { PaymentQueryError } from "./errors.ts";
import type { PaymentQueries, PaymentQuery, PaymentQueryType } from "./query.ts";
import type { ProductDetail } from "./snapshot.ts";

type Body = Readonly<Record<string, unknown>>;

/** Type names of older guides, with those of HighLevel's own pages. */
const ALIASES: Readonly<Record<string, PaymentQueryType>> = {
  verify_payment: "verify",
  get_payment_methods: "list_payment_methods",
  charge_payment_method: "charge_payment",
};

function optionalText(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value !== "string")
    throw new PaymentQueryError(`${name} must be a string, got ${describeSecret(value)}`, name);
  return value;
}

function text(body: Body, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined) throw new PaymentQueryError(`${name} is missing`, name);
  return value;
}

/** Reads a number, or a number as text: HighLevel sends `recurringAmount` as `"80.00"`. */
function optionalAmount(body: Body, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === "") return undefined;
  const amount = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof amount !== "number" || !Number.isFinite(amount) || amount < 0) {
    throw new PaymentQueryError(`${name} must be a number of 0 or more, got ${describeSecret(value)}`, name);
  }
  return amount;
}

function amountOf(body: Body, name: string): number {
  const value = optionalAmount(body, name);
  if (value === undefined) throw new PaymentQueryError(`${name} is missing`, name);
  return value;
}

/** Reads a list, or a single item. */
export function productDetailsOf(value: unknown): ProductDetail[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item): item is ProductDetail => isObject(item));
}

function someId<T extends object>(ids: T): T {
  const [first] = Object.keys(ids);
  if (Object.values(ids).every((id) => id === undefined))
    throw new PaymentQueryError(`${Object.keys(ids).join(" or ")} is missing`, first);
  return present(ids) as T;
}

const READERS: { readonly [T in PaymentQueryType]: (body: Body) => Omit<PaymentQueries[T], "type" | "body"> } = {
  verify: (body) =>
    someId({
      transactionId: optionalText(body, "transactionId"),
      chargeId: optionalText(body, "chargeId"),
      subscriptionId: optionalText(body, "subscriptionId"),
    }) as Omit<PaymentQueries["verify"], "type" | "body">,
  list_payment_methods: (body) => ({
    contactId: text(body, "contactId"),
    ...present({ locationId: optionalText(body, "locationId") }),
  }),
  charge_payment: (body) => ({
    paymentMethodId: text(body, "paymentMethodId"),
    contactId: text(body, "contactId"),
    amount: amountOf(body, "amount"),
    currency: text(body, "currency"),
    ...present({
      transactionId: optionalText(body, "transactionId"),
      chargeDescription: optionalText(body, "chargeDescription"),
    }),
  }),
  create_subscription: (body) => ({
    locationId: text(body, "locationId"),
    contactId: text(body, "contactId"),
    paymentMethodId: text(body, "paymentMethodId"),
    subscriptionId: text(body, "subscriptionId"),
    currency: text(body, "currency"),
    amount: optionalAmount(body, "amount") ?? 0,
    productDetails: productDetailsOf(body.productDetails),
    ...present({
      transactionId: optionalText(body, "transactionId"),
      startDate: optionalText(body, "startDate"),
      recurringAmount: optionalAmount(body, "recurringAmount"),
    }),
  }),
  refund: (body) => ({
    amount: amountOf(body, "amount"),
    ...(someId({ transactionId: optionalText(body, "transactionId"), chargeId: optionalText(body, "chargeId") }) as {
      transactionId?: string;
      chargeId?: string;
    }),
  }),
  cancel_subscription: (body) => ({ subscriptionId: text(body, "subscriptionId") }),
};

export function queryTypeOf(value: unknown): PaymentQueryType {
  if (typeof value === "string") {
    if (Object.hasOwn(READERS, value)) return value as PaymentQueryType;
    if (Object.hasOwn(ALIASES, value)) return ALIASES[value]!;
  }
  throw new PaymentQueryError(
    `type must be one of ${Object.keys(READERS).join(", ")}, got ${describeSecret(value)}`,
    "type",
  );
}

/** Parses JSON of an object with any fields. @throws {PaymentQueryError} for anything else */
export function bodyOf(json: string): Body {
  let body: unknown;
  try {
    body = parseUntrustedJson(json);
  } catch {
    throw new PaymentQueryError(`body must be valid JSON, got ${describeSecret(json)}`);
  }
  if (!isObject(body)) throw new PaymentQueryError(`body must be an object, got ${describeSecret(body)}`);
  return body;
}

/**
 * Reads and checks a query. Its type may be HighLevel's name or one of older guides. The `apiKey` is not in the result.
 *
 * @param input - The body, as JSON text or parsed
 * @returns The query. Narrow it by `type`
 * @throws {PaymentQueryError} with the name of the parameter but not its value (`ERR_GHL_PAYMENT_QUERY`)
 * @example
 * ```ts
 * import { parsePaymentQuery } from "@ghl-edge/marketplace/payments";
 *
 * const query = parsePaymentQuery({ type: "refund", amount: 5, chargeId: "ch_1" });
 * if (query.type === "refund") console.log(query.amount); // 5
 * ```
 */
export function parsePaymentQuery(input: string | Body): PaymentQuery {
  const { apiKey: _secret, ...body } = typeof input === "string" ? bodyOf(input) : input;
  const type = queryTypeOf(body.type);
  // The type determines the fields, but the compiler cannot follow that through the index.
  return { type, ...READERS[type](body), body } as PaymentQuery;
}
