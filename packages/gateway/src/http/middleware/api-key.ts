import { matchRoute } from "@ghl-edge/client/routes";
import { sha256, timingSafeEqual } from "@ghl-edge/core";
import type { Context, MiddlewareHandler } from "hono";
import { apiKeyId, findByHash, isIssuedApiKey, presentedKey, type StoredApiKey } from "../../domain/access/api-key.ts";
import { type Caller, isReadOnly, mayUseResource } from "../../domain/access/caller.ts";
import { readProxyTarget } from "../../domain/api/upstream-path.ts";
import type { ApiKeyConfig } from "../../platform/config.ts";
import { GatewayError } from "../../platform/errors.ts";
import { createRecent, type Recent, STALE_KEY_MS } from "../../platform/recent.ts";
import type { GatewayHono } from "../context.ts";
import { checkRateLimit } from "./rate-limit.ts";

const ofConfig = ({ name, app }: ApiKeyConfig): Caller => ({ name, app, access: "write", resources: null });
const ofDirectory = ({ id, app, access, resources }: StoredApiKey): Caller => ({ name: id, app, access, resources });

/** The directory answers within milliseconds. A read that takes longer counts as failed. */
const LONGEST_READ_MS = 5_000;

/** @throws GatewayError when the directory has not answered in time */
async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new GatewayError({ kind: "directory_unreachable" })), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads a key from the isolate's memory, else from D1. A key that is not found is not cached, so a new key works at once. While D1 cannot be
 * read, a key that this isolate has read stays good for `STALE_KEY_MS`.
 */
async function readStored(c: Context<GatewayHono>, key: string, recent: Recent<StoredApiKey>) {
  const id = apiKeyId(key);
  if (id === undefined) return undefined;
  const known = recent.get(id);
  if (known !== undefined) return known;
  // An invented key is neither looked up nor counted. It costs no read, and limits no other caller behind the same address.
  if (!(await isIssuedApiKey(await c.get("directory").checkKey.read(), key))) return undefined;
  await checkRateLimit(c, "LIMIT_LOOKUPS", "api_key");
  try {
    const stored = await withinTime(c.get("directory").apiKeys.find(id), LONGEST_READ_MS);
    if (stored !== undefined) recent.set(id, stored);
    return stored;
  } catch (error) {
    const stale = recent.getStale(id);
    if (stale === undefined) throw error;
    return stale;
  }
}

/** Lets a request pass that carries a configured key, or one of the directory that is not revoked. */
export function requireApiKey(): MiddlewareHandler<GatewayHono> {
  const recent = createRecent<StoredApiKey>({ staleMs: STALE_KEY_MS });
  /** Hashes of keys that were accepted lately: WebCrypto takes longer for a hash than everything else here. */
  const hashes = createRecent<Uint8Array>();
  return async (c, next) => {
    const presented = presentedKey(c.req.raw.headers);
    if (presented === undefined) throw new GatewayError({ kind: "api_key_missing" });
    const known = hashes.get(presented);
    const hash = known ?? (await sha256(presented));
    const configured = findByHash(c.get("config").apiKeys, hash);
    const stored = configured === undefined ? await readStored(c, presented, recent) : undefined;
    const opens =
      stored !== undefined &&
      timingSafeEqual(stored.hash, hash) &&
      stored.revokedAtMs === null &&
      c.get("config").apps.has(stored.app);
    if (configured === undefined && !opens) throw new GatewayError({ kind: "api_key_unknown" });
    if (known === undefined) hashes.set(presented, hash);
    c.set("apiKey", configured === undefined ? ofDirectory(stored!) : ofConfig(configured));
    await next();
  };
}

/** Refuses what the caller has no right to, before anything else is checked. */
export const checkCaller: MiddlewareHandler<GatewayHono> = async (c, next) => {
  const caller = c.get("apiKey");
  c.get("log").keyName = caller.name;
  c.get("log").app = caller.app;
  const target = readProxyTarget(c.req.raw.url);
  if (target === undefined) throw new GatewayError({ kind: "path_refused" });
  c.set("target", target);
  if (!mayUseResource(caller, target.resource)) {
    const { kind, id } = target.resource;
    throw new GatewayError({ kind: "api_key_scope", problem: `It is not for ${kind} ${id}.` });
  }
  // For a read-only caller and a method that may write, the scopes of every matching operation have to be readonly.
  if (caller.access === "read" && !isReadOnly(c.req.method, [])) {
    const operations = (["v3", "v2"] as const).flatMap((api) => matchRoute(c.req.method, target.path, api) ?? []);
    if (operations.some(({ scopes }) => !isReadOnly(c.req.method, scopes)))
      throw new GatewayError({ kind: "api_key_scope", problem: "It is read-only." });
  }
  await next();
};
