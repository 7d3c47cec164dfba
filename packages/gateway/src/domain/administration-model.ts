/** The directory's records. Everything here may be shown to an operator: no token, no key, no hash. */
import type { Resource } from "@ghl-edge/core";

/**
 * State that the grant's object reported last. `pending`: there is no working token yet. Either HighLevel has announced the
 * installation, or its tokens wait until a signed INSTALL or an operator approves them.
 */
export type InstallationState =
  | "pending"
  | "active"
  | "suspended"
  | "misconfigured"
  | "reauth_required"
  | "uninstalled";

export const INSTALLATION_STATES: readonly InstallationState[] = [
  "pending",
  "active",
  "suspended",
  "misconfigured",
  "reauth_required",
  "uninstalled",
];

/** Stable code of HighLevel's answer behind it, and when it came. */
export interface InstallationProblem {
  readonly code: string;
  readonly atMs: number;
}

export interface Installation {
  readonly app: string;
  readonly resource: Resource;
  /** Company of a location, where HighLevel named it; of a company, its own id. */
  readonly companyId: string | null;
  readonly state: InstallationState;
  readonly scopes: readonly string[];
  /** The problem of its tokens when its object was queried last; null: none. */
  readonly lastProblem: InstallationProblem | null;
  /** Time of the last installation. */
  readonly installedAtMs: number;
  readonly changedAtMs: number;
}

/** `read`: methods that change nothing, and operations whose scopes say `readonly`. */
export type Access = "read" | "write";

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly app: string;
  readonly access: Access;
  /** Null: every installation of the app. */
  readonly resources: readonly Resource[] | null;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly revokedAtMs: number | null;
}

export type Role = "viewer" | "admin";

export interface Operator {
  /** E-mail address in lower case, or the name of an Access service token. */
  readonly name: string;
  readonly role: Role;
  readonly addedAtMs: number;
  readonly addedBy: string;
}

export interface AuditEntry {
  readonly id: number;
  readonly atMs: number;
  /** `admin-key:<name>`, `access:<name>`, `binding:<name>`, or the route that was used without an operator. */
  readonly actor: string;
  readonly action: string;
  readonly app: string | null;
  readonly target: string;
  readonly requestId: string;
}

/** Names who changed something, and by which request. */
export interface Change {
  readonly actor: string;
  readonly requestId: string;
  readonly nowMs: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** 1 to 200. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}
