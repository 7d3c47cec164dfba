import type { Hono, MiddlewareHandler } from "hono";
import type { GatewayHono } from "../context.ts";
import { checkAppCaller } from "../middleware/app-caller.ts";
import { billingPayments, billingRedirect } from "./billing.ts";
import { externalAuth } from "./external-auth.ts";
import { paymentQuery } from "./payments.ts";
import { userContext } from "./user-context.ts";

/** Everything under `/marketplace`: what HighLevel and browsers call has no key, what the app's back ends call has one. */
export function serveMarketplace(app: Hono<GatewayHono>, authenticate: MiddlewareHandler<GatewayHono>): void {
  app.all("/marketplace/external-auth/:app", externalAuth);
  app.all("/marketplace/payments/:app", paymentQuery);
  app.get("/marketplace/billing/:app", billingRedirect);
  app.post("/marketplace/billing/:app/payments", authenticate, checkAppCaller("write"), billingPayments);
  app.post("/marketplace/user-context/:app", authenticate, checkAppCaller("read"), userContext);
}
