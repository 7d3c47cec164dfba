import type { Resource } from "@ghl-edge/core";
import type { ApiModule } from "./api-module.ts";
import type { ReadAnswer } from "./call/answer.ts";
import { exchange, type WireCall } from "./call/exchange.ts";
import { type MethodsOf, methodsOf } from "./call/methods.ts";
import { type ClientOptions, clientSettingsOf } from "./client-options.ts";
import { makeError } from "./errors/errors.ts";

/** Members that all handles share. */
export interface Handle {
  /** Tenant that this handle is bound to. */
  readonly resource: Resource | undefined;
  /**
   * Sends a call that the caller has built. `createRaw` uses it.
   *
   * @param call - The call
   * @param read - Reads the answer of the last attempt
   * @returns The result of `read`
   * @throws {GhlError} when no answer comes
   */
  exchange<T>(call: WireCall, read: ReadAnswer<T>): Promise<T>;
}

/** Handle bound to a location. It fills in `locationId`, or `altId` and `altType`, wherever an operation has them. */
export interface LocationHandle extends Handle {
  readonly resource: Resource;
  /**
   * Returns the methods of a module.
   *
   * @param module - A module, for example `Contacts` of `@ghl-edge/client/v3/contacts`
   * @returns One method per operation
   */
  use<M extends ApiModule>(module: M): M["location"];
}

/** Handle bound to a company. It fills in `companyId` wherever an operation has it. */
export interface CompanyHandle extends Handle {
  readonly resource: Resource;
  /**
   * Returns the methods of a module.
   *
   * @param module - A module, for example `Contacts` of `@ghl-edge/client/v3/contacts`
   * @returns One method per operation
   */
  use<M extends ApiModule>(module: M): M["company"];
}

/** Client without a tenant: each call names its own. */
export interface Client extends Handle {
  /**
   * Returns the methods of a module.
   *
   * @param module - A module, for example `Contacts` of `@ghl-edge/client/v3/contacts`
   * @returns One method per operation
   */
  use<M extends ApiModule>(module: M): M["unbound"];
  /**
   * Returns a handle bound to a location (sub-account). It costs nothing: make as many as there are locations.
   *
   * @param id - Id of the location
   * @returns The handle
   * @throws {TenantRequiredError} when the id is empty
   */
  location(id: string): LocationHandle;
  /**
   * Returns a handle bound to a company (agency).
   *
   * @param id - Id of the company
   * @returns The handle
   * @throws {TenantRequiredError} when the id is empty
   */
  company(id: string): CompanyHandle;
}

/**
 * Makes a client. It holds no connection and no state except its options. One client may serve a whole process, or one
 * request of a Worker.
 *
 * @param options - Token or token provider, and settings of all calls
 * @returns The client, from which `location(id)` and `company(id)` make handles
 * @throws {ConfigurationError} `ERR_GHL_CONFIGURATION` when an option is invalid
 * @example
 * ```ts
 * import { createClient } from "@ghl-edge/client";
 * import { Contacts } from "@ghl-edge/client/v3/contacts";
 *
 * const client = createClient({ auth: "pit-..." });
 * const contacts = client.location("ve9EPM428h8vShlRW1KT").use(Contacts);
 * const { contact } = await contacts.getContact({ contactId: "ocQHyuzHvysMo5N5VsXc" });
 * console.log(contact);
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const core = clientSettingsOf(options);
  const handle = (resource?: Resource): Client => ({
    resource,
    use: (module) => ((module.methodsOf as MethodsOf | undefined) ?? methodsOf)(core, resource, module),
    exchange: (call, read) => exchange(core, call, read),
    location: bind("location"),
    company: bind("company"),
  });
  const bind =
    (kind: Resource["kind"]) =>
    (id: string): LocationHandle & CompanyHandle => {
      if (!id) {
        throw makeError("TENANT_REQUIRED", "id is missing", { operation: kind, field: `${kind}Id` });
      }
      return handle({ kind, id }) as LocationHandle & CompanyHandle;
    };
  return handle();
}
