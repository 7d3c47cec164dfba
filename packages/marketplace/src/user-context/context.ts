/**
 * Who is looking at your page.
 *
 * @see https://marketplace.gohighlevel.com/docs/other/user-context-marketplace-apps/index.html (read 2026-11-21)
 */
export interface UserContext {
  readonly userId: string;
  readonly companyId: string;
  /** `admin`, `user`; another text where HighLevel adds a role: compare with the one you want. */
  readonly role: "admin" | "user" | (string & {});
  /** The kind of user; an `agency` user may be inside a sub-account. Another text where HighLevel adds a kind. */
  readonly type: "agency" | "location" | (string & {});
  /** The sub-account the page is shown in; absent in the agency's own view. */
  readonly activeLocation?: string;
  readonly userName: string;
  readonly email: string;
  /** Seen, not documented. */
  readonly isAgencyOwner?: boolean;
}

/** A user context with what is documented of it; undefined where something documented is missing or of another type. */
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
