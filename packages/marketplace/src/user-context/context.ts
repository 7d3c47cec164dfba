/**
 * The user who views your page.
 *
 * @see https://marketplace.gohighlevel.com/docs/other/user-context-marketplace-apps/index.html (read 2026-11-21)
 */
export interface UserContext {
  readonly userId: string;
  readonly companyId: string;
  /** `admin` or `user`. HighLevel may add roles, so compare with the required one. */
  readonly role: "admin" | "user" | (string & {});
  /** Type of user. An `agency` user may be inside a sub-account. HighLevel may add types. */
  readonly type: "agency" | "location" | (string & {});
  /** The sub-account in which the page is shown; absent in the agency's own view. */
  readonly activeLocation?: string;
  readonly userName: string;
  readonly email: string;
  /** Whether the user owns the agency. Observed but not documented. */
  readonly isAgencyOwner?: boolean;
}

/** Reads the documented fields of a user context. Returns undefined when one is missing or has another type. */
export function readUserContext(value: unknown): UserContext | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { userId, companyId, role, type, activeLocation, userName, email, isAgencyOwner } = value as Partial<
    Record<string, unknown>
  >;
  const named = (text: unknown): text is string => typeof text === "string" && text !== "";
  if (!named(userId) || !named(companyId) || !named(role) || !named(type)) return undefined;
  if (typeof userName !== "string" || typeof email !== "string") return undefined;
  const location = activeLocation ?? "";
  if (typeof location !== "string") return undefined;
  return {
    userId,
    companyId,
    role,
    type,
    ...(location === "" ? {} : { activeLocation: location }),
    userName,
    email,
    ...(typeof isAgencyOwner === "boolean" ? { isAgencyOwner } : {}),
  };
}
