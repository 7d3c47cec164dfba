import { toAsciiLowerCase } from "@ghl-edge/core";
import * as v from "valibot";
import { bindingName } from "../domain/delivery/binding-name.ts";
import { readDestinationUrl } from "../domain/delivery/destination-url.ts";
import {
  type BackendCallback,
  type CallbackAddress,
  callbackUrl,
  isCallbackSecret,
  PUBLIC_URL,
} from "../domain/marketplace/backend-callback.ts";
import { check, text } from "./config-fields.ts";

/** Parts of a marketplace app besides OAuth and webhooks. Each part is off unless it is configured. */
export interface MarketplaceConfig {
  /** Shared secrets of the app's settings: several while the secret is being changed. */
  readonly userContext: { readonly sharedSecrets: readonly string[] } | undefined;
  readonly externalAuth: ExternalAuthConfig | undefined;
  readonly payments: PaymentsConfig | undefined;
  /** The developer's own page, where users pay. */
  readonly billing: { readonly page: URL } | undefined;
}

export interface ExternalAuthConfig {
  readonly callback: BackendCallback;
  /** Headers of HighLevel's request that the back end sees, for credentials that the portal's template puts there. */
  readonly headers: readonly string[];
}

export interface PaymentsConfig {
  readonly callback: BackendCallback;
  /** The keys with which the provider was connected. */
  readonly apiKeys: Readonly<Partial<Record<PaymentMode, string>>>;
}

export type PaymentMode = "live" | "test";

/** RFC 9110, section 5.6.2; names are compared in lower case. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\da-z-]+$/;
const HEADER = "the name of a header";
const SECRET = "whsec_ followed by the base64 of 24 to 64 bytes";

const texts = v.pipe(v.array(text), v.nonEmpty("an array of at least one text"));
const header = v.pipe(text, v.transform(toAsciiLowerCase), v.regex(HEADER_NAME, HEADER));

/** Reads the URL or the binding's name, and the secret that signs. */
const callbackSchema = (allowLoopback: boolean) =>
  v.pipe(
    v.strictObject({
      url: v.optional(callbackUrl({ allowLoopback })),
      service: v.optional(bindingName),
      secret: v.custom<string>(isCallbackSecret, SECRET),
    }),
    v.check(
      ({ url, service }) => (url === undefined) !== (service === undefined),
      "an object with either url or service",
    ),
    v.transform(
      ({ secret, ...address }): BackendCallback => ({ address: address as CallbackAddress, secrets: [secret] }),
    ),
  );

const pageSchema = (allowLoopback: boolean) =>
  v.pipe(
    text,
    v.check((page) => readDestinationUrl(page, { allowLoopback }) !== undefined, PUBLIC_URL),
    v.transform((page) => readDestinationUrl(page, { allowLoopback })!),
  );

const apiKeys = v.pipe(
  v.strictObject({ live: v.optional(text), test: v.optional(text) }),
  v.check(({ live, test }) => live !== undefined || test !== undefined, "an object with live, test or both"),
);

const marketplaceSchema = (allowLoopback: boolean) =>
  v.strictObject({
    userContext: v.optional(v.strictObject({ sharedSecrets: texts })),
    externalAuth: v.optional(
      v.strictObject({ callback: callbackSchema(allowLoopback), headers: v.optional(v.array(header), []) }),
    ),
    payments: v.optional(v.strictObject({ callback: callbackSchema(allowLoopback), apiKeys })),
    billing: v.optional(v.strictObject({ page: pageSchema(allowLoopback) })),
  });

/** @throws ConfigError that names the field and does not quote its value */
export function readMarketplace(
  { path, allowLoopback }: { readonly path: string; readonly allowLoopback: boolean },
  value: unknown,
): MarketplaceConfig {
  const { userContext, externalAuth, payments, billing } = check(path, marketplaceSchema(allowLoopback), value ?? {});
  return { userContext, externalAuth, payments: payments as PaymentsConfig | undefined, billing };
}
