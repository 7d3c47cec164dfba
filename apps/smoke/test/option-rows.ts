import { createClient } from "@ghl-edge/client";
import { createRaw } from "@ghl-edge/client/raw";
import { Contacts } from "@ghl-edge/client/v3/contacts";
import { Opportunities } from "@ghl-edge/client/v3/opportunities";
import { createEmulator, RATE_LIMITS } from "@ghl-edge/emulator";
import { serve } from "@ghl-edge/emulator/node";
import { createBillingReporter } from "@ghl-edge/marketplace/billing";
import { createExternalAuthHandler } from "@ghl-edge/marketplace/external-auth";
import {
  connectCheckout,
  createPaymentEventSender,
  createPaymentProviderClient,
  createPaymentQueryHandler,
} from "@ghl-edge/marketplace/payments";
import { requestUserContext } from "@ghl-edge/marketplace/user-context";
import {
  createInboundWebhookSender,
  createTriggerSender,
  createTriggerSubscriptionHandler,
  createWorkflowActionHandler,
  createWorkflowWebhookHandler,
  parseWorkflowWebhook,
} from "@ghl-edge/marketplace/workflows";
import {
  createMemoryTokenStore,
  createOAuthClient,
  createTokenManager,
  GrantHost,
  type GrantRecordStore,
} from "@ghl-edge/oauth";
import { createPermitHost, createRateLimiter, createSlotLimiter, presets } from "@ghl-edge/rate-limit";
import { createWebhookHandler, createWebhookVerifier, memoryDedupe } from "@ghl-edge/webhooks";
import {
  createDeliverySecret,
  createDeliveryVerifier,
  createGatewayHandler,
  sqlDedupe,
} from "@ghl-edge/webhooks/gateway";

export type Options = Record<string, never>;
export interface Row {
  readonly name: string;
  readonly make: (options: Options) => unknown;
  /** 0 is refused, too. */
  readonly positive: readonly string[];
  /** 0 is a value. */
  readonly orZero?: readonly string[];
}

export const bearer = { kind: "bearer", tokens: ["a-token-of-the-action"] } as const;
export const app = { clientId: "0123456789abcdef01234567-abcdefgh", clientSecret: "s" };
export const secrets = [createDeliverySecret()];
export const sql = { exec: () => ({ toArray: () => [] }) };
export const page = { parent: { postMessage() {} }, addEventListener() {}, removeEventListener() {} };
export const client = createClient({ auth: "t", fetch: async () => Response.json({}) });
export const installed = (options: Options) =>
  createOAuthClient(app)
    .installedLocations({ accessToken: "t", companyId: "c", ...options })
    .next();
export const machine = {
  ...presets.standard,
  reserves: { interactive: 0, normal: 0.05, bulk: 0.2 },
  unsettledPadMs: 0,
  maxQueue: 1,
};
export const grant = {
  store: {} as GrantRecordStore,
  renewal: "refreshable",
  resource: { kind: "location", id: "L1" },
  configurationId: () => "c",
  prepare: () => ({ renew: () => Promise.reject(new Error("not sent")) }),
} as const;
export const callLimits = ["timeoutMs", "deadlineMs", "retry.maxAttempts"];
export const delays = ["retry.baseDelayMs", "retry.maxDelayMs"];
export const send = ["timeoutMs", "retry.maxAttempts"];
export const get = (options: Options) => client.use(Contacts).getContact({ contactId: "c1" }, options);

