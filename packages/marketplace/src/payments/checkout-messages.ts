import { parseForeignJson } from "../http/foreign-json.ts";
import { productDetailsOf } from "./parse-query.ts";
import type { ProductDetail } from "./snapshot.ts";

/**
 * The messages between HighLevel and the checkout page it loads in an iframe, in HighLevel's form (all fields flat). Older guides put
 * the fields under `data`, and messages go about as objects and as JSON text: both are read. Fields that this package does not know
 * are kept as they came.
 *
 * @see https://help.gohighlevel.com/support/solutions/articles/155000002620 (read 2026-11-21), sections 8 and 9.1
 */

export interface CheckoutContact {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  /** Telephone number with country code. */
  readonly contact?: string;
  /** What else came, unchecked. */
  readonly [field: string]: unknown;
}

/** HighLevel → page: take this payment. */
export interface PaymentInitiateProps {
  readonly type: "payment_initiate_props";
  readonly publishableKey: string;
  /** In the currency's main unit. */
  readonly amount: number;
  readonly currency: string;
  readonly mode: "payment" | "subscription";
  readonly productDetails: readonly ProductDetail[];
  readonly contact?: CheckoutContact;
  readonly orderId?: string;
  readonly transactionId?: string;
  readonly subscriptionId?: string;
  readonly locationId?: string;
  /** What else came, unchecked. */
  readonly [field: string]: unknown;
}

/** HighLevel → page: store a payment method, charge nothing. */
export interface SetupInitiateProps {
  readonly type: "setup_initiate_props";
  readonly publishableKey: string;
  readonly currency?: string;
  readonly mode: "setup";
  readonly contact?: CheckoutContact;
  readonly locationId?: string;
  /** What else came, unchecked. */
  readonly [field: string]: unknown;
}

export type CheckoutProps = PaymentInitiateProps | SetupInitiateProps;

/** Page → HighLevel. */
export type ProviderMessage =
  | {
      readonly type: "custom_provider_ready";
      readonly loaded: true;
      /** The page also answers `setup_initiate_props`. */
      readonly addCardOnFileSupported?: boolean;
    }
  | { readonly type: "custom_element_success_response"; readonly chargeId?: string }
  | { readonly type: "custom_element_error_response"; readonly error: { readonly description: string } }
  | { readonly type: "custom_element_close_response" };

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** The fields of a message wherever they stand; what stands flat counts. */
function fieldsOf(message: unknown): Fields | undefined {
  let value = message;
  if (typeof value === "string") {
    try {
      value = parseForeignJson(value);
    } catch {
      return undefined;
    }
  }
  if (!isObject(value)) return undefined;
  if (!isObject(value.data)) return value;
  const { data, ...flat } = value;
  return { ...(data as Fields), ...flat };
}

/** The fields that are not among those that were read. */
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
/** `data` was unfolded. */
const READ = ["type", "mode", "publishableKey", "contact"];
const PAYMENT_READ = [...READ, ...PAYMENT_TEXTS, "amount", "currency", "productDetails"];

function amountOf(value: unknown): number | undefined {
  const amount = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof amount === "number" && Number.isFinite(amount) && amount >= 0 ? amount : undefined;
}

/** What HighLevel asks of the page; undefined for every other message, of which a page gets many. */
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

/** What a page tells HighLevel: for who plays HighLevel in a test. Undefined for every other message. */
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

/** How messages are posted. HighLevel's pages do not say; see docs/design/marketplace.md. */
export type MessageEncoding = "json" | "object";

/** A message as `postMessage` gets it. */
export function encodeProviderMessage(message: ProviderMessage, encoding: MessageEncoding = "json"): unknown {
  return encoding === "json" ? JSON.stringify(message) : message;
}
