/** A Worker that uses every entry once, with a path for each entry and a response with its result. */
import { createBillingReporter, parseBillingRedirect } from "../../src/billing.ts";
import { createExternalAuthHandler } from "../../src/external-auth.ts";
import { MarketplaceError } from "../../src/index.ts";
import { connectCheckout, createPaymentEventSender, createPaymentQueryHandler } from "../../src/payments.ts";
import { decryptUserContext, requestUserContext } from "../../src/user-context.ts";
import {
  createInboundWebhookSender,
  createTriggerSender,
  createTriggerSubscriptionHandler,
  createWorkflowActionHandler,
  createWorkflowWebhookHandler,
  type WorkflowAuth,
} from "../../src/workflows.ts";

const fetch = async (): Promise<Response> => new Response("{}");
const auth: WorkflowAuth = { kind: "query", name: "key", values: ["k"] };

const routes: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
  async "/billing"(request) {
    const reporter = createBillingReporter({ clientId: "app-1", clientSecret: "s", fetch });
    const { targets } = parseBillingRedirect(request);
    return Response.json(
      await reporter.reportAll(targets, { amount: 1, status: "COMPLETED", paymentType: "one_time" }),
    );
  },
  "/external-auth": createExternalAuthHandler({
    fields: ["apiKey"],
    verify: ({ fields }) => fields.apiKey === "right",
  }),
  async "/user-context"(request) {
    return Response.json(await decryptUserContext(await request.text(), { sharedSecret: "test-shared-secret" }));
  },
  "/payments": createPaymentQueryHandler({ apiKeys: { live: "k" }, verify: () => ({ status: "succeeded" }) }),
  async "/event"() {
    await createPaymentEventSender({ fetch }).send({
      event: "subscription.updated",
      ghlSubscriptionId: "s1",
      subscriptionSnapshot: { id: "s", status: "active", trialEnd: 0, createdAt: 1, nextCharge: 2 },
      locationId: "l1",
      apiKey: "k",
    });
    return new Response("sent");
  },
  "/workflow-webhook": createWorkflowWebhookHandler({
    auth,
    onWebhook: ({ locationId, query }) => ({ locationId, query }),
  }),
  "/workflow-action": createWorkflowActionHandler({ auth, actions: { a: ({ data }) => ({ echo: data }) } }),
  "/workflow-trigger": createTriggerSubscriptionHandler({
    auth,
    async onSubscription({ targetUrl = "" }) {
      await createTriggerSender({ accessToken: "t", fetch }).fire(targetUrl, {});
    },
  }),
  async "/inbound-webhook"(request) {
    return Response.json(await createInboundWebhookSender({ fetch }).send(await request.text(), {}));
  },
  /** Browser helpers without a browser fail with their own error. */
  async "/no-browser"() {
    const [context, checkout] = await Promise.allSettled([requestUserContext(), connectCheckout().props]);
    return Response.json([context, checkout].map((result) => (result.status === "rejected" ? result.reason.code : "")));
  },
  async "/globals"() {
    return Response.json(["process", "Buffer", "require"].filter((name) => name in globalThis));
  },
};

export default {
  async fetch(request: Request): Promise<Response> {
    try {
      return await (routes[new URL(request.url).pathname]?.(request) ?? new Response("?", { status: 404 }));
    } catch (error) {
      return new Response(error instanceof MarketplaceError ? error.code : String(error), { status: 500 });
    }
  },
};
