import type { GrantState, RotationStatus, TokenSet } from "@ghl-edge/oauth";
import type { RecordName, Tenant } from "../grants/token-record.ts";
import type { AcceptedTokenTypes, TokenReply } from "../grants/token-reply.ts";

/** HighLevel refuses the newest private integration token, and there is no other one. Holds no token. */
export interface PrivateRefusal {
  readonly code: string;
  readonly atMs: number;
  /** When it was given for a call after the last refusal. */
  readonly givenAtMs?: number | undefined;
}

export interface TokenRequest extends Tenant {
  readonly acceptedTokenTypes: AcceptedTokenTypes;
  /** HighLevel has refused this one as invalid or expired: another one is wanted. */
  readonly rejectedToken?: string | undefined;
}

/** A signed event of the app's lifecycle, or what HighLevel's own answer says of it. */
export interface InstallationChange extends Tenant {
  /** HighLevel's time. */
  readonly atMs: number;
  /** The company of a location, where it is known. */
  readonly companyId?: string | undefined;
  /** HighLevel has signed it about this very resource. Else the company says so, or an operator, whose time is of our clock. */
  readonly signed?: boolean;
  /** An uninstall removes the private integration token as well; HighLevel's own UNINSTALL leaves it. */
  readonly forgetsAll?: boolean | undefined;
}

/** An installation that waits for its approval. */
export interface PendingInstallation {
  readonly obtainedAtMs: number;
  readonly companyId: string | undefined;
  readonly scopes: readonly string[];
}

/** State of an installation, without a token. */
export interface InstallationStatus {
  readonly grant: GrantState | undefined;
  readonly derived: GrantState | undefined;
  readonly privateIntegration: RotationStatus | undefined;
  /** HighLevel refuses the private integration token, and there is no other one. */
  readonly privateRefusal?: PrivateRefusal | undefined;
  readonly pendingApproval: PendingInstallation | undefined;
  /** Records whose secrets do not open, because their key is gone. They count as absent. */
  readonly unreadable: readonly RecordName[];
}

/** The key of `TOKEN_KEYS` that seals the secrets of an object. */
export interface KeyUse {
  readonly keyId: string;
  /** False: the key is not configured, or is another one under the same id. */
  readonly readable: boolean;
}

/** One per app and resource: all its secrets, and the lock around them. */
export interface TokenGrantApi {
  /**
   * Makes the tokens of a code exchange the grant, and resolves when they are durable. Resolves with false, and does nothing, when a newer
   * exchange is stored or an uninstall came after this one.
   */
  installTokens(tenant: Tenant, tokens: TokenSet): Promise<boolean>;
  /**
   * Stores the tokens of a code that came without a state of ours, until they are approved: by a signed INSTALL of about the same time,
   * or by `approve`. A newer installation or an UNINSTALL makes them void. Resolves with true when they are installed at once, because an
   * INSTALL has already approved them.
   */
  storeForApproval(tenant: Tenant, tokens: TokenSet): Promise<boolean>;
  /** An operator approves the pending installation. False: there is nothing. */
  approve(tenant: Tenant): Promise<boolean>;
  /** Tries renewal now where it is in trouble; resolves when it has ended. False: nothing is wrong. */
  retry(): Promise<boolean>;
  /** Applies an INSTALL, which may come before the code, twice, or late. */
  applyInstallEvent(event: InstallationChange): Promise<void>;
  /** Applies an UNINSTALL. One with a `companyId` is the company's, which ends the token derived from it and no other. */
  applyUninstallEvent(event: InstallationChange): Promise<void>;
  storePrivateToken(tenant: Tenant, token: string, createdAtMs?: number): Promise<RotationStatus>;
  /** Returns a token that is good for one call, renewed first where needed; one renewal serves all callers. */
  accessToken(request: TokenRequest): Promise<TokenReply>;
  /** Returns a company's token to mint a location's with. The location is notified of the company's end. */
  mintingToken(request: TokenRequest, locationId: string): Promise<TokenReply>;
  status(): Promise<InstallationStatus>;
  /** Returns the key that seals the object's secrets, after they were sealed by the active one where they open. Undefined: it stores none. */
  keyUse(): Promise<KeyUse | undefined>;
  /** Ids of the locations that a company serves, in order, after `afterId`. */
  servedLocations(afterId: string, limit: number): Promise<readonly string[]>;
}
