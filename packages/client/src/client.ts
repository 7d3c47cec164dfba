import type { ApiModule } from "./api-module.ts";
import { type ClientOptions, coreOf } from "./client-options.ts";
import { makeError } from "./errors.ts";
import { exchange, type ReadAnswer, type WireCall } from "./exchange.ts";
import { type MethodsOf, methodsOf } from "./methods.ts";
import type { Resource } from "./resource.ts";

/** What all handles have. */
export interface Handle {
  /** The tenant this handle is bound to. */
  readonly resource: Resource | undefined;
  /** Sends a call that the caller has built: what `@ghl-edge/client/raw` stands on. */
  exchange<T>(call: WireCall, read: ReadAnswer<T>): Promise<T>;
}

/** Knows its location: fills in `locationId`, or `altId` and `altType`, wherever an operation has them. */
export interface LocationHandle extends Handle {
  readonly resource: Resource;
  /** The methods of a module. */
  use<M extends ApiModule>(module: M): M["location"];
}

/** Knows its company: fills in `companyId` wherever an operation has it. */
export interface CompanyHandle extends Handle {
  readonly resource: Resource;
  /** The methods of a module. */
  use<M extends ApiModule>(module: M): M["company"];
}

/** Knows no tenant: each call names its own. */
export interface Client extends Handle {
  /** The methods of a module. */
  use<M extends ApiModule>(module: M): M["unbound"];
  /** A handle bound to a location (sub-account). Costs nothing: make as many as there are locations. */
  location(id: string): LocationHandle;
  /** A handle bound to a company (agency). */
  company(id: string): CompanyHandle;
}

/**
 * Makes a client. It holds no connection and no state but its options, so that one may serve a whole process, or
 * one request of a Worker.
 *
 * @throws ConfigurationError when an option cannot be right
 */
export function createClient(options: ClientOptions): Client {
  const core = coreOf(options);
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
