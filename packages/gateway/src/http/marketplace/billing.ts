import {
  BillingRedirectError,
  type BillingResult,
  ConfigurationError,
  createBillingReporter,
  parseBillingRedirect,
} from "@ghl-edge/marketplace/billing";
import type { Context } from "hono";
import { type BillingReport, billingAnswer, readBillingReport, resourceOfTarget } from "../../domain/billing-report.ts";
import { mayUseResource } from "../../domain/caller.ts";
import type { AppConfig } from "../../platform/config.ts";
import { GatewayError } from "../../platform/errors.ts";
import { invalid } from "../../services/administration/input.ts";
import type { GatewayHono } from "../context.ts";
import { readJson } from "../json-body.ts";
import { configured } from "./part.ts";

/**
 * `GET /marketplace/billing/:app`, an app's billing URL: on to the developer's page, if it is a redirect for this app. It proves
 * nothing, as HighLevel signs none of it; what it keeps from the page is what belongs to another app or nowhere.
 */
export function billingRedirect(c: Context<GatewayHono>): Response {
  const { app, part } = configured(c, "billing");
  try {
    parseBillingRedirect(c.req.raw, { clientId: app.clientId });
  } catch (error) {
    if (!(error instanceof BillingRedirectError)) throw error;
    throw new GatewayError({ kind: "billing_redirect", parameter: error.parameter });
  }
  // As they came: HighLevel writes lists in more than one way, and the page may know another than we.
  const page = new URL(part.page);
  page.search = [page.search.slice(1), new URL(c.req.url).search.slice(1)].filter((search) => search !== "").join("&");
  c.header("cache-control", "no-store");
  return c.redirect(page.href, 302);
}

/** Each target once and in turn; the first that is refused for the app's credentials ends it. */
async function report(
  { clientId, clientSecret }: AppConfig,
  baseUrl: string,
  { targets, payment }: BillingReport,
): Promise<readonly BillingResult[]> {
  const reporter = createBillingReporter({ clientId, clientSecret, baseUrl });
  try {
    return await reporter.reportAll(targets, payment);
  } catch (error) {
    // Before anything was sent; the package's words name what is wrong, and quote nothing.
    throw error instanceof ConfigurationError ? invalid(error.message) : error;
  }
}

/**
 * `POST /marketplace/billing/:app/payments`: tells HighLevel of a payment with the app's own credentials. One answer per target,
 * because one may be noted and the next refused; what is `unknown` may have been noted.
 */
export async function billingPayments(c: Context<GatewayHono>): Promise<Response> {
  const { app } = configured(c, "billing");
  const wanted = readBillingReport((await readJson(c)).value);
  if (typeof wanted === "string") throw invalid(wanted);
  const foreign = wanted.targets.map(resourceOfTarget).find((resource) => !mayUseResource(c.get("apiKey"), resource));
  if (foreign !== undefined)
    throw new GatewayError({ kind: "api_key_scope", problem: `It is not for ${foreign.kind} ${foreign.id}.` });
  const results = await report(app, c.get("config").apiUrl, wanted);
  return c.json({ results: results.map(billingAnswer) }, 200, { "cache-control": "no-store" });
}
