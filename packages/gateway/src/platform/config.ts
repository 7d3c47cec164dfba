import { fromHex, toAsciiLowerCase } from "@ghl-edge/core";
import { type PresetName, presets, type RateLimits } from "@ghl-edge/rate-limit";
import * as v from "valibot";
import type { Role } from "../domain/administration-model.ts";
import { mayGoUpstream } from "../domain/api/proxy-headers.ts";
import { DEFAULT_MAX_WAITING } from "../domain/delivery/backlog.ts";
import { MAX_SHARDS } from "../domain/delivery/shard-growth.ts";
import type { KeyRing } from "../domain/grants/seal.ts";
import { readEventBuffers } from "./config-buffers.ts";
import { check, flag, json, misconfigured, object, sha256Hex, text, url } from "./config-fields.ts";
import { readTokenKeys } from "./config-keys.ts";
import { readSuccessPercent } from "./config-logs.ts";
import { type MarketplaceConfig, readMarketplace } from "./config-marketplace.ts";
import { readWebhookKeys, readWebhooks, type WebhookConfig, webhookFields } from "./config-webhooks.ts";

/** One app of the marketplace that this deployment serves. */
export interface AppConfig {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Scopes the install link asks for. */
  readonly scopes: readonly string[];
  /** Some apps cannot be authorized without it: authorizing with the client id alone then ends in "error.noversionid" (observed 2026-08). */
  readonly versionId: string | undefined;
  /** HighLevel's limits for each location and company. */
  readonly limits: RateLimits;
  /** Headers that callers may send to HighLevel beside those of content, negotiation, conditions and ranges; lower case. */
  readonly requestHeaders: ReadonlySet<string>;
  readonly webhooks: WebhookConfig;
  readonly endpoints: EndpointsConfig;
  readonly marketplace: MarketplaceConfig;
  /** Events are kept for this long after their arrival, also after an UNINSTALL. */
  readonly eventRetentionMs: number;
}

/** Upper bounds for an app's endpoints. */
export interface EndpointsConfig {
  /** Endpoints of the app: each event is copied for each of them. */
  readonly max: number;
  /** Deliveries that may wait for one shard of an endpoint; past it the endpoint is disabled. */
  readonly maxWaiting: number;
  /** Shards to which an endpoint grows by itself. With 1 it does not grow. */
  readonly maxShards: number;
}

/** A caller of the gateway. */
export interface ApiKeyConfig {
  readonly name: string;
  /** App whose installations it may use. */
  readonly app: string;
  /** SHA-256 of the key. */
  readonly hash: Uint8Array;
}

/** Operators that may use `/admin`. It is closed while there is neither a key nor Access. */
export interface AdminConfig {
  readonly keys: readonly { readonly name: string; readonly hash: Uint8Array }[];
  readonly access: AccessConfig | undefined;
}

/** Cloudflare Access in front of `/admin`. */
export interface AccessConfig {
  /** `https://<team>.cloudflareaccess.com` */
  readonly issuer: string;
  /** The application's audience tag. */
  readonly audience: string;
  readonly jwksUrl: string;
  /** Role of those whom the directory does not name; undefined: they are refused. */
  readonly defaultRole: Role | undefined;
}

export interface GatewayConfig {
  /** URL of HighLevel's API without a trailing slash. */
  readonly apiUrl: string;
  readonly authorizeUrl: string;
  /** Public keys that replace HighLevel's own; undefined: HighLevel's own. */
  readonly webhookKeys: readonly string[] | undefined;
  readonly apps: ReadonlyMap<string, AppConfig>;
  readonly apiKeys: readonly ApiKeyConfig[];
  readonly admin: AdminConfig;
  readonly tokenKeys: KeyRing;
  /** A location is inactive when no event has come for this long; undefined: inactivity is not reported. */
  readonly inactiveAfterMs: number | undefined;
  /** Share of the successes that are logged, in percent. */
  readonly logSuccessPercent: number;
  /** Number of event buffers of each app. */
  readonly eventBuffers: number;
  /** Whether events may be sent to this machine, only for development. */
  readonly allowLoopbackDestinations: boolean;
}

/** The variables as the platform hands them over. */
export interface RawConfig {
  readonly HIGHLEVEL_API_URL: string;
  readonly HIGHLEVEL_AUTHORIZE_URL: string;
  readonly WEBHOOK_PUBLIC_KEYS: string;
  readonly ADMIN_KEYS: string;
  readonly ADMIN_ACCESS: string;
  readonly LOOPBACK_DESTINATIONS?: string;
  readonly INACTIVE_AFTER_HOURS?: string;
  readonly LOG_SUCCESS_PERCENT?: string;
  readonly EVENT_BUFFERS?: string;
  readonly ALLOW_EXAMPLE_KEYS?: string;
  readonly APPS: string;
  readonly API_KEYS: string;
  readonly TOKEN_KEYS: string;
}

