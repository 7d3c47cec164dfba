import type { Resource } from "@ghl-edge/core";
import type { Access } from "../administration-model.ts";

/** A caller of `/api` and its rights. */
export interface Caller {
  /** Name of a configured key, id of a key of the directory, or name of a binding. */
  readonly name: string;
  /** App whose installations it may use. */
  readonly app: string;
  readonly access: Access;
  /** Null: every installation of the app. */
  readonly resources: readonly Resource[] | null;
}

/** A key for a company does not open the company's locations. Each location has to be named. */
export function mayUseResource({ resources }: Caller, { kind, id }: Resource): boolean {
  return resources === null || resources.some((resource) => resource.kind === kind && resource.id === id);
}

/** Searches of HighLevel are POST requests. Their scopes say that they change nothing. */
export function isReadOnly(method: string, scopes: readonly string[]): boolean {
  if (method === "GET" || method === "HEAD") return true;
  return scopes.length > 0 && scopes.every((scope) => scope.endsWith(".readonly"));
}
