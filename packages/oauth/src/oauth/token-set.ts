import { fromBase64Url, isObject, type Resource, sha256, toHex } from "@ghl-edge/core";

/** Kind of the account that a token acts for. HighLevel's answer decides, not the request. */
export type UserType = "Company" | "Location";

/**
 * Tokens and what came with them. The one object of this package whose JSON holds secrets: store it, never log it.
 * HighLevel's page "Get Access Token" and its documents of 2026-06.
 */
export interface TokenSet {
  readonly accessToken: string;
  /** Absent on some location tokens. */
  readonly refreshToken?: string;
  readonly tokenType: string;
  /** The time at which the request was sent, Unix milliseconds. */
  readonly obtainedAtMs: number;
  /** `obtainedAtMs` and the answer's `expires_in` (about 24 h), Unix milliseconds. */
  readonly expiresAtMs: number;
  readonly scopes: readonly string[];
  readonly userType?: UserType;
  readonly companyId?: string;
  /** On location tokens only. */
  readonly locationId?: string;
  /** Usual; missing on automatic installs. */
  readonly userId?: string;
  /** Company tokens: the locations chosen in a bulk install. */
  readonly approvedLocations?: readonly string[];
  /** A company token whose locations each need a token minted from it. */
  readonly isBulkInstallation?: boolean;
  readonly installToFutureLocations?: boolean;
  readonly approveAllLocations?: boolean;
  readonly planId?: string;
  readonly refreshTokenId?: string;
  readonly traceId?: string;
  /** Fields this version does not know, as they came; none where they are more than 16 KiB. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Field of `TokenSet` → name in the answer; the camelCase twin of a name is read as well. */
const STRINGS = {
  accessToken: "access_token",
  refreshToken: "refresh_token",
  tokenType: "token_type",
  companyId: "companyId",
  locationId: "locationId",
  userId: "userId",
  planId: "planId",
  refreshTokenId: "refreshTokenId",
  traceId: "traceId",
} as const;
const FLAGS = ["isBulkInstallation", "installToFutureLocations", "approveAllLocations"] as const;
const OTHER = ["expires_in", "scope", "userType", "approvedLocations"];

/** Life that is assumed when the answer gives none, or one that cannot be; HighLevel's is 86399 s (observed 2026-08). */
const DEFAULT_LIFE_S = 86_399;
const MAX_LIFE_S = 30 * 86_400;
/** A shorter lifetime counts as this one, seconds: otherwise each call would need a renewal. A token that ends earlier is renewed when the API refuses it. */
const MIN_LIFE_S = 60;
/** Longest token that is taken for one, UTF-16 code units: servers refuse longer headers. HighLevel's have about 1,000 (observed 2026-08). */
const MAX_TOKEN_LENGTH = 16_384;
/** Printable ASCII (RFC 6749, appendix A.12 and A.17). A space or a line break in an access token is a header that cannot be sent. */
const ACCESS_TOKEN = /^[!-~]+$/;
const REFRESH_TOKEN = /^[ -~]+$/;
/** Most JSON text of unknown fields that is kept: what an answer drags along must not make the record too large to store. */
const MAX_EXTRA_LENGTH = 16_384;

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isToken(text: string, pattern: RegExp): boolean {
  return text.length <= MAX_TOKEN_LENGTH && pattern.test(text);
}

/** Lifetime of the token in milliseconds, whatever the answer says. */
function lifeMs(expiresIn: unknown): number {
  const lifeS = typeof expiresIn === "number" || typeof expiresIn === "string" ? Number(expiresIn) : 0;
  return (lifeS > 0 && lifeS <= MAX_LIFE_S ? Math.max(MIN_LIFE_S, lifeS) : DEFAULT_LIFE_S) * 1_000;
}

/** Nested deeper than the stack reaches, it could not be stored either. */
function isStorable(extra: object): boolean {
  try {
    return JSON.stringify(extra).length <= MAX_EXTRA_LENGTH;
  } catch {
    return false;
  }
}

function textList(value: unknown): string[] {
  if (typeof value === "string") return value.split(/[\s,]+/).filter((part) => part !== "");
  return Array.isArray(value) ? value.filter((part): part is string => typeof part === "string") : [];
}

/**
 * Reads an answer of the token endpoints, snake_case or camelCase (HighLevel's documents and its pages differ).
 *
 * @param body - The parsed JSON body of a 2xx answer
 * @param obtainedAtMs - When the request was sent, Unix milliseconds. The lifetime counts from then, so that it never seems longer.
 * @returns The tokens; `undefined` when the access token is missing or cannot be sent, as in a cut or foreign answer
 * @example
 * ```ts
 * import { parseTokenSet } from "@ghl-edge/oauth";
 *
 * const set = parseTokenSet({ access_token: "access", expires_in: 86_399 }, Date.now());
 * console.log(set?.expiresAtMs);
 * ```
 */
export function parseTokenSet(body: unknown, obtainedAtMs: number): TokenSet | undefined {
  if (!isObject(body)) return undefined;
  const known = new Set<string>();
  const field = (name: string): unknown => {
    const names = [name, camelCase(name), snakeCase(name)];
    for (const each of names) known.add(each);
    return names.map((each) => body[each]).find((value) => value !== undefined && value !== null);
  };
  const texts: Record<string, string> = {};
  for (const [member, name] of Object.entries(STRINGS)) {
    const value = field(name);
    if (typeof value === "string" && value !== "") texts[member] = value;
  }
  const { accessToken, tokenType = "Bearer", ...rest } = texts;
  if (accessToken === undefined || !isToken(accessToken, ACCESS_TOKEN)) return undefined;
  if (texts.refreshToken !== undefined && !isToken(texts.refreshToken, REFRESH_TOKEN)) return undefined;
  const [expiresIn, scope, userType, approved] = OTHER.map(field);
  const flags = FLAGS.flatMap((name) => {
    const value = field(name);
    return typeof value === "boolean" ? [[name, value] as const] : [];
  });
  const extra = Object.fromEntries(Object.entries(body).filter(([name]) => !known.has(name)));
  return {
    accessToken,
    tokenType,
    ...rest,
    obtainedAtMs,
    expiresAtMs: obtainedAtMs + lifeMs(expiresIn),
    scopes: textList(scope),
    ...(userType === "Company" || userType === "Location" ? { userType } : {}),
    ...(approved === undefined ? {} : { approvedLocations: textList(approved) }),
    ...Object.fromEntries(flags),
    extra: isStorable(extra) ? extra : {},
  };
}

/**
 * Reads when HighLevel says it issued a token: the `iat` claim of the JWT. It is a hint about HighLevel's clock; the signature
 * cannot be checked, for HighLevel publishes no key.
 *
 * @param accessToken - The access token
 * @returns Unix milliseconds; `undefined` when the token is not a JWT with the claim
 * @example
 * ```ts
 * import { issuedAtMs } from "@ghl-edge/oauth";
 *
 * export const ageMs = (accessToken: string): number => Date.now() - (issuedAtMs(accessToken) ?? Date.now());
 * ```
 */
export function issuedAtMs(accessToken: string): number | undefined {
  try {
    const payload = new TextDecoder().decode(fromBase64Url(accessToken.split(".")[1]!));
    const { iat } = JSON.parse(payload) as { iat?: unknown };
    return typeof iat === "number" && Number.isFinite(iat) ? iat * 1_000 : undefined;
  } catch {
    return undefined;
  }
}

/** An `iat` that is further than this from the exchange is a mistake: believed, it would outlive every later installation. */
const MAX_ISSUE_SKEW_MS = 86_400_000;

/**
 * Returns when HighLevel made the tokens of a code: the `iat` claim, or the time of the request where the claim is missing or more
 * than a day away from it.
 *
 * @param tokens - The tokens of an exchange
 * @returns Unix milliseconds, in whole seconds
 * @example
 * ```ts
 * import { exchangedAtMs, type TokenSet } from "@ghl-edge/oauth";
 *
 * export const isNewer = (one: TokenSet, other: TokenSet): boolean => exchangedAtMs(one) > exchangedAtMs(other);
 * ```
 */
export function exchangedAtMs({ accessToken, obtainedAtMs }: Pick<TokenSet, "accessToken" | "obtainedAtMs">): number {
  const atMs = issuedAtMs(accessToken) ?? obtainedAtMs;
  if (Math.abs(atMs - obtainedAtMs) <= MAX_ISSUE_SKEW_MS) return atMs;
  // In whole seconds, as the claim of the next token is: an exchange in the same second is not an older one.
  return Math.floor(obtainedAtMs / 1_000) * 1_000;
}

/**
 * Returns whether tokens are of another tenant than the requested one: they must never be stored under its name. An answer need not
 * name its tenant.
 *
 * @param tokens - The tokens of an answer
 * @param resource - The location or company of the request
 * @returns Whether the answer names another tenant
 * @example
 * ```ts
 * import { isTokenOfAnotherResource } from "@ghl-edge/oauth";
 *
 * const resource = { kind: "location", id: "ve9EPM428h8vShlRW1KT" } as const;
 * console.log(isTokenOfAnotherResource({ userType: "Location", locationId: "another" }, resource)); // true
 * ```
 */
export function isTokenOfAnotherResource(
  { userType, locationId, companyId }: Pick<TokenSet, "userType" | "locationId" | "companyId">,
  { kind, id }: Resource,
): boolean {
  if (userType !== undefined && userType !== (kind === "company" ? "Company" : "Location")) return true;
  const named = kind === "company" ? companyId : locationId;
  return named !== undefined && named !== id;
}

/**
 * Returns the first 64 bits of the SHA-256 of a secret. It distinguishes secrets and reveals none.
 *
 * @param secret - The secret
 * @returns 16 hexadecimal digits
 * @example
 * ```ts
 * import { fingerprint } from "@ghl-edge/oauth";
 *
 * console.log(await fingerprint("a refresh token"));
 * ```
 */
export async function fingerprint(secret: string): Promise<string> {
  return toHex((await sha256(secret)).subarray(0, 8));
}
