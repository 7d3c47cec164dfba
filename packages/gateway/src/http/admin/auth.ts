import { sha256 } from "@ghl-edge/core";
import { findByHash, presentedKey } from "../../domain/access/api-key.ts";
import type { Role } from "../../domain/administration-model.ts";
import { GatewayError } from "../../platform/errors.ts";
import type { Services } from "../../services/services.ts";
import type { AccessVerifier } from "./access.ts";

/** The operator, or the admin key, that a request comes from. */
export interface Actor {
  /** Its name in the audit. */
  readonly name: string;
  readonly role: Role;
}

export interface AuthContext extends Pick<Services, "config" | "directory"> {
  /** The header of Access is ignored where this is undefined, because Access is not configured. */
  readonly access: AccessVerifier | undefined;
  /** Origin of the gateway. */
  readonly origin: string;
}

const ACCESS_HEADER = "cf-access-jwt-assertion";

async function byKey(headers: Headers, { config }: AuthContext): Promise<Actor | undefined> {
  const presented = presentedKey(headers);
  if (presented === undefined) return undefined;
  const key = findByHash(config.admin.keys, await sha256(presented));
  return key && { name: `admin-key:${key.name}`, role: "admin" };
}

async function byAccess(headers: Headers, context: AuthContext): Promise<Actor | undefined> {
  const { config, directory, access, origin } = context;
  const token = headers.get(ACCESS_HEADER);
  if (access === undefined || token === null) return undefined;
  // Access lets a browser in by a cookie, whichever page sends the request. With every POST a browser names the page in `origin`.
  if ((headers.get("origin") ?? origin) !== origin) return undefined;
  const name = await access(token);
  if (name === undefined) return undefined;
  const role = (await directory.operators.find(name))?.role ?? config.admin.access?.defaultRole;
  if (role === undefined) throw new GatewayError({ kind: "admin_forbidden", needs: "viewer or admin" });
  return { name: `access:${name}`, role };
}

/** @throws {GatewayError} `admin_disabled`, `admin_unauthenticated` or `admin_forbidden` when the caller must not be let in */
export async function authenticate(headers: Headers, context: AuthContext): Promise<Actor> {
  const { keys, access } = context.config.admin;
  if (keys.length === 0 && access === undefined) throw new GatewayError({ kind: "admin_disabled" });
  const actor = (await byKey(headers, context)) ?? (await byAccess(headers, context));
  if (actor === undefined) throw new GatewayError({ kind: "admin_unauthenticated" });
  return actor;
}
