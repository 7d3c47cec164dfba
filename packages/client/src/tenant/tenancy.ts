import type { CallOptions } from "../call-options.ts";

/**
 * Tenant fields that a call must still name, by what its handle knows. The generated module interfaces take one of these as
 * a type argument and pick a member of it. They use no conditional type, so that the compiler has little to compute.
 */
export interface Tenancy {
  /** Fields of an operation that names its location by `locationId`. */
  location: object;
  /** Fields of an operation that names its location by `location_id`. */
  locationSnake: object;
  /** Fields of an operation that names its location by `altId` and `altType`. */
  alt: object;
  /** Fields of an operation that names its location by `altId` alone. */
  altId: object;
  /** Fields of an operation that names its company by `companyId`. */
  company: object;
}

/** A handle made by `createClient`: every tenant field is the caller's to give. */
export interface Unbound extends Tenancy {
  location: { locationId: string };
  locationSnake: { location_id: string };
  alt: { altId: string; altType: "location" };
  altId: { altId: string };
  company: { companyId: string };
}

/** A handle made by `client.location(id)`: the location is filled in, and may still be named. */
export interface LocationBound extends Tenancy {
  location: { locationId?: string | undefined };
  locationSnake: { location_id?: string | undefined };
  alt: { altId?: string | undefined; altType?: "location" | undefined };
  altId: { altId?: string | undefined };
  company: { companyId: string };
}

/** A handle made by `client.company(id)`: the company is filled in, and may still be named. */
export interface CompanyBound extends Tenancy {
  location: { locationId: string };
  locationSnake: { location_id: string };
  alt: { altId: string; altType: "location" };
  altId: { altId: string };
  company: { companyId?: string | undefined };
}

/**
 * Arguments of a method that requires nothing but its tenant: a handle that knows the tenant needs no parameters.
 * The tuple is a conditional type because a parameter cannot be optional for some type arguments only.
 */
export type TenantArguments<Tenant, Params> = object extends Tenant
  ? [params?: Params, options?: CallOptions]
  : [params: Params, options?: CallOptions];
