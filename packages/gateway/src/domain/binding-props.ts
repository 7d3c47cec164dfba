import type { Role } from "./administration-model.ts";
import type { Caller } from "./caller.ts";
import { isResourceId, type Resource } from "./resource.ts";

/**
 * `props` of a service binding to the entrypoint `Gateway`: what the Worker behind it may do. All of it is optional, and
 * what is not there is not allowed, but for `access` (`read`) and `resources` (every one of the app).
 */
export interface BindingProps {
  /** For logs, the audit and fair turns: name of the Worker. */
  readonly name?: string;
  /** App whose installations it may call. */
  readonly app?: string;
  readonly access?: "read" | "write";
  /** `location:<id>` or `company:<id>`. */
  readonly resources?: readonly string[];
  /** What it may do of the admin API. */
  readonly admin?: Role;
}

export interface BindingRights {
  readonly name: string;
  readonly caller: Caller | undefined;
  readonly role: Role | undefined;
}

function readResource(text: unknown): Resource | undefined {
  const [, kind, id] = /^(location|company):(.+)$/.exec(String(text)) ?? [];
  return id !== undefined && isResourceId(id) ? { kind: kind === "company" ? "company" : "location", id } : undefined;
}

/** A restriction that cannot be read allows nothing, rather than everything. */
function readResources(value: unknown): readonly Resource[] | null {
  if (value === undefined) return null;
  return Array.isArray(value) ? value.flatMap((text) => readResource(text) ?? []) : [];
}

/** Props are configuration of another Worker, by hand: nothing about them is certain. */
export function readBindingProps(props: unknown): BindingRights {
  const fields = (typeof props === "object" && props !== null ? props : {}) as Readonly<Record<string, unknown>>;
  const name = `binding:${typeof fields.name === "string" && fields.name !== "" ? fields.name : "unnamed"}`;
  const { app, admin } = fields;
  const access = fields.access === "write" ? "write" : "read";
  const caller =
    typeof app === "string" ? { name, app, access, resources: readResources(fields.resources) } : undefined;
  return {
    name,
    caller: caller as Caller | undefined,
    role: admin === "admin" || admin === "viewer" ? admin : undefined,
  };
}
