/**
 * The contract between the generator and the client core: what a generated module carries at run time.
 * Field names are one letter because every byte of a table is shipped to the user's bundle.
 */

/** HTTP method, upper case. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * Token kinds an operation accepts, one letter each:
 * `l` location (sub-account) OAuth token, `L` sub-account private integration token,
 * `c` company (agency) OAuth token, `C` agency private integration token.
 * `""` is an anonymous operation, `"?"` one whose document does not say.
 */
export type TokenKinds = string;

/**
 * Where a tenant field of an operation is written: path, query or body. A capital is a field the operation can do
 * without: filled in from a bound handle, but never demanded.
 */
export type TenantPlace = "p" | "q" | "b" | "Q" | "B";

/** Names of fields that identify the tenant of a call, with the place each is written. */
export type TenantFields = Readonly<
  Partial<Record<"locationId" | "location_id" | "companyId" | "altId" | "altType", TenantPlace>>
>;

/** How a list operation is paged. Paths are dot-separated; `$last` is the last item of the page. */
export interface PaginationRow {
  /** `offset`: a number that grows by the items seen; `page`: a page number; `cursor`: values taken from the answer. */
  readonly s: "offset" | "page" | "cursor";
  /** Path of the item array in the answer; `""` when the answer itself is the array. */
  readonly i: string;
  /** Request field that moves: the offset, or the page number. Absent for `cursor`. */
  readonly f?: string;
  /** `cursor` only: request field → path in the answer (or `$last.…`) its next value comes from. */
  readonly c?: Readonly<Record<string, string>>;
  /** Request field with the page size. */
  readonly z?: string;
  /** Page number of the first page when it is not 1. */
  readonly o?: number;
  /** Path in the answer of the total number of items. */
  readonly t?: string;
  /** Path in the answer of a "there is more" value: a boolean, or a non-empty next value. */
  readonly m?: string;
  /** `b`: the request fields are in the JSON body, not in the query. */
  readonly w?: "b";
  /** `s`: the document types the moving field and the page size as strings. */
  readonly n?: "s";
}

/** One operation. Absent fields have the default named beside them. */
export interface OperationRow {
  /** Default `GET`. */
  readonly m?: HttpMethod;
  /** Path template, literal trailing slash kept. */
  readonly p: string;
  /** `Version` header; default: the table's; `""`: the operation is called without one. */
  readonly v?: string;
  /** Default: the table's. */
  readonly k?: TokenKinds;
  /** Scopes, any of which is enough; default none known. */
  readonly s?: readonly string[];
  /** Default none. */
  readonly t?: TenantFields;
  /** Request body: `j` JSON, `f` form, `m` multipart; default: no body. */
  readonly b?: "j" | "f" | "m";
  /** `b`: the answer is binary; default JSON. */
  readonly r?: "b";
  /** Array query parameters written as one comma-separated value; default: repeated. */
  readonly x?: readonly string[];
  /** Default: not paginated. */
  readonly g?: PaginationRow;
}

/** Everything the core needs to know of one module. */
export interface OperationTable {
  /** Module name as in the import path, e.g. `contacts`. */
  readonly module: string;
  /** API generation as in the import path, e.g. `v3`. */
  readonly api: string;
  /** `Version` header of operations without their own. */
  readonly version: string;
  /** Token kinds of operations without their own. */
  readonly tokens: TokenKinds;
  /** Method name → row. */
  readonly operations: Readonly<Record<string, OperationRow>>;
}
