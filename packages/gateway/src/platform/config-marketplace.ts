import { toAsciiLowerCase } from "@ghl-edge/core";
import * as v from "valibot";
import { type Ask, isAskSecret, readAskAddress } from "../domain/ask.ts";
import { readReceiverUrl } from "../domain/receiver-url.ts";
import { ConfigError, check, type Fields, object, text } from "./config-fields.ts";

/** What an app of the marketplace has beside OAuth and webhooks; each part is off unless it is configured. */
export interface MarketplaceConfig {
  /** Of the app's settings: several while the secret is changed. */
  readonly userContext: { readonly sharedSecrets: readonly string[] } | undefined;
  readonly externalAuth: ExternalAuthConfig | undefined;
  readonly payments: PaymentsConfig | undefined;
  /** The developer's own page, where users pay. */
  readonly billing: { readonly page: URL } | undefined;
}

export interface ExternalAuthConfig {
  readonly ask: Ask;
  /** Headers of HighLevel's request to show to the receiver, for credentials that the portal's template puts there. */
  readonly headers: readonly string[];
}

export interface PaymentsConfig {
  readonly ask: Ask;
  /** With which the provider was connected. */
  readonly apiKeys: Readonly<Partial<Record<PaymentMode, string>>>;
}

const PAYMENT_MODES = ["live", "test"] as const;
export type PaymentMode = (typeof PAYMENT_MODES)[number];

interface Place {
  /** What an error names: `APPS.<app>.marketplace`, or a member of it. */
  readonly at: string;
  readonly allowLoopback: boolean;
}

/** RFC 9110, section 5.6.2; names are compared in lower case. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\da-z-]+$/;

const below = ({ at, allowLoopback }: Place, name: string): Place => ({ at: `${at}.${name}`, allowLoopback });

/** An object with these members and no other: what is misspelt must not be off in silence. */
function members(at: string, value: unknown, names: readonly string[]): Fields {
  const fields = object(at, value);
  if (!Object.keys(fields).every((name) => names.includes(name)))
    throw new ConfigError(at, `an object of ${names.join(", ")}, and nothing else`);
  return fields;
}

const texts = v.pipe(v.array(text), v.nonEmpty("a list of one text or more"));

function readAsk({ at, allowLoopback }: Place, value: unknown): Ask {
  const { secret, ...address } = object(at, value);
  const read = readAskAddress(address, { allowLoopback });
  if (read === undefined)
    throw new ConfigError(at, "an object of secret and either url, an https address of a public name, or service");
  if (!isAskSecret(secret)) throw new ConfigError(`${at}.secret`, "whsec_ and the base64 of 24 to 64 bytes");
  return { address: read, secrets: [secret] };
}

function readExternalAuth(place: Place, value: unknown): ExternalAuthConfig {
  const { ask, headers } = members(place.at, value, ["ask", "headers"]);
  const names = headers === undefined ? [] : check(`${place.at}.headers`, texts, headers).map(toAsciiLowerCase);
  if (!names.every((name) => HEADER_NAME.test(name)))
    throw new ConfigError(`${place.at}.headers`, "a list of names of headers");
  return { ask: readAsk(below(place, "ask"), ask), headers: names };
}

function readPayments(place: Place, value: unknown): PaymentsConfig {
  const { ask, apiKeys } = members(place.at, value, ["ask", "apiKeys"]);
  const at = `${place.at}.apiKeys`;
  const keys = Object.entries(members(at, apiKeys, PAYMENT_MODES)).map(([mode, key]) => [mode, key] as const);
  if (keys.length === 0 || !keys.every(([, key]) => typeof key === "string" && key !== ""))
    throw new ConfigError(at, `an object of ${PAYMENT_MODES.join(" or ")}, each a text`);
  return { ask: readAsk(below(place, "ask"), ask), apiKeys: Object.fromEntries(keys) };
}

function readBilling({ at, allowLoopback }: Place, value: unknown): { readonly page: URL } {
  const page = readReceiverUrl(check(`${at}.page`, text, members(at, value, ["page"]).page), { allowLoopback });
  if (page === undefined) throw new ConfigError(`${at}.page`, "an https address of a public name");
  return { page };
}

function readUserContext({ at }: Place, value: unknown): { readonly sharedSecrets: readonly string[] } {
  const { sharedSecrets } = members(at, value, ["sharedSecrets"]);
  return { sharedSecrets: check(`${at}.sharedSecrets`, texts, sharedSecrets) };
}

/** @throws ConfigError naming the member; never quoting its value */
export function readMarketplace(place: Place, value: unknown): MarketplaceConfig {
  const names = ["userContext", "externalAuth", "payments", "billing"] as const;
  const fields = members(place.at, value ?? {}, names);
  const part = <Part>(name: (typeof names)[number], read: (place: Place, value: unknown) => Part): Part | undefined =>
    fields[name] === undefined ? undefined : read(below(place, name), fields[name]);
  return {
    userContext: part("userContext", readUserContext),
    externalAuth: part("externalAuth", readExternalAuth),
    payments: part("payments", readPayments),
    billing: part("billing", readBilling),
  };
}