export const rows: readonly Row[] = [
  {
    name: "createClient",
    make: (options) => createClient({ auth: "t", ...options }),
    positive: callLimits,
    orZero: delays,
  },
  { name: "a method", make: get, positive: callLimits, orZero: delays },
  {
    name: "createRaw",
    make: (options) => createRaw(client, Contacts, options),
    positive: callLimits,
    orZero: delays,
  },
  {
    name: "a list",
    make: async (options) => {
      for await (const _ of client.use(Opportunities).searchOpportunity({ locationId: "L1" }).pages(options)) break;
    },
    positive: [],
    orZero: ["maxPages", "maxItems"],
  },
  { name: "createOAuthClient", make: (options) => createOAuthClient({ ...app, ...options }), positive: ["timeoutMs"] },
  { name: "installedLocations", make: installed, positive: ["pageSize"] },
  {
    name: "createTokenManager",
    make: (options) => createTokenManager({ ...app, store: createMemoryTokenStore(), ...options }),
    positive: ["timeoutMs", "maxWaitMs"],
  },
  {
    name: "GrantHost",
    make: (options) => new GrantHost({ ...grant, ...options }),
    positive: ["timeoutMs"],
    orZero: ["followMs"],
  },
  {
    name: "createRateLimiter",
    make: (options) => createRateLimiter(options),
    positive: ["idleMs"],
    orZero: ["maxWaitMs", "maxQueue", "reserves.normal"],
  },
  {
    name: "limits of createRateLimiter",
    make: (options) => createRateLimiter({ limits: { burst: { limit: 1, intervalMs: 1, ...options } } }),
    positive: ["limit", "intervalMs"],
  },
  {
    name: "createSlotLimiter",
    make: (options) => createSlotLimiter({ ...machine, ...options }, 0),
    positive: [],
    orZero: ["unsettledPadMs", "maxQueue", "prefetchMs", "evictedAfterMs"],
  },
  {
    name: "config of createPermitHost",
    make: (options) => createPermitHost({ config: { ...machine, ...options } }),
    positive: [],
    orZero: ["unsettledPadMs", "maxQueue", "prefetchMs", "evictedAfterMs"],
  },
  {
    name: "createWebhookHandler",
    make: (options) => createWebhookHandler({ appId: "a", ...options }),
    positive: ["maxBodyBytes", "bodyTimeoutMs", "failureStatus"],
    orZero: ["toleranceMs", "futureToleranceMs"],
  },
  {
    name: "createWebhookVerifier",
    make: (options) => createWebhookVerifier({ appId: "a", ...options }),
    positive: [],
    orZero: ["toleranceMs", "futureToleranceMs"],
  },
  {
    name: "memoryDedupe",
    make: (options) => memoryDedupe(options),
    positive: ["maxEntries", "retentionMs", "leaseMs"],
  },
  { name: "sqlDedupe", make: (options) => sqlDedupe(sql, options), positive: ["retentionMs", "leaseMs"] },
  {
    name: "createGatewayHandler",
    make: (options) => createGatewayHandler({ secrets, ...options }),
    positive: ["maxBodyBytes", "bodyTimeoutMs", "failureStatus", "concurrency"],
    orZero: ["toleranceMs"],
  },
  {
    name: "createDeliveryVerifier",
    make: (options) => createDeliveryVerifier({ secrets, ...options }),
    positive: [],
    orZero: ["toleranceMs"],
  },
  {
    name: "createBillingReporter",
    make: (options) => createBillingReporter({ ...app, ...options }),
    positive: send,
    orZero: ["retry.maxDelayMs"],
  },
  {
    name: "createExternalAuthHandler",
    make: (options) => createExternalAuthHandler({ verify: () => true, ...options }),
    positive: ["maxBodyBytes", "successStatus"],
  },
  {
    name: "createPaymentQueryHandler",
    make: (options) =>
      createPaymentQueryHandler({ apiKeys: { live: "k" }, verify: () => ({ status: "pending" }), ...options }),
    positive: ["maxBodyBytes"],
  },
  {
    name: "createPaymentEventSender",
    make: (options) => createPaymentEventSender(options),
    positive: send,
    orZero: ["retry.maxDelayMs"],
  },
  {
    name: "createPaymentProviderClient",
    make: (options) => createPaymentProviderClient({ accessToken: "t", ...options }),
    positive: ["timeoutMs"],
  },
  {
    name: "connectCheckout",
    make: (options) => connectCheckout({ window: page, ...options }),
    positive: ["timeoutMs", "readyEveryMs"],
  },
  {
    name: "requestUserContext",
    make: (options) => requestUserContext({ window: page, ...options }),
    positive: ["timeoutMs"],
  },
  {
    name: "createWorkflowWebhookHandler",
    make: (options) => createWorkflowWebhookHandler({ auth: bearer, onWebhook() {}, ...options }),
    positive: ["maxBodyBytes"],
  },
  {
    name: "createWorkflowActionHandler",
    make: (options) => createWorkflowActionHandler({ auth: bearer, actions: {}, ...options }),
    positive: ["maxBodyBytes"],
  },
  {
    name: "createTriggerSubscriptionHandler",
    make: (options) => createTriggerSubscriptionHandler({ auth: bearer, onSubscription() {}, ...options }),
    positive: ["maxBodyBytes"],
  },
  {
    name: "parseWorkflowWebhook",
    make: (options) =>
      parseWorkflowWebhook(new Request("https://you.example", { method: "POST", body: "{}" }), options),
    positive: ["maxBodyBytes"],
  },
  {
    name: "createInboundWebhookSender",
    make: (options) => createInboundWebhookSender(options),
    positive: send,
    orZero: ["retry.maxDelayMs"],
  },
  {
    name: "createTriggerSender",
    make: (options) => createTriggerSender({ accessToken: "t", ...options }),
    positive: send,
    orZero: ["retry.maxDelayMs"],
  },
  {
    name: "createEmulator",
    make: (options) => createEmulator(options),
    positive: ["accessTokenLifetimeMs", "refreshTokenLifetimeMs", "codeLifetimeMs"],
    orZero: ["refreshGraceMs"],
  },
  {
    name: "limits of createEmulator",
    make: (options) => createEmulator({ rateLimit: { ...RATE_LIMITS.standard, ...options } }),
    positive: ["max", "intervalMs", "daily"],
    orZero: ["phaseMs", "dayStartMs", "externalShare"],
  },
  {
    name: "deliver of the emulator",
    make: (options) => createEmulator().webhooks.deliver("ContactCreate", "https://you.example", options),
    positive: ["speed"],
  },
  { name: "serve", make: (options) => serve(createEmulator(), options), positive: [], orZero: ["port"] },
];
