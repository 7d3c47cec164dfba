import { toAsciiLowerCase } from "@ghl-edge/core";
import { BillingRedirectError } from "../errors.ts";
import { fieldsProblem } from "../http/form.ts";
import { idList, type Parameters, parametersOfQuery } from "../http/parameters.ts";

/** Who pays: one sub-account or one agency. HighLevel takes one report for each. */
export type BillingTarget =
  | { readonly authType: "location"; readonly locationId: string }
  | { readonly authType: "company"; readonly companyId: string };

/** What HighLevel tells your billing URL. Nothing of it is signed: it is what a browser was sent with. */
export interface BillingRedirect {
  readonly clientId: string;
  /** For whom the app is being installed: sub-accounts, the agency, or both. */
  readonly installType: "location" | "agency" | "agency,location";
  /** Of `agency` and `agency,location`; may be there for `location` too. */
  readonly companyId?: string;
  /** Each once, in the order sent; empty for `agency`. */
  readonly locationIds: readonly string[];
  /** Everyone a payment has to be reported for, the company first. */
  readonly targets: readonly BillingTarget[];
}

export interface BillingRedirectOptions {
  /** Yours: a redirect for another client id is refused. */
  readonly clientId?: string;
}

const LISTS = ["locationId", "companyId", "clientId", "installType"];

function queryOf(input: string | URL | URLSearchParams | Pick<Request, "url">): URLSearchParams {
  if (input instanceof URLSearchParams) return input;
  if (input instanceof URL) return input.searchParams;
  const url = typeof input === "string" ? input : input.url;
  // A path alone is what Node's `request.url` has.
  if (!URL.canParse(url, "https://path.invalid")) throw new BillingRedirectError("the URL cannot be read");
  return new URL(url, "https://path.invalid").searchParams;
}

function listOf(parameters: Parameters, name: string): string[] {
  const values = idList(parameters.get(name));
  if (values === undefined) throw new BillingRedirectError(`${name} is no list of ids`, name);
  return values;
}

function oneOf(parameters: Parameters, name: string): string | undefined {
  const values = listOf(parameters, name);
  if (values.length > 1) throw new BillingRedirectError(`${name} is there twice, with different values`, name);
  return values[0];
}

function installTypeOf(parameters: Parameters): BillingRedirect["installType"] {
  const kinds = new Set(listOf(parameters, "installType").map(toAsciiLowerCase));
  const agency = kinds.delete("agency");
  const location = kinds.delete("location");
  if (kinds.size > 0 || !(agency || location)) {
    throw new BillingRedirectError("installType is none of location, agency and agency,location", "installType");
  }
  return agency && location ? "agency,location" : agency ? "agency" : "location";
}

/**
 * Reads the redirect to your billing URL. Ids may come as a comma list, repeated keys, `[]` keys or a JSON array.
 *
 * The redirect proves nothing: whoever knows the URL can call it with ids of his choosing. Report a payment only after you took one.
 *
 * @throws {BillingRedirectError}
 * @see https://marketplace.gohighlevel.com/docs/oauth/Billing/index.html (read 2026-11-21)
 */
export function parseBillingRedirect(
  input: string | URL | URLSearchParams | Pick<Request, "url">,
  options: BillingRedirectOptions = {},
): BillingRedirect {
  const query = queryOf(input);
  const problem = fieldsProblem(query, "query");
  if (problem !== undefined) throw new BillingRedirectError(problem);
  const parameters = parametersOfQuery(query, LISTS);
  const clientId = oneOf(parameters, "clientId");
  if (clientId === undefined) throw new BillingRedirectError("clientId is missing", "clientId");
  if (options.clientId !== undefined && options.clientId !== clientId) {
    throw new BillingRedirectError("clientId is another app's", "clientId");
  }
  const installType = installTypeOf(parameters);
  const companyId = oneOf(parameters, "companyId");
  const locationIds = installType === "agency" ? [] : listOf(parameters, "locationId");
  if (installType !== "agency" && locationIds.length === 0) {
    throw new BillingRedirectError("locationId is missing", "locationId");
  }
  if (installType !== "location" && companyId === undefined) {
    throw new BillingRedirectError("companyId is missing", "companyId");
  }
  const company: BillingTarget[] =
    installType === "location" || companyId === undefined ? [] : [{ authType: "company", companyId }];
  return {
    clientId,
    installType,
    ...(companyId === undefined ? {} : { companyId }),
    locationIds,
    targets: [...company, ...locationIds.map((locationId): BillingTarget => ({ authType: "location", locationId }))],
  };
}