/** Hashes of the keys that `.dev.vars.example` has, `dev-gateway-key` and `dev-admin-key`: published, so they let anyone in. */
const EXAMPLE_HASHES: readonly string[] = [
  "6c61ce26b7a6859cf92b6c699a74512201095a860018b9e77f1ef4b91a67fdee",
  "df76ff796f70d2c9cb055ea6280553caa27eda26b70e01082c160de75a05a4a9",
  // The empty text.
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
];

const count = v.pipe(
  v.number("a whole number above 0"),
  v.safeInteger("a whole number above 0"),
  v.minValue(1, "a whole number above 0"),
);

const LIMITS = `one of ${Object.keys(presets).join(", ")}, or an object of burst, intervalMs and daily`;
const limits = v.union(
  [
    v.picklist(Object.keys(presets) as PresetName[], LIMITS),
    v.strictObject({ burst: count, intervalMs: count, daily: v.optional(count) }),
  ],
  LIMITS,
);

function readLimits(value: v.InferOutput<typeof limits>): RateLimits {
  if (typeof value === "string") return presets[value];
  const { burst, intervalMs, daily } = value;
  return { burst: { limit: burst, intervalMs }, daily: daily === undefined ? undefined : { limit: daily } };
}

const REQUEST_HEADER = "the name of a header that neither identifies a caller nor belongs to the connection";
const requestHeader = v.pipe(
  v.string(REQUEST_HEADER),
  v.transform(toAsciiLowerCase),
  v.check(mayGoUpstream, REQUEST_HEADER),
);

const DEFAULT_MAX_ENDPOINTS = 50;

const SHARDS = `a whole number from 1 to ${MAX_SHARDS}`;
const shardCount = v.pipe(v.number(SHARDS), v.integer(SHARDS), v.minValue(1, SHARDS), v.maxValue(MAX_SHARDS, SHARDS));

const endpoints = v.strictObject({
  max: v.optional(count, DEFAULT_MAX_ENDPOINTS),
  maxWaiting: v.optional(count, DEFAULT_MAX_WAITING),
  maxShards: v.optional(shardCount, MAX_SHARDS),
});

const DAY_MS = 86_400_000;
/** HighLevel delivers an event again for up to three days. An inbox must remember it for longer, or it would be stored as another event. */
const MIN_RETENTION_DAYS = 4;
const MAX_RETENTION_DAYS = 30;
const RETENTION = `a whole number of days from ${MIN_RETENTION_DAYS} to ${MAX_RETENTION_DAYS}`;
export const DEFAULT_RETENTION_MS: number = MAX_RETENTION_DAYS * DAY_MS;

const appFields = v.strictObject({
  clientId: text,
  clientSecret: text,
  scopes: v.optional(v.array(text), []),
  versionId: v.optional(text),
  limits: v.optional(limits, "standard"),
  requestHeaders: v.optional(v.array(requestHeader), []),
  webhooks: v.optional(webhookFields, {}),
  endpoints: v.optional(endpoints, {}),
  marketplace: v.optional(v.unknown()),
  eventRetentionDays: v.optional(
    v.pipe(
      v.number(RETENTION),
      v.integer(RETENTION),
      v.minValue(MIN_RETENTION_DAYS, RETENTION),
      v.maxValue(MAX_RETENTION_DAYS, RETENTION),
    ),
    MAX_RETENTION_DAYS,
  ),
});

function readApps(raw: string, allowLoopback: boolean): ReadonlyMap<string, AppConfig> {
  const apps = Object.entries(object("APPS", json("APPS", raw))).map(([name, value]): [string, AppConfig] => {
    if (!/^[a-z0-9-]{1,32}$/.test(name))
      throw misconfigured("APPS", "an object with names of 1 to 32 lower-case letters, digits and dashes", name);
    const path = `APPS.${name}`;
    const {
      marketplace,
      webhooks,
      limits: rates,
      versionId,
      requestHeaders,
      eventRetentionDays,
      ...fields
    } = check(path, appFields, value);
    return [
      name,
      {
        ...fields,
        name,
        versionId,
        limits: readLimits(rates),
        requestHeaders: new Set(requestHeaders),
        eventRetentionMs: eventRetentionDays * DAY_MS,
        webhooks: readWebhooks(`${path}.webhooks`, webhooks),
        marketplace: readMarketplace({ path: `${path}.marketplace`, allowLoopback }, marketplace),
      },
    ];
  });
  return new Map(apps);
}

/** @throws ConfigError for a key that everybody knows */
function keyHash(path: string, sha256: string, allowExample: boolean): Uint8Array {
  if (!allowExample && EXAMPLE_HASHES.includes(sha256))
    throw misconfigured(path, "the hash of a key of your own instead of the published example", sha256);
  return fromHex(sha256);
}

