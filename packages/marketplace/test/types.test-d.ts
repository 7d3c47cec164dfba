/** Type tests: the compiler checks this file, and nothing runs it. */
import { createExternalAuthHandler, type ExternalAuthRequest, parseExternalAuth } from "../src/external-auth.ts";
import type { MarketplaceErrorCode } from "../src/index.ts";
import {
  type ChargeSnapshot,
  createPaymentQueryHandler,
  type PaymentQuery,
  type VerifyOutcome,
} from "../src/payments.ts";
import type { UserContext } from "../src/user-context.ts";
import {
  createInboundWebhookSender,
  createTriggerSender,
  createWorkflowActionHandler,
  createWorkflowWebhookHandler,
  parseTriggerSubscription,
  type TriggerSubscription,
  type WorkflowAction,
  type WorkflowAuth,
  type WorkflowWebhook,
} from "../src/workflows.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type IsAny<T> = 0 extends 1 & T ? true : false;
declare function holds<_T extends true>(): void;

createInboundWebhookSender({ fetch: globalThis.fetch });
createInboundWebhookSender({ fetch: async (request: Request) => new Response(request.body) });
// @ts-expect-error a fetch gets one request: with a URL it would lose method, headers and body
createInboundWebhookSender({ fetch: (url: string) => fetch(url) });
// @ts-expect-error there is no second argument
createInboundWebhookSender({ fetch: (url, init: RequestInit) => fetch(url, init) });

holds<Equals<IsAny<WorkflowWebhook | WorkflowAction | TriggerSubscription>, false>>();
holds<Equals<IsAny<PaymentQuery | UserContext | ExternalAuthRequest | MarketplaceErrorCode>, false>>();
holds<Equals<Extract<PaymentQuery, { type: "refund" }>["amount"], number>>();

createExternalAuthHandler({
  fields: ["apiKey"],
  verify: ({ fields }) => {
    holds<Equals<typeof fields.apiKey, string>>();
    return fields.apiKey === "x";
  },
});
// @ts-expect-error verify returns a boolean or a promise of one
createExternalAuthHandler({ verify: () => ({ valid: true }) });
// @ts-expect-error 203 is not a success for HighLevel
createExternalAuthHandler({ verify: () => true, successStatus: 203 });

const { selection } = parseExternalAuth({ query: new URLSearchParams() });
// @ts-expect-error `all` has no list of locations
selection.locationIds;
if (selection.kind === "locations") holds<Equals<typeof selection.locationIds, readonly string[]>>();

const charge: ChargeSnapshot = { status: "succeeded", chargeId: "ch", amount: 1, chargedAt: 1 };
createPaymentQueryHandler({
  apiKeys: { live: "a", test: "b" },
  verify: (query, { merchant }) => {
    holds<Equals<typeof query.type, "verify">>();
    holds<Equals<typeof merchant, "live" | "test">>();
    return { status: "succeeded", chargeSnapshot: charge };
  },
  refund: ({ amount }) => ({ status: "succeeded", id: "re", amount, currency: "USD" }),
});
createPaymentQueryHandler<{ readonly id: number }>({
  merchantOf: async () => ({ id: 1 }),
  verify: (_query, { merchant }) => ({ status: merchant.id === 1 ? "succeeded" : "pending" }),
});
// @ts-expect-error without verify nothing could be paid
createPaymentQueryHandler({ apiKeys: { live: "a" } });
// @ts-expect-error exactly one of apiKeys and merchantOf
createPaymentQueryHandler({ verify: () => ({ status: "pending" }) });

// @ts-expect-error HighLevel would treat the pending of older guides as paid
const slip: VerifyOutcome = { success: true, status: "pending" };
void slip;

interface Lead {
  readonly email: string;
}
const inbound = createInboundWebhookSender<Lead>();
inbound.send("https://x", { email: "a@b.co" });
// @ts-expect-error the payload has another type
inbound.send("https://x", { phone: "1" });
// @ts-expect-error HighLevel supports POST, GET and PUT
inbound.send("https://x", { email: "a@b.co" }, { method: "DELETE" });
// @ts-expect-error a string is not an object
createInboundWebhookSender().send("https://x", "text");
// @ts-expect-error accessToken is required, or null
createTriggerSender({});

const auth: WorkflowAuth = { kind: "bearer", tokens: ["t"] };
// @ts-expect-error without auth anyone could call it
createWorkflowWebhookHandler({ onWebhook: () => undefined });
createWorkflowWebhookHandler({ auth, onWebhook: () => {} });
createWorkflowWebhookHandler({ auth, onWebhook: async (): Promise<void> => {} });
createWorkflowWebhookHandler({
  auth,
  onWebhook: ({ body }) => {
    if (body.kind === "json") holds<Equals<typeof body.value, unknown>>();
    // @ts-expect-error only JSON has a value
    return { value: body.value };
  },
});
// @ts-expect-error the result must be valid in JSON
createWorkflowWebhookHandler({ auth, onWebhook: () => new Response() });
createWorkflowActionHandler({
  auth,
  actions: {
    a: ({ data }) => ({ echo: data.a }),
    b: { "1.0": async () => {}, default: () => ({ branchId: "x" }) },
  },
  options: { sender: () => [{ label: "A", value: "a" }] },
});
// @ts-expect-error a branch is named by its id
createWorkflowActionHandler({ auth, actions: { a: () => ({ branchId: 1 }) } });

const subscription = parseTriggerSubscription("{}");
if (subscription.event === "created") holds<Equals<typeof subscription.targetUrl, string>>();
if (subscription.event === "deleted") holds<Equals<typeof subscription.targetUrl, string | undefined>>();
