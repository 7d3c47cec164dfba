import { type PresetName, presets, type RateLimits } from "@ghl-edge/rate-limit";
import { ConfigError, type Fields, json, list, object, text, url } from "./config-fields.ts";
import { type MarketplaceConfig, readMarketplace } from "./config-marketplace.ts";
import type { Role } from "./directory/model.ts";
import { fromBase64, fromHex } from "./domain/encoding.ts";
import type { KeyRing } from "./domain/seal.ts";

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
  readonly webhooks: WebhookConfig;
  readonly marketplace: MarketplaceConfig;
}

/** Signatures that an app's webhooks may have beside HighLevel's present one; both are off unless they are asked for. */
export interface WebhookConfig {
  /** `X-WH-Signature`, which HighLevel stopped sending on 2026-09-01; by its former key, or by these. */
  readonly legacyRsa: boolean | readonly string[];
  /** `X-HighLevel-Signature` under secrets of the app's own; no document of HighLevel describes it. */
  readonly hmacSecrets: readonly string[];
}

/** A caller of the gateway. */
export interface ApiKeyConfig {
  readonly name: string;
  /** App whose installations it may use. */
  readonly app: string;
  /** SHA-256 of the key. */
  readonly hash: Uint8Array;
}

/** Who may use `/admin`; denied to all while there is neither a key nor Access. */
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
  /** Of those whom the directory does not name; undefined: they are refused. */
  readonly defaultRole: Role | undefined;
}

export interface GatewayConfig {
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly authorizeUrl: string;
  /** Undefined: HighLevel's own. */
  readonly webhookKeys: readonly string[] | undefined;
  readonly apps: ReadonlyMap<string, AppConfig>;
  readonly apiKeys: readonly ApiKeyConfig[];
  readonly admin: AdminConfig;
  readonly tokenKeys: KeyRing;
  /** A location is silent when no event has come for so long; undefined: nobody looks. */
  readonly silentAfterMs: number | undefined;
  /** Whether events may be sent to this machine: for development alone. */
  readonly allowLoopbackReceivers: boolean;
}

/** The variables as the platform hands them over. */
export interface RawConfig {
  readonly HIGHLEVEL_API_URL: string;
  readonly HIGHLEVEL_AUTHORIZE_URL: string;
  readonly WEBHOOK_PUBLIC_KEYS: string;
  readonly ADMIN_KEYS: string;
  readonly ADMIN_ACCESS: string;
  readonly LOOPBACK_RECEIVERS?: string;
  readonly SILENT_AFTER_HOURS?: string;
  readonly APPS: string;
  readonly API_KEYS: string;
  readonly TOKEN_KEYS: string;
}

function readLimits(value: unknown): RateLimits {
  if (value === undefined) return presets.standard;
  if (typeof value === "string" && Object.hasOwn(presets, value)) return presets[value as PresetName];
  const { burst, intervalMs, daily } = object("APPS", value);
  const isCount = (count: unknown): count is number => Number.isSafeInteger(count) && (count as number) > 0;
  if (!isCount(burst) || !isCount(intervalMs) || (daily !== undefined && !isCount(daily)))
    throw new ConfigError("APPS", `needs one of ${Object.keys(presets).join(", ")} or three counts for limits`);
  return { burst: { limit: burst, intervalMs }, daily: daily === undefined ? undefined : { limit: daily } };
}

function readWebhooks(value: unknown): WebhookConfig {
  const { legacyRsa = false, hmacSecrets = [], ...rest } = object("APPS", value ?? {});
  const secrets = list("APPS", hmacSecrets);
  const isText = (one: unknown): one is string => typeof one === "string";
  if (Object.keys(rest).length > 0) throw new ConfigError("APPS", "knows legacyRsa and hmacSecrets for webhooks");
  // A short secret would be worse than none: it would look like a check.
  if (!secrets.every((secret) => isText(secret) && secret.length >= 16))
    throw new ConfigError("APPS", "needs texts of 16 characters or more for hmacSecrets");
  const rsa = typeof legacyRsa === "boolean" ? legacyRsa : list("APPS", legacyRsa).filter(isText);
  return { legacyRsa: rsa, hmacSecrets: secrets.filter(isText) };
}

function readApps(raw: string, allowLoopback: boolean): ReadonlyMap<string, AppConfig> {
  const apps = Object.entries(object("APPS", json("APPS", raw))).map(([name, value]): [string, AppConfig] => {
    if (!/^[a-z0-9-]{1,32}$/.test(name))
      throw new ConfigError("APPS", "has a name that is not lower-case letters, digits and dashes");
    const fields = object("APPS", value);
    const scopes = list("APPS", fields.scopes ?? []).filter((scope) => typeof scope === "string");
    const versionId = fields.versionId === undefined ? undefined : text("APPS", fields, "versionId");
    const clientId = text("APPS", fields, "clientId");
    const clientSecret = text("APPS", fields, "clientSecret");
    const [limits, webhooks] = [readLimits(fields.limits), readWebhooks(fields.webhooks)];
    const marketplace = readMarketplace({ at: `APPS.${name}.marketplace`, allowLoopback }, fields.marketplace);
    return [name, { name, clientId, clientSecret, scopes, versionId, limits, webhooks, marketplace }];
  });
  return new Map(apps);
}

