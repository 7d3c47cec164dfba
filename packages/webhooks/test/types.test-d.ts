/** Type tests: `tsc -p .` compiles this file, and nothing runs it. */
import {
  createGatewayHandler,
  type DeliveredEventName,
  type DeliveryHeaders,
  type DeliverySource,
  type GatewayDelivery,
  type GatewayEventName,
  type GatewayEvents,
  type Resource,
  signDelivery,
  verifyGatewayDelivery,
} from "../src/gateway.ts";
import type { ContactCreate, InvoicePaid, PriceUpdate, SaaSPlanCreate } from "../src/generated/events.gen.ts";
import {
  createWebhookHandler,
  type eventOf,
  parseWebhook,
  schemas,
  type WebhookEvent,
  type WebhookEventName,
  type WebhookEvents,
} from "../src/index.ts";
import type { sampleEvent } from "../src/testing.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type IsAny<T> = 0 extends 1 & T ? true : false;
declare function holds<T extends true>(): T;

// These fail when the union becomes `any`.
holds<Equals<IsAny<WebhookEvent>, false>>();
holds<Equals<IsAny<WebhookEvents["ContactCreate"]>, false>>();
holds<Equals<IsAny<WebhookEventName>, false>>();
holds<Equals<IsAny<Awaited<ReturnType<typeof parseWebhook>>>, false>>();
holds<Equals<IsAny<ReturnType<typeof eventOf>["event"]>, false>>();
holds<Equals<keyof WebhookEvents, WebhookEventName>>();

// The flat union narrows by the wire's `type`.
export function byType(event: WebhookEvent): unknown {
  // @ts-expect-error not every event has an email
  event.email;
  switch (event.type) {
    case "ContactCreate":
      holds<Equals<typeof event, ContactCreate>>();
      // @ts-expect-error no field of a contact
      event.emial;
      return event.email satisfies string | undefined;
    case "INSTALL":
      holds<Equals<typeof event, WebhookEvents["AppInstall"]>>();
      return event.whitelabelDetails?.domain;
    case "InvoicePaid":
      holds<Equals<typeof event, InvoicePaid>>();
      return event.invoiceItems?.[0]?.qty satisfies number | undefined;
    // @ts-expect-error the portal's name, not the wire's
    case "AppInstall":
      return undefined;
    default:
      return event.webhookId;
  }
}

// The name distinguishes all events.
export async function byName(): Promise<unknown> {
  const parsed = await parseWebhook({ body: "", headers: {} });
  // @ts-expect-error the event is not narrowed yet
  parsed.event.email;
  switch (parsed.name) {
    case "ContactCreate":
      holds<Equals<typeof parsed.event, ContactCreate>>();
      return parsed.event.email;
    case "PriceUpdate":
      holds<Equals<typeof parsed.event, PriceUpdate>>();
      return parsed.event.type;
    case "SaaSPlanCreate":
      holds<Equals<typeof parsed.event, SaaSPlanCreate | SaaSPlanCreate[]>>();
      return parsed.tenant.companyId;
    case "unknown":
      holds<Equals<typeof parsed.event, unknown>>();
      return parsed.candidates satisfies readonly WebhookEventName[];
    // @ts-expect-error no event of this name
    case "OrderUpdate":
      return undefined;
    default:
      return parsed.identifiedBy;
  }
}

// The handler's functions get the payload of their event.
createWebhookHandler<[env: { readonly KEY: string }]>({
  on: {
    ContactCreate(event, context) {
      holds<Equals<typeof event, ContactCreate>>();
      holds<Equals<(typeof context.args)[0]["KEY"], string>>();
    },
    async OpportunityStatusUpdate({ monetaryValue }) {
      monetaryValue satisfies number | undefined;
    },
    // @ts-expect-error no event of this name
    ContactCreated() {},
  },
  onUnknown: ({ event, reason }) => {
    holds<Equals<typeof event, unknown>>();
    reason satisfies string;
  },
  onEvent: (event) => {
    // @ts-expect-error an event with a name has no reason
    event.reason;
  },
});

// Captured deliveries have more fields than the documents, and fields of other types.
holds<Equals<WebhookEvents["InboundMessage"]["messageTypeId"], number | undefined>>();
holds<Equals<WebhookEvents["OutboundMessage"]["messageTypeString"], string | undefined>>();
holds<Equals<WebhookEvents["InboundMessage"]["chatWidgetId"], string | undefined>>();
holds<Equals<WebhookEvents["InboundMessage"]["mentions"], unknown[] | undefined>>();
holds<Equals<WebhookEvents["OpportunityCreate"]["assignedTo"], string | null | undefined>>();
holds<Equals<WebhookEvents["RecordCreate"]["objectKey"], string | undefined>>();
holds<Equals<WebhookEvents["PriceCreate"]["type"], "PriceCreate" | "one_time" | "recurring" | undefined>>();
// A `type` with the type of a price does not prevent narrowing by name.
export function price(event: WebhookEvent): string | undefined {
  return event.type === "PriceCreate" ? event.priceType : undefined;
}

