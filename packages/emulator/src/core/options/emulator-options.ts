import type { Resource } from "@ghl-edge/core";
import type { FaultRule } from "../../faults/fault.ts";
import type { EmulatedRateLimit, RateLimitName } from "../../limits/rate-limit.ts";
import type { SeedRecords } from "../../seed/seeded-contacts.ts";
import type { RetryPolicy, RetryPolicyName } from "../../webhooks/retry-policy.ts";
import type { EmulatedRsaKeys } from "../../webhooks/rsa-key.ts";
import type { Sleep } from "../sleep.ts";

/** An app as registered in the marketplace. */
export interface EmulatedApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Redirect URIs the authorize page accepts, compared exactly. Absent: any. */
  readonly redirectUris?: readonly string[];
  /** Scopes the app may ask for. Absent: any. */
  readonly scopes?: readonly string[];
  /**
   * Kind of customer that the app is for. `sub-account` (default): a location gets a token of its own, an agency or several locations a
   * company token of a bulk installation. `agency`: a company token, without locations to approve.
   */
  readonly target?: "sub-account" | "agency";
  /**
   * Address that HighLevel posts the app's webhooks to. Absent: the app gets none. Install and uninstall always go here.
   * @example "http://127.0.0.1:8787/webhooks"
   */
  readonly webhookUrl?: string;
  /**
   * Events the app listens to, by the portal's names; one can have a URL of its own. Absent: all.
   * @example ["ContactCreate", { name: "InboundMessage", url: "http://127.0.0.1:8787/messages" }]
   */
  readonly events?: readonly EventSubscription[];
  /** Ids of locations, or of the company, in which the app is installed from the start. Default: none. */
  readonly installedIn?: readonly string[];
}

/** An event, or an event with a URL of its own. */
export type EventSubscription = string | { readonly name: string; readonly url?: string };

/** Settings for the webhooks of changed records. */
export interface EmulatedWebhooks {
  /** Default `any-failure`: up to twelve, exponential, as HighLevel since 2026-03. */
  readonly retry?: RetryPolicyName | RetryPolicy;
  /** Retries come so many times faster: 600 makes a second of ten minutes. Default 1. */
  readonly speed?: number;
}

/** The agency the emulator plays, with its sub-accounts. */
export interface EmulatedCompany {
  readonly id: string;
  readonly name: string;
  readonly locations: readonly { readonly id: string; readonly name: string }[];
}

/** A private integration token: static, made by a user, without an app. */
export interface EmulatedPrivateToken {
  readonly token: string;
  readonly resource: Resource;
  readonly scopes: readonly string[];
}

/** Every option has a default; `createEmulator()` is a HighLevel with one app, one company and two locations. */
export interface EmulatorOptions {
  /** Same seed, same requests → same ids, tokens and answers. */
  readonly seed?: string;
  /**
   * Records that each location has from the start: contacts, a pipeline with stages, opportunities, a calendar with free slots,
   * appointments, conversations with messages, users, custom fields, products and more. Their ids refer to each other. `off`
   * (default): none, so that a test counts what it has made itself; `small`: ten contacts; a number: so many, at most 5,000.
   */
  readonly seedRecords?: SeedRecords;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Sends webhooks. */
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly apps?: readonly EmulatedApp[];
  readonly company?: EmulatedCompany;
  readonly privateTokens?: readonly EmulatedPrivateToken[];
  /**
   * Time for which a used refresh token still answers with its successor. HighLevel announced 30 s for identical requests;
   * its OAuth page says single-use. Test with 0 too.
   */
  readonly refreshGraceMs?: number;
  readonly accessTokenLifetimeMs?: number;
  /** Default 10 min (RFC 6749 section 4.1.2 allows no more); HighLevel publishes none. */
  readonly codeLifetimeMs?: number;
  /** Default one year, as HighLevel's OAuth page says. */
  readonly refreshTokenLifetimeMs?: number;
  /** Default `standard`. */
  readonly rateLimit?: EmulatedRateLimit | RateLimitName;
  /**
   * Treatment of parameters and bodies that breach the document, and of unknown ids. `lenient` (default):
   * the breaches are noted in the log, and the answer is made from the schema. `strict`: 422, 400 and 404, as HighLevel.
   */
  readonly checks?: "lenient" | "strict";
  /** Faults in force from the start; `emulator.faults` changes them. */
  readonly faults?: readonly FaultRule[];
  /** Whether `/__emulator` (page and control API) is served. Default true. */
  readonly controls?: boolean;
  /**
   * Whether a change of a record is posted to the apps' `webhookUrl`, and how. Default `{}`: as HighLevel does; `false`: never, also
   * not on install and uninstall.
   */
  readonly webhooks?: EmulatedWebhooks | false;
  /** Signs `X-WH-Signature`. Default: a 2,048-bit pair made when it is first needed. */
  readonly rsaKeys?: EmulatedRsaKeys;
  /** Waits, for faults and webhook retries. Default: a timer. */
  readonly sleep?: Sleep;
}

export interface ResolvedOptions extends Required<Omit<EmulatorOptions, "rsaKeys">>, Pick<EmulatorOptions, "rsaKeys"> {
  readonly rateLimit: EmulatedRateLimit;
}