const adminKeys = v.array(v.strictObject({ name: text, sha256: sha256Hex }));
const access = v.strictObject({
  issuer: url,
  audience: text,
  jwksUrl: v.optional(url),
  defaultRole: v.optional(v.picklist(["viewer", "admin"], "viewer or admin")),
});

function readAdmin(raw: RawConfig, allowExample: boolean): AdminConfig {
  const entries = check("ADMIN_KEYS", adminKeys, json("ADMIN_KEYS", raw.ADMIN_KEYS || "[]"));
  const keys = entries.map(({ name, sha256 }, index) => {
    return { name, hash: keyHash(`ADMIN_KEYS[${index}].sha256`, sha256, allowExample) };
  });
  const value = object("ADMIN_ACCESS", json("ADMIN_ACCESS", raw.ADMIN_ACCESS || "{}"));
  if (Object.keys(value).length === 0) return { keys, access: undefined };
  const { issuer, audience, jwksUrl, defaultRole } = check("ADMIN_ACCESS", access, value);
  return { keys, access: { issuer, audience, jwksUrl: jwksUrl ?? `${issuer}/cdn-cgi/access/certs`, defaultRole } };
}

const apiKeys = v.array(v.strictObject({ name: text, app: text, sha256: sha256Hex }));

function readApiKeys(
  raw: string,
  apps: ReadonlyMap<string, AppConfig>,
  allowExample: boolean,
): readonly ApiKeyConfig[] {
  return check("API_KEYS", apiKeys, json("API_KEYS", raw)).map(({ name, app, sha256 }, index) => {
    if (!apps.has(app)) throw misconfigured(`API_KEYS[${index}].app`, "the name of an app in APPS", app);
    return { name, app, hash: keyHash(`API_KEYS[${index}].sha256`, sha256, allowExample) };
  });
}

/** Inactivity is read from the day of the newest inbox, which has to be over. */
const MIN_INACTIVE_HOURS = 24;
/** Inboxes are kept for 30 days, so longer inactivity would not be seen. */
const MAX_INACTIVE_HOURS = 29 * 24;

const INACTIVITY = `0 or a whole number of hours from ${MIN_INACTIVE_HOURS} to ${MAX_INACTIVE_HOURS}`;
const NEVER_INACTIVE = 0;

const isInactivity = (hours: number): boolean =>
  hours === NEVER_INACTIVE || (hours >= MIN_INACTIVE_HOURS && hours <= MAX_INACTIVE_HOURS);

/** The text is checked before it becomes a number, so that an error says that a text is there. */
const inactiveAfterHours = v.pipe(
  v.string(INACTIVITY),
  v.check((text) => /^\d+$/.test(text) && isInactivity(Number(text)), INACTIVITY),
  v.transform(Number),
);

function readInactivity(raw: string): number | undefined {
  const hours = check("INACTIVE_AFTER_HOURS", inactiveAfterHours, raw);
  return hours === NEVER_INACTIVE ? undefined : hours * 3_600_000;
}

/**
 * Reads and checks the whole configuration.
 *
 * @throws ConfigError that names the path and what belongs there, and quotes no text
 */
export function parseConfig(raw: RawConfig): GatewayConfig {
  const allowLoopbackDestinations = check("LOOPBACK_DESTINATIONS", flag, raw.LOOPBACK_DESTINATIONS || "false");
  const allowExample = check("ALLOW_EXAMPLE_KEYS", flag, raw.ALLOW_EXAMPLE_KEYS || "false");
  const apps = readApps(raw.APPS, allowLoopbackDestinations);
  const inactiveAfterMs = readInactivity(raw.INACTIVE_AFTER_HOURS || "48");
  for (const { name, eventRetentionMs } of apps.values())
    if (inactiveAfterMs !== undefined && eventRetentionMs < inactiveAfterMs + DAY_MS)
      throw misconfigured(
        `APPS.${name}.eventRetentionDays`,
        "at least a day longer than INACTIVE_AFTER_HOURS",
        eventRetentionMs / DAY_MS,
      );
  return {
    apiUrl: check("HIGHLEVEL_API_URL", url, raw.HIGHLEVEL_API_URL),
    authorizeUrl: check("HIGHLEVEL_AUTHORIZE_URL", url, raw.HIGHLEVEL_AUTHORIZE_URL),
    webhookKeys: readWebhookKeys(raw.WEBHOOK_PUBLIC_KEYS),
    apps,
    apiKeys: readApiKeys(raw.API_KEYS, apps, allowExample),
    admin: readAdmin(raw, allowExample),
    tokenKeys: readTokenKeys(raw.TOKEN_KEYS, allowExample),
    inactiveAfterMs,
    logSuccessPercent: readSuccessPercent(raw.LOG_SUCCESS_PERCENT),
    eventBuffers: readEventBuffers(raw.EVENT_BUFFERS),
    allowLoopbackDestinations,
  };
}
