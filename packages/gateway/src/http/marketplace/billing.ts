import {
  BillingRedirectError,
  type BillingResult,
  ConfigurationError,
  createBillingReporter,
  parseBillingRedirect,
} from "@ghl-edge/marketplace/billing";
import type { Context } from "hono";
import { mayUseResource } from "../../domain/access/caller.ts";
import { checkInput } from "../../domain/input-problem.ts";
import {
  type BillingReport,
  billingAnswer,
  billingReport,
  resourceOfTarget,
} from "../../domain/marketplace/billing-report.ts";
import type { AppConfig } from "../../platform/config.ts";
import { GatewayError } from "../../platform/errors.ts";
import { invalid } from "../../services/administration/shared.ts";
import type { GatewayHono } from "../context.ts";
import { readJson } from "../json-body.ts";
import { configured } from "./part.ts";

/**
 * `GET /marketplace/billing/:app`, an app's billing URL: redirects to the developer's page, if the request is a billing redirect for
 * this app. That proves nothing, because HighLevel signs none of it. It keeps requests of other apps from the page.
 */
export function billingRedirect(c: Context<GatewayHono>): Response {
  const { app, part } = configured(c, "billing");
  try {
    parseBillingRedirect(c.req.raw, { clientId: app.clientId });
  } catch (error) {
    if (!(error instanceof BillingRedirectError)) throw error;
    throw new GatewayError({ kind: "billing_redirect", parameter: error.parameter });
  }
  // The query is passed on unchanged: HighLevel writes lists in more than one way, and the page may know another way.
  const page = new URL(part.page);
  page.search = [page.search.slice(1), new URL(c.req.url).search.slice(1)].filter((search) => search !== "").join("&");
  c.header("cache-control", "no-store");
  return c.redirect(page.href, 302);
}

/** Reports each target once and in turn. It stops at the first that HighLevel refuses for the app's credentials. */
async function report(
  { clientId, clientSecret }: AppConfig,
  baseUrl: string,
  { targets, payment }: BillingReport,
): Promise<readonly BillingResult[]> {
  const reporter = createBillingReporter({ clientId, clientSecret, baseUrl });
  try {
    return await reporter.reportAll(targets, payment);
  } catch (error) {
    // Thrown before anything was sent. The package's message names what is wrong and quotes nothing.
    throw error instanceof ConfigurationError ? invalid(error.message) : error;
  }
}

/**
 * `POST /marketplace/billing/:app/payments`: reports a payment to HighLevel with the app's own credentials. There is one answer per
 * target, because one may be accepted and the next refused. An `unknown` one may have been accepted.
 */
export async function billingPayments(c: Context<GatewayHono>): Promise<Response> {
  const { app } = configured(c, "billing");
  const checked = checkInput(billingReport, (await readJson(c)).value);
  if ("problem" in checked) throw invalid(checked.problem.message);
  const outOfScope = checked.value.targets
    .map(resourceOfTarget)
    .find((resource) => !mayUseResource(c.get("apiKey"), resource));
  if (outOfScope !== undefined)
    throw new GatewayError({ kind: "api_key_scope", problem: `It is not for ${outOfScope.kind} ${outOfScope.id}.` });
  const results = await report(app, c.get("config").apiUrl, checked.value);
  return c.json({ results: results.map(billingAnswer) }, 200, { "cache-control": "no-store" });
}
