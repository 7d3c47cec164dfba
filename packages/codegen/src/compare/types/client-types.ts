/**
 * The client's types that generated modules import, as far as the check needs them. The check must not depend on an
 * installed client. `test/compare/types.test.ts` compares them with the real ones.
 */
export const CLIENT_TYPES = `
export declare const openApi: () => object;
export declare const encodeForm: () => object;
export interface EventStream extends AsyncIterable<{ readonly event: string; readonly data: string }> {
  cancel(): Promise<void>;
}
export interface CallOptions { readonly signal?: unknown }
export interface OperationTable { readonly module: string; readonly methodsOf?: () => object; readonly encodeForm?: () => object }
export interface Paginated<Answer, Item> extends Promise<Answer>, AsyncIterable<Item> {
  items(limits?: object): AsyncGenerator<Item, void, undefined>;
  pages(limits?: object): AsyncGenerator<Answer, void, undefined>;
}
export interface Tenancy { location: object; locationSnake: object; alt: object; altId: object; company: object }
export interface Unbound extends Tenancy {
  location: { locationId: string };
  locationSnake: { location_id: string };
  alt: { altId: string; altType: "location" };
  altId: { altId: string };
  company: { companyId: string };
}
export interface LocationBound extends Tenancy {
  location: { locationId?: string | undefined };
  locationSnake: { location_id?: string | undefined };
  alt: { altId?: string | undefined; altType?: "location" | undefined };
  altId: { altId?: string | undefined };
  company: { companyId: string };
}
export interface CompanyBound extends Tenancy {
  location: { locationId: string };
  locationSnake: { location_id: string };
  alt: { altId: string; altType: "location" };
  altId: { altId: string };
  company: { companyId?: string | undefined };
}
export type TenantArguments<Tenant, Params> = object extends Tenant
  ? [params?: Params, options?: CallOptions]
  : [params: Params, options?: CallOptions];
`;

/** The globals of the web that generated types name; loading all of the DOM would take longer than the check. */
export const WEB_TYPES = `
interface Blob { readonly size: number; text(): Promise<string> }
interface Headers { get(name: string): string | null }
interface FormData { append(name: string, value: string | Blob): void; getAll(name: string): unknown[] }
`;