const result = schemas.ContactCreate["~standard"].validate({});
if (result.issues === undefined) holds<Equals<typeof result.value, ContactCreate>>();
holds<Equals<ReturnType<typeof sampleEvent<"ContactCreate">>, ContactCreate>>();

// A delivery of the gateway narrows by its name to HighLevel's payload, the gateway's data, or unknown.
holds<Equals<IsAny<GatewayDelivery>, false>>();
holds<Equals<IsAny<GatewayDelivery["event"]>, false>>();
holds<Equals<keyof GatewayEvents, GatewayEventName>>();
holds<Equals<DeliveredEventName, WebhookEventName | GatewayEventName>>();
holds<Equals<WebhookEventName & GatewayEventName, never>>();

export async function delivered(): Promise<unknown> {
  const delivery = await verifyGatewayDelivery({ body: "", headers: new Headers(), secrets: [] });
  holds<Equals<typeof delivery.id, string>>();
  holds<Equals<typeof delivery.app, string>>();
  holds<Equals<typeof delivery.resource, Resource | null>>();
  holds<Equals<typeof delivery.source, DeliverySource>>();
  holds<Equals<typeof delivery.timestampMs, number>>();
  holds<Equals<typeof delivery.receivedAtMs, number>>();
  holds<Equals<typeof delivery.body, Uint8Array>>();
  // @ts-expect-error the event is not narrowed yet
  delivery.event.email;
  switch (delivery.name) {
    case "ContactCreate":
      holds<Equals<typeof delivery.event, ContactCreate>>();
      return delivery.event.email;
    case "SaaSPlanCreate":
      holds<Equals<typeof delivery.event, SaaSPlanCreate | SaaSPlanCreate[]>>();
      return undefined;
    case "grant.reauth_required":
    case "grant.misconfigured":
      holds<Equals<typeof delivery.event.source, "refreshable" | "derived" | "private" | "pending_approval">>();
      return delivery.event.code satisfies string | null;
    case "quota.daily_80":
      return (delivery.event.used / delivery.event.limit) satisfies number;
    case "workflow.webhook":
      return delivery.event.query.utm_source?.[0] satisfies string | undefined;
    case "workflow.action":
      return delivery.event.extras.contactId satisfies string | undefined;
    case "record.reconciled":
      holds<Equals<typeof delivery.event.record, unknown>>();
      return delivery.event.module;
    case "unknown":
      holds<Equals<typeof delivery.event, unknown>>();
      return delivery.type satisfies string;
    // @ts-expect-error no event of this name
    case "grant.lost":
      return undefined;
    default:
      // @ts-expect-error only an event without a name has its original type
      return delivery.type;
  }
}

createGatewayHandler<[env: { readonly KEY: string }]>({
  secrets: [],
  on: {
    ContactCreate(event, context) {
      holds<Equals<typeof event, ContactCreate>>();
      holds<Equals<(typeof context.args)[0]["KEY"], string>>();
      holds<Equals<typeof context.resource, Resource | null>>();
    },
    "endpoint.disabled"({ reason, failingSinceMs }) {
      reason satisfies "gone" | "failing" | "backlog";
      failingSinceMs satisfies number | null;
    },
    "event.quarantined"({ reason }) {
      holds<Equals<typeof reason, "stale" | "early" | "undated">>();
    },
    "event.dropped"({ reason, resource }) {
      holds<Equals<typeof reason, "not_installed">>();
      holds<Equals<typeof resource, Resource>>();
    },
    // @ts-expect-error no event of this name
    "endpoint.enabled"() {},
  },
  onUnknown: ({ event, type }) => {
    holds<Equals<typeof event, unknown>>();
    holds<Equals<typeof type, string>>();
  },
  onEvent: (delivery) => {
    // @ts-expect-error an event with a name has no separate type
    delivery.type;
  },
});
// @ts-expect-error there is nothing to verify with
createGatewayHandler({});

// A request accepts the signed headers as they are.
export async function send(url: string, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  const headers = await signDelivery({ id: "", timestampSeconds: 0, body, secrets: [] });
  holds<Equals<typeof headers, DeliveryHeaders>>();
  return fetch(url, { method: "POST", body, headers });
}
