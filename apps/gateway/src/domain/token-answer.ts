import { isResourceId, type Resource } from "./resource.ts";

/** What a whole 2xx of the token endpoint gave us. */
export interface GrantedTokens {
  /** Absent when a refresh does not repeat whose token it is. */
  readonly resource: Resource | undefined;
  readonly companyId: string | undefined;
  readonly accessToken: string;
  /** Absent in some answers: the old one stays. */
  readonly refreshToken: string | undefined;
  readonly lifetimeMs: number;
  readonly scopes: readonly string[];
}

/** HighLevel's answers say 86,399 s; used where one carries no `expires_in`. */
const DEFAULT_LIFETIME_S = 86_399;

type Fields = Readonly<Record<string, unknown>>;

function textField(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

/** `userType` decides; without it, a `locationId` does (platform facts, section 2.2). */
function resourceOf(fields: Fields, companyId: string | undefined): Resource | undefined {
  const locationId = textField(fields, "locationId", "location_id");
  const userType = textField(fields, "userType", "user_type");
  const kind = userType === undefined ? (locationId === undefined ? "company" : "location") : userType.toLowerCase();
  const id = kind === "location" ? locationId : companyId;
  if ((kind !== "location" && kind !== "company") || id === undefined || !isResourceId(id)) return undefined;
  return { kind, id };
}

/**
 * Reads a token answer in either casing: the v2 document and the live page are snake_case, the v3 document camelCase.
 * Undefined when it holds no access token.
 */
export function readTokenAnswer(answer: unknown): GrantedTokens | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const fields = answer as Fields;
  const accessToken = textField(fields, "access_token", "accessToken");
  const companyId = textField(fields, "companyId", "company_id");
  if (accessToken === undefined) return undefined;
  const lifetimeS = Number(fields.expires_in ?? fields.expiresIn ?? DEFAULT_LIFETIME_S);
  return {
    resource: resourceOf(fields, companyId),
    companyId,
    accessToken,
    refreshToken: textField(fields, "refresh_token", "refreshToken"),
    lifetimeMs: (Number.isFinite(lifetimeS) && lifetimeS > 0 ? lifetimeS : DEFAULT_LIFETIME_S) * 1000,
    scopes: (textField(fields, "scope") ?? "").split(" ").filter((scope) => scope !== ""),
  };
}
