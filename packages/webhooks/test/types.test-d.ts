/** Compiled by `tsc -p .`, never run. */
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

// Nothing is any: replacing the union by it turns these red.
holds<Equals<IsAny<WebhookEvent>, false>>();
holds<Equals<IsAny<WebhookEvents["ContactCreate"]>, false>>();
holds<Equals<IsAny<WebhookEventName>, false>>();
holds<Equals<IsAny<Awaited<ReturnType<typeof parseWebhook>>>, false>>();
holds<Equals<IsAny<ReturnType<typeof eventOf>["event"]>, false>>();
holds<Equals<keyof WebhookEvents, WebhookEventName>>();

// Narrowing the flat union on the wire's `type`.
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

// Narrowing on the name, which tells all of them.
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
      return parsed.toldBy;
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

const result = schemas.ContactCreate["~standard"].validate({});
if (result.issues === undefined) holds<Equals<typeof result.value, ContactCreate>>();
holds<Equals<ReturnType<typeof sampleEvent<"ContactCreate">>, ContactCreate>>();
