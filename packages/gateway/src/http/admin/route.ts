import type { Role } from "../../domain/administration-model.ts";
import type { Administration } from "../../services/administration/administration.ts";
import type { AdminContext } from "./input.ts";
import type { parameters } from "./parameters.ts";

/** One route of the admin API: what is served and what is documented are the same row. */
export interface AdminRoute {
  readonly method: "get" | "post" | "put" | "delete";
  /** As OpenAPI writes it: `/admin/api-keys/{id}`. Its parameters are texts. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  /** What an operator needs. */
  readonly role: Role;
  readonly query?: readonly (keyof typeof parameters)[];
  /** Names in `schemas`. */
  readonly body?: string;
  readonly status: 200 | 201 | 202 | 204;
  readonly answer?: string;
  handle(admin: Administration, c: AdminContext): Promise<unknown>;
}
