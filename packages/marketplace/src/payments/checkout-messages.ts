import { isObject, tryParseUntrustedJson } from "@ghl-edge/core";
import { productDetailsOf } from "./parse-query.ts";
import type { ProductDetail } from "./snapshot.ts";

/**
 * The messages between HighLevel and the checkout page in its iframe, in HighLevel's format with flat fields. Older guides have the
 * fields in `data`, and a message is an object or JSON text: all of these are read. Unknown fields are passed on unchanged.
 *
 * @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21), sections 8 and 9.1
 */

/** The paying contact. */
export interface CheckoutContact {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  /** Telephone number with country code. */
  readonly contact?: string;
  /** Other fields of the message, unchecked. */
  readonly [field: string]: unknown;
}

/** Message of HighLevel to the page: take this payment. */
export interface PaymentInitiateProps {
  readonly type: "payment_initiate_props";
  readonly publishableKey: string;
  /** Amount in the currency's main unit. */
  readonly amount: number;
  readonly currency: string;
  readonly mode: "payment" | "subscription";
  readonly productDetails: readonly ProductDetail[];
  readonly contact?: CheckoutContact;
  readonly orderId?: string;
  readonly transactionId?: string;
  readonly subscriptionId?: string;
  readonly locationId?: string;
  /** Other fields of the message, unchecked. */
  readonly [field: string]: unknown;
}

/** Message of HighLevel to the page: store a payment method and charge nothing. */
export interface SetupInitiateProps {
  readonly type: "setup_initiate_props";
  readonly publishableKey: string;
  readonly currency?: string;
  readonly mode: "setup";
  readonly contact?: CheckoutContact;
  readonly locationId?: string;
  /** Other fields of the message, unchecked. */
  readonly [field: string]: unknown;
}

/** Message of HighLevel with the payment or the setup. */
export type CheckoutProps = PaymentInitiateProps | SetupInitiateProps;

/** Message of the page to HighLevel. */
export type ProviderMessage =
  | {
      readonly type: "custom_provider_ready";
      readonly loaded: true;
      /** Whether the page also supports `setup_initiate_props`. */
      readonly addCardOnFileSupported?: boolean;
    }
  | { readonly type: "custom_element_success_response"; readonly chargeId?: string }
  | { readonly type: "custom_element_error_response"; readonly error: { readonly description: string } }
  | { readonly type: "custom_element_close_response" };

type Fields = Readonly<Record<string, unknown>>;

/** Returns the fields of a message. Flat fields take precedence over those in `data`. */
function fieldsOf(message: unknown): Fields | undefined {
  const value = typeof message === "string" ? tryParseUntrustedJson(message) : message;
  if (!isObject(value)) return undefined;
  if (!isObject(value.data)) return value;
  const { data, ...flat } = value;
  return { ...(data as Fields), ...flat };
}

/** Returns the fields that were not read. */
function unread(fields: Fields, read: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !read.includes(name)));
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

