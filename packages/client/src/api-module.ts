import type { OperationTable } from "./operation-table.ts";

/**
 * Value that a generated module exports: its operation table. The three extra members exist for the compiler only. With them
 * `use` finds the method types by an indexed access instead of computing them.
 */
export interface ApiModule extends OperationTable {
  /** Methods for a client without a tenant. It does not exist at run time. */
  readonly unbound: unknown;
  /** Methods for a handle bound to a location. It does not exist at run time. */
  readonly location: unknown;
  /** Methods for a handle bound to a company. It does not exist at run time. */
  readonly company: unknown;
}
