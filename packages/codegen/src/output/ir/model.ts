import type { Json, JsonObject } from "../../json/json.ts";

/**
 * Model of a module for the emitters, with every choice already made. It does not depend on how a document is written. So
 * an emitter never reads an OpenAPI document, and the builder never reads TypeScript.
 */

/** A JSON Schema as OpenAPI 3.1 has it; references point to `#/components/schemas/…` of the same module. */
export type Schema = JsonObject | boolean;

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "QUERY";

export interface Module {
  /** Name in the import path: `contacts`. */
  readonly name: string;
  /** API generation as in the import path: `v3`; `""` for a document that is not HighLevel's. */
  readonly api: string;
  /** Name of the interface and of the table: `Contacts`. */
  readonly typeName: string;
  /** The document this came from, as the banner of generated files names it. */
  readonly source: string;
  /** Default base URL of calls. It is undefined for HighLevel's modules, and where no absolute URL is named. */
  readonly server: string | undefined;
  /** Tenants, versions and token types mean something in this module. */
  readonly highLevel: boolean;
  readonly operations: readonly Operation[];
  /** Operations that the API calls at its user; types only. */
  readonly webhooks: readonly Operation[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

export interface Operation {
  /** Key in the `operations` interface: the operationId, or the method name where there is none. */
  readonly id: string;
  /** Name of the method. */
  readonly name: string;
  readonly method: HttpMethod;
  readonly path: string;
  /** Where it goes, when that is not the module's server. */
  readonly server: string | undefined;
  readonly parameters: readonly Parameter[];
  readonly body: Body | undefined;
  readonly responses: readonly Response[];
  readonly answer: Answer;
  /** Media types to ask for; empty where the document names none. */
  readonly accepts: readonly string[];
  /** One letter per token type (`lLcC`), `""` anonymous, `"?"` unknown. */
  readonly tokens: string;
  readonly scopes: readonly string[];
  /** `Version` header; `""` where the document declares none. */
  readonly version: string;
  readonly tenant: Tenant;
  readonly pagination: Pagination | undefined;
  readonly deprecated: boolean;
}

export type ParameterStyle =
  | "form"
  | "simple"
  | "label"
  | "matrix"
  | "spaceDelimited"
  | "pipeDelimited"
  | "deepObject"
  | "json";

/** Encoding of a value, where it differs from the default of its position. */
export interface Notation {
  readonly style?: ParameterStyle;
  readonly explode?: boolean;
  readonly reserved?: true;
}

export interface Parameter {
  /** Name on the wire. */
  readonly name: string;
  /** Name among the parameters of the method: another one only where a parameter of another location, or the body, has it. */
  readonly member: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly required: boolean;
  readonly deprecated: boolean;
  readonly schema: Schema;
  /** An array written as one comma-separated value. */
  readonly comma: boolean;
  readonly notation: Notation;
}

export interface Media {
  readonly type: string;
  readonly schema: Schema;
}

export interface Body {
  readonly required: boolean;
  /** Encoding in the client: `j` JSON, `f` form, `m` multipart, `r` unchanged. */
  readonly encoding: "j" | "f" | "m" | "r";
  /** Media types that it is sent as: the chosen one, or every documented one for a body that is sent unchanged. */
  readonly types: readonly string[];
  /** Fields of a form that are not written the usual way. */
  readonly fields: Readonly<Record<string, Notation & { readonly type?: string }>>;
  /** The media type that named methods send. */
  readonly chosen: Media;
  /** Every media type, for the raw paths. */
  readonly media: readonly Media[];
}

export interface Response {
  readonly status: string;
  readonly media: readonly Media[];
}

export type Answer =
  /** One or more JSON answers; `empty` when a success without content is documented beside them. */
  | {
      readonly kind: "json";
      readonly of: readonly { status: string; media: Media }[];
      readonly empty: boolean;
      /** Other kinds of success. The media type of the answer identifies them. */
      readonly others: readonly ("blob" | "events")[];
    }
  | { readonly kind: "binary" }
  /** An event stream, perhaps something else as well. */
  | { readonly kind: "events"; readonly blob: boolean }
  /** A HEAD: its answer has headers alone. */
  | { readonly kind: "headers" }
  | { readonly kind: "void" }
  | { readonly kind: "unknown" };

export type TenantField = "locationId" | "location_id" | "companyId" | "altId" | "altType";
/** Path, query, body; a capital is a field the operation can do without. */
export type TenantPosition = "p" | "q" | "b" | "Q" | "B";

export interface Tenant {
  /** Every tenant field of the operation and where it is written. */
  readonly fields: Readonly<Partial<Record<TenantField, TenantPosition>>>;
  /** Members of `Tenancy` that the parameters take their required tenant fields from. */
  readonly params: readonly TenancyMember[];
  /** The same for the body. */
  readonly body: readonly TenancyMember[];
}

/** A member of the client's `Tenancy`, with the fields it stands for. */
export type TenancyMember = "location" | "locationSnake" | "alt" | "altId" | "company";

export interface Pagination {
  readonly strategy: "offset" | "page" | "cursor";
  readonly param: string | undefined;
  readonly cursor: Readonly<Record<string, string>> | undefined;
  readonly first: number | undefined;
  readonly total: string | undefined;
  readonly more: string | undefined;
  readonly inBody: boolean;
  readonly strings: boolean;
  /** Path of the item array in the answer, `""` when the answer is the array. */
  readonly items: string;
  readonly item: ItemType;
}

/** Type of one item of a list. */
export type ItemType = { readonly kind: "schema"; readonly schema: Schema } | { readonly kind: "unknown" };

export type { Json };
