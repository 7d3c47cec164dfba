import type { OperationTable } from "./operation-table.ts";

/**
 * What a generated module exports as a value: its operation table, typed with members that exist for the compiler
 * only, so that `use` finds the method types by an indexed access instead of computing them.
 */
export interface ApiModule extends OperationTable {
  /** Methods for a client that knows no tenant. Not there at run time. */
  readonly unbound: unknown;
  /** Methods for a handle bound to a location. Not there at run time. */
  readonly location: unknown;
  /** Methods for a handle bound to a company. Not there at run time. */
  readonly company: unknown;
}
