import type { CallContext } from "./errors/errors.ts";

/** Content that `fetch` can send more than once. */
export type BodyContent = string | FormData | URLSearchParams | Blob | ArrayBuffer;

/**
 * Encodes a body. Throws for a value that the encoding cannot hold.
 *
 * @param tenant - Fields to add to the body
 */
export type EncodeBody = (
  body: unknown,
  tenant: Readonly<Record<string, unknown>> | undefined,
  context: CallContext,
) => BodyContent;

/** Makes the encoder of a form: `f` URL-encoded, `m` multipart. */
export type FormEncoder = (kind: OperationRow["b"]) => EncodeBody;

/**
 * The rest of this file is the contract between the generator and the client: the run-time data of a generated module.
 * Field names have one letter, because every byte of a table is part of the user's bundle.
 */

/** HTTP method, upper case. HighLevel uses the first five; `fetch` refuses TRACE. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "QUERY";

/**
 * Token types that an operation accepts, one letter each:
 * `l` location (sub-account) OAuth token, `L` sub-account private integration token,
 * `c` company (agency) OAuth token, `C` agency private integration token.
 * `""` means an anonymous operation, `"?"` an operation whose document does not list them.
 */
export type AcceptedTokenTypes = string;

/**
 * Location of a tenant field: path, query or body. A capital letter marks an optional field: a bound handle fills it in,
 * but it is never required.
 */
export type TenantFieldLocation = "p" | "q" | "b" | "Q" | "B";

/** Names of the fields that identify the tenant of a call, with the location of each. */
export type TenantFields = Readonly<
  Partial<Record<"locationId" | "location_id" | "companyId" | "altId" | "altType", TenantFieldLocation>>
>;

/** Pagination of a list operation. Paths are dot-separated; `$last` is the last item of the page. */
export interface PaginationRow {
  /** `offset`: a number that grows by the items seen; `page`: a page number; `cursor`: values taken from the answer. */
  readonly s: "offset" | "page" | "cursor";
  /** Path of the item array in the answer; `""` when the answer itself is the array. */
  readonly i: string;
  /** Request field that moves: the offset, or the page number. Absent for `cursor`. */
  readonly f?: string;
  /** `cursor` only: request field → path in the answer (or `$last.…`) its next value comes from. */
  readonly c?: Readonly<Record<string, string>>;
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

/** Style of a parameter: those of OpenAPI, and `json` for a parameter with a media type instead of a style. */
export type ParameterStyle =
  | "form"
  | "simple"
  | "label"
  | "matrix"
  | "spaceDelimited"
  | "pipeDelimited"
  | "deepObject"
  | "json";

/** A parameter of an operation of another API. */
export interface ParameterRow {
  /** Name on the wire. */
  readonly n: string;
  /** Path, header, cookie; default: query. */
  readonly i?: "p" | "h" | "c";
  /** Member of the method's parameters, where another parameter or the body has the name; default: the name. */
  readonly a?: string;
  /** Default: `form` in query and cookie, `simple` in path and header. */
  readonly s?: ParameterStyle;
  /** Whether a list or an object is taken apart; default: true for `form`, else false. */
  readonly e?: boolean;
  /** Reserved characters are sent as they are; default false. */
  readonly r?: true;
}

/** Encoding of one form field of another API. */
export interface EncodingRow {
  readonly s?: ParameterStyle;
  readonly e?: boolean;
  readonly r?: true;
  /** Media type of the field. */
  readonly t?: string;
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
  readonly k?: AcceptedTokenTypes;
  /** Scopes, any of which is enough; default none known. */
  readonly s?: readonly string[];
  /** Default none. */
  readonly t?: TenantFields;
  /** Request body: `j` JSON, `f` form, `m` multipart, `r` as it is given (other APIs only); default: no body. */
  readonly b?: "j" | "f" | "m" | "r";
  /**
   * The answer; default JSON. `b` binary, `n` JSON or nothing. Other APIs only: `c` depends on its media type, `e` an event
   * stream, `h` headers without a body, `u` not documented.
   */
  readonly r?: "b" | "n" | "c" | "e" | "h" | "u";
  /** Array query parameters written as one comma-separated value; default: repeated. */
  readonly x?: readonly string[];
  /** Default: not paginated. */
  readonly g?: PaginationRow;
  /** Other APIs only: every parameter. */
  readonly a?: readonly ParameterRow[];
  /** Other APIs only: media type of the request body; several, separated by commas, or a range: the caller says which. */
  readonly y?: string;
  /** Other APIs only: fields of the form that are not written the usual way. */
  readonly e?: Readonly<Record<string, EncodingRow>>;
  /** Other APIs only: `Accept`; default `application/json`. */
  readonly o?: string;
  /** Other APIs only: server of the operation, where it is not the module's. */
  readonly h?: string;
}

/** Run-time data of one module. */
export interface OperationTable {
  /** Module name as in the import path, e.g. `contacts`. */
  readonly module: string;
  /** HighLevel's API generation as in the import path, e.g. `v3`; `""` for a module of another API. */
  readonly api: string;
  /** Base URL of another API without `baseUrl`. Absent if its document names no absolute URL. */
  readonly server?: string;
  /** Makes the methods of another API: `openApi` of `@ghl-edge/client/openapi`; absent: as HighLevel's. */
  readonly methodsOf?: (core: never, bound: never, table: never) => object;
  /** Encodes forms: `encodeForm` of `@ghl-edge/client`; only where an operation has a form (`b` is `f` or `m`). */
  readonly encodeForm?: FormEncoder;
  /** `Version` header of operations without their own. */
  readonly version: string;
  /** Token types of operations without their own. */
  readonly tokens: AcceptedTokenTypes;
  /** Method name → row. */
  readonly operations: Readonly<Record<string, OperationRow>>;
}
