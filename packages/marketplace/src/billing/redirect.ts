import { describeSecret, toAsciiLowerCase } from "@ghl-edge/core";
import { fieldsProblem } from "../http/form.ts";
import { idList, type Parameters, parametersOfQuery } from "../http/parameters.ts";
import { BillingRedirectError } from "./errors.ts";

/** The paying sub-account or agency. HighLevel accepts one report for each. */
export type BillingTarget =
  | { readonly authType: "location"; readonly locationId: string }
  | { readonly authType: "company"; readonly companyId: string };

/** Parameters of HighLevel's redirect to your billing URL. They are not signed: any browser can send them. */
export interface BillingRedirect {
  /** Client id of the app. */
  readonly clientId: string;
  /** The installing party: sub-accounts, the agency, or both. */
  readonly installType: "location" | "agency" | "agency,location";
  /** Present for `agency` and `agency,location`. It may be present for `location` too. */
  readonly companyId?: string;
  /** Unique ids in the order of the redirect; empty for `agency`. */
  readonly locationIds: readonly string[];
  /** All parties for which a payment must be reported, the company first. */
  readonly targets: readonly BillingTarget[];
}

/** Options of `parseBillingRedirect`. */
export interface BillingRedirectOptions {
  /** Your app's client id. A redirect for another one is refused. */
  readonly clientId?: string;
}

const LISTS = ["locationId", "companyId", "clientId", "installType"];

function queryOf(input: string | URL | URLSearchParams | Pick<Request, "url">): URLSearchParams {
  if (input instanceof URLSearchParams) return input;
  if (input instanceof URL) return input.searchParams;
  const url = typeof input === "string" ? input : input.url;
  // Node's `request.url` has only a path.
  if (!URL.canParse(url, "https://path.invalid"))
    throw new BillingRedirectError(`input must be a URL, got ${describeSecret(url)}`);
  return new URL(url, "https://path.invalid").searchParams;
}

function listOf(parameters: Parameters, name: string): string[] {
  const values = idList(parameters.get(name));
  if (values === undefined)
    throw new BillingRedirectError(`${name} must be a list of ids, got ${describeSecret(parameters.get(name))}`, name);
  return values;
}

function oneOf(parameters: Parameters, name: string): string | undefined {
  const values = listOf(parameters, name);
  if (values.length > 1) throw new BillingRedirectError(`${name} must have one value, got several`, name);
  return values[0];
}

function installTypeOf(parameters: Parameters): BillingRedirect["installType"] {
  const kinds = new Set(listOf(parameters, "installType").map(toAsciiLowerCase));
  const agency = kinds.delete("agency");
  const location = kinds.delete("location");
  if (kinds.size > 0 || !(agency || location)) {
    throw new BillingRedirectError(
      `installType must be location, agency or agency,location, got ${describeSecret(parameters.get("installType"))}`,
      "installType",
    );
  }
  return agency && location ? "agency,location" : agency ? "agency" : "location";
}

/**
 * Reads the redirect to your billing URL. Ids may be a comma-separated list, repeated keys, `[]` keys or a JSON array.
 *
 * The redirect proves nothing: anyone who knows the URL can call it with any ids. Report a payment only after you took one.
 *
 * @param input - The URL, its query, or the request
 * @param options - Your client id
 * @returns The parameters
 * @throws {BillingRedirectError} when it is not a redirect of this app (`ERR_GHL_BILLING_REDIRECT`)
 * @example
 * ```ts
 * import { parseBillingRedirect } from "@ghl-edge/marketplace/billing";
 *
 * export function targetsOf(request: Request): number {
 *   const { targets } = parseBillingRedirect(request, { clientId: "5f0000000000000000000001-abc" });
 *   return targets.length;
 * }
 * ```
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
    throw new BillingRedirectError("clientId must be that of this app, got the one of another app", "clientId");
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