function keyHash(variable: string, fields: Fields): Uint8Array {
  const hex = text(variable, fields, "sha256");
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new ConfigError(variable, "needs 64 lower-case hexadecimal digits for sha256");
  return fromHex(hex);
}

function readAdmin(raw: RawConfig): AdminConfig {
  const keys = list("ADMIN_KEYS", json("ADMIN_KEYS", raw.ADMIN_KEYS || "[]")).map((entry) => {
    const fields = object("ADMIN_KEYS", entry);
    return { name: text("ADMIN_KEYS", fields, "name"), hash: keyHash("ADMIN_KEYS", fields) };
  });
  const fields = object("ADMIN_ACCESS", json("ADMIN_ACCESS", raw.ADMIN_ACCESS || "{}"));
  if (Object.keys(fields).length === 0) return { keys, access: undefined };
  const issuer = url("ADMIN_ACCESS", text("ADMIN_ACCESS", fields, "issuer"));
  const { defaultRole, jwksUrl = `${issuer}/cdn-cgi/access/certs` } = fields;
  if (defaultRole !== undefined && defaultRole !== "viewer" && defaultRole !== "admin")
    throw new ConfigError("ADMIN_ACCESS", "needs viewer or admin for defaultRole, or none");
  const audience = text("ADMIN_ACCESS", fields, "audience");
  return { keys, access: { issuer, audience, jwksUrl: url("ADMIN_ACCESS", String(jwksUrl)), defaultRole } };
}

function readApiKeys(raw: string, apps: ReadonlyMap<string, AppConfig>): readonly ApiKeyConfig[] {
  return list("API_KEYS", json("API_KEYS", raw)).map((entry) => {
    const fields = object("API_KEYS", entry);
    const hash = keyHash("API_KEYS", fields);
    const app = text("API_KEYS", fields, "app");
    if (!apps.has(app)) throw new ConfigError("API_KEYS", "names an app that is not in APPS");
    return { name: text("API_KEYS", fields, "name"), app, hash };
  });
}

function readTokenKeys(raw: string): KeyRing {
  const entries = Object.entries(object("TOKEN_KEYS", json("TOKEN_KEYS", raw)));
  const keys = entries.map(([id, value]): [string, Uint8Array<ArrayBuffer>] => {
    if (!/^[a-z0-9-]{1,32}$/.test(id))
      throw new ConfigError("TOKEN_KEYS", "has an id that is not lower-case letters, digits and dashes");
    const bytes = typeof value === "string" && /^[A-Za-z0-9+/]{43}=$/.test(value) ? fromBase64(value) : undefined;
    if (bytes === undefined) throw new ConfigError("TOKEN_KEYS", "must hold base64 of 32 bytes under each id");
    return [id, bytes];
  });
  const activeId = entries[0]?.[0];
  if (activeId === undefined) throw new ConfigError("TOKEN_KEYS", "holds no key");
  return { activeId, keys: new Map(keys) };
}

/** A silence is told by the day of the newest inbox, which has to be over. */
const MIN_SILENT_HOURS = 24;
/** Inboxes are kept for 30 days: a longer silence would not be seen. */
const MAX_SILENT_HOURS = 29 * 24;

function readSilence(raw: string): number | undefined {
  const hours = Number(raw);
  if (raw === "0") return undefined;
  if (!/^\d+$/.test(raw) || hours < MIN_SILENT_HOURS || hours > MAX_SILENT_HOURS)
    throw new ConfigError("SILENT_AFTER_HOURS", `must be 0, or hours from ${MIN_SILENT_HOURS} to ${MAX_SILENT_HOURS}`);
  return hours * 3_600_000;
}

/**
 * Reads and checks the whole configuration.
 *
 * @throws ConfigError naming the variable; never quoting its value
 */
export function parseConfig(raw: RawConfig): GatewayConfig {
  const allowLoopbackReceivers = raw.LOOPBACK_RECEIVERS === "true";
  const apps = readApps(raw.APPS, allowLoopbackReceivers);
  const webhookKeys = list("WEBHOOK_PUBLIC_KEYS", json("WEBHOOK_PUBLIC_KEYS", raw.WEBHOOK_PUBLIC_KEYS || "[]"));
  if (!webhookKeys.every((key) => typeof key === "string"))
    throw new ConfigError("WEBHOOK_PUBLIC_KEYS", "must hold texts");
  return {
    apiUrl: url("HIGHLEVEL_API_URL", raw.HIGHLEVEL_API_URL),
    authorizeUrl: url("HIGHLEVEL_AUTHORIZE_URL", raw.HIGHLEVEL_AUTHORIZE_URL),
    webhookKeys: webhookKeys.length === 0 ? undefined : webhookKeys,
    apps,
    apiKeys: readApiKeys(raw.API_KEYS, apps),
    admin: readAdmin(raw),
    tokenKeys: readTokenKeys(raw.TOKEN_KEYS),
    silentAfterMs: readSilence(raw.SILENT_AFTER_HOURS || "48"),
    allowLoopbackReceivers,
  };
}