function texts<K extends string>(fields: Fields, names: readonly K[]): { readonly [N in K]?: string } {
  const entries = names.map((name) => [name, textOf(fields[name])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as { readonly [N in K]?: string };
}

const CONTACT_TEXTS = ["name", "email", "contact"] as const;

function contactOf(fields: Fields): { readonly contact?: CheckoutContact } {
  const contact: Fields = isObject(fields.contact) ? fields.contact : { id: fields.contactId };
  const id = textOf(contact.id);
  if (id === undefined) return {};
  return { contact: { ...unread(contact, ["id", ...CONTACT_TEXTS]), id, ...texts(contact, CONTACT_TEXTS) } };
}

const SETUP_TEXTS = ["currency", "locationId"] as const;
const PAYMENT_TEXTS = ["orderId", "transactionId", "subscriptionId", "locationId"] as const;
/** Names of the fields that are read; those of `data` are flat here. */
const READ = ["type", "mode", "publishableKey", "contact"];
const PAYMENT_READ = [...READ, ...PAYMENT_TEXTS, "amount", "currency", "productDetails"];

function amountOf(value: unknown): number | undefined {
  const amount = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof amount === "number" && Number.isFinite(amount) && amount >= 0 ? amount : undefined;
}

/**
 * Reads a message of HighLevel to the checkout page.
 *
 * @param message - `data` of a message event: an object or JSON text
 * @returns The payment or the setup; undefined for every other message, of which a page gets many
 * @example
 * ```ts
 * import { parseCheckoutMessage } from "@ghl-edge/marketplace/payments";
 *
 * const props = parseCheckoutMessage({ type: "setup_initiate_props", publishableKey: "pk" });
 * console.log(props?.mode); // "setup"
 * ```
 */
export function parseCheckoutMessage(message: unknown): CheckoutProps | undefined {
  const fields = fieldsOf(message);
  if (fields === undefined) return undefined;
  const publishableKey = textOf(fields.publishableKey);
  if (publishableKey === undefined) return undefined;
  if (fields.type === "setup_initiate_props") {
    return {
      ...unread(fields, [...READ, ...SETUP_TEXTS]),
      type: fields.type,
      publishableKey,
      mode: "setup",
      ...texts(fields, SETUP_TEXTS),
      ...contactOf(fields),
    };
  }
  const amount = amountOf(fields.amount);
  const currency = textOf(fields.currency);
  if (fields.type !== "payment_initiate_props" || amount === undefined || currency === undefined) return undefined;
  return {
    ...unread(fields, PAYMENT_READ),
    type: fields.type,
    publishableKey,
    amount,
    currency,
    mode: fields.mode === "subscription" ? "subscription" : "payment",
    productDetails: productDetailsOf(fields.productDetails),
    ...contactOf(fields),
    ...texts(fields, PAYMENT_TEXTS),
  };
}

function descriptionOf({ error, description, message }: Fields): string {
  const nested = isObject(error) ? (textOf(error.description) ?? textOf(error.message)) : textOf(error);
  return nested ?? textOf(description) ?? textOf(message) ?? "";
}

/**
 * Reads a message of a checkout page to HighLevel. It is for tests that play HighLevel.
 *
 * @param message - `data` of a message event: an object or JSON text
 * @returns The message; undefined for every other message
 * @example
 * ```ts
 * import { parseProviderMessage } from "@ghl-edge/marketplace/payments";
 *
 * console.log(parseProviderMessage({ type: "custom_element_close_response" })?.type);
 * ```
 */
export function parseProviderMessage(
  message: unknown,
): (ProviderMessage & { readonly [field: string]: unknown }) | undefined {
  const fields = fieldsOf(message);
  switch (fields?.type) {
    case "custom_provider_ready":
      return {
        ...unread(fields, ["loaded", "addCardOnFileSupported"]),
        type: fields.type,
        loaded: true,
        ...(typeof fields.addCardOnFileSupported === "boolean"
          ? { addCardOnFileSupported: fields.addCardOnFileSupported }
          : {}),
      };
    case "custom_element_success_response":
      return { ...unread(fields, ["chargeId"]), type: fields.type, ...texts(fields, ["chargeId"]) };
    case "custom_element_error_response": {
      const error = { ...(isObject(fields.error) ? fields.error : {}), description: descriptionOf(fields) };
      return { ...unread(fields, ["error"]), type: fields.type, error };
    }
    case "custom_element_close_response":
      return { ...fields, type: fields.type };
    default:
      return undefined;
  }
}

/** Format of posted messages. HighLevel's pages do not name one; see docs/design/marketplace.md. */
export type MessageEncoding = "json" | "object";

/**
 * Encodes a message for `postMessage`.
 *
 * @param message - The message
 * @param encoding - Format. Default: `json`
 * @returns The argument of `postMessage`
 * @example
 * ```ts
 * import { encodeProviderMessage } from "@ghl-edge/marketplace/payments";
 *
 * console.log(encodeProviderMessage({ type: "custom_element_close_response" }));
 * ```
 */
export function encodeProviderMessage(message: ProviderMessage, encoding: MessageEncoding = "json"): unknown {
  return encoding === "json" ? JSON.stringify(message) : message;
}
