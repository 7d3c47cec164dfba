import { eventName, eventNames, type WebhookEventName } from "@ghl-edge/webhooks";
import { type SampleOptions, sampleEvent } from "@ghl-edge/webhooks/testing";
import type { CoreContext } from "../core/core-context.ts";
import { EmulatorConfigurationError } from "../core/options/configuration-error.ts";
import { demandNumber } from "../core/options/demand.ts";
import { deliverWebhookRequest } from "./deliver-request.ts";
import { JSON_FORMS, type JsonForm } from "./json-forms.ts";
import type { Outbox } from "./outbox.ts";
import { policyOf, type RetryPolicy, type RetryPolicyName } from "./retry-policy.ts";
import type { WebhookAttempt } from "./webhook-attempt.ts";
import { createWebhookRequest, envelope, type SignatureKind, type WebhookKeys } from "./webhook-request.ts";

/** Options of one webhook: its content, form, signatures and retries. */
export interface DeliverOptions extends SampleOptions {
  /** Fields that replace or add to those of the sample. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Form of the JSON body. Default `compact`. */
  readonly form?: JsonForm;
  /** Default Ed25519 alone, as HighLevel since 2026-09. */
  readonly signatures?: readonly SignatureKind[];
  /** Default: one attempt. */
  readonly retry?: RetryPolicyName | RetryPolicy;
  /** Retries come so many times faster: 600 makes a second of ten minutes. Default 1. */
  readonly speed?: number;
}

/** One event and its attempts, in order. */
export interface Delivery {
  readonly webhookId: string;
  readonly body: string;
  readonly attempts: readonly WebhookAttempt[];
  /** Whether the last attempt was answered with 2xx. */
  readonly delivered: boolean;
}

/** Options of many install events at once. */
export interface StormOptions extends Omit<DeliverOptions, "fields" | "envelope"> {
  /** Default: those of the company. */
  readonly locationIds?: readonly string[];
  readonly clientId?: string;
}

/** Sends events as HighLevel does. */
export interface WebhookControls {
  /** Every event HighLevel has, by the portal's name. */
  readonly events: readonly string[];
  /** Every attempt so far, oldest first. */
  readonly sent: readonly WebhookAttempt[];
  /**
   * Returns the public half of the RSA key that signs `X-WH-Signature`, where that signature is requested.
   *
   * @returns SubjectPublicKeyInfo in base64
   */
  rsaPublicKey(): Promise<string>;
  /**
   * Builds a sample of an event, with the envelope of now, or without one as older documents show the event.
   *
   * @param event - Name of the event, one of `events`
   * @param fields - Fields that replace or add to those of the sample
   * @param options - Whether it has the envelope
   * @returns The payload
   * @throws {EmulatorConfigurationError} when the name is unknown
   */
  sample(
    event: string,
    fields?: Readonly<Record<string, unknown>>,
    options?: SampleOptions,
  ): Readonly<Record<string, unknown>>;
  /**
   * Signs and posts a sample of an event, and repeats it as the policy says. A failing receiver never makes it reject.
   *
   * @param event - Name of the event, one of `events`
   * @param url - Address that it is posted to
   * @param options - Content, form, signatures and retries. Default: one attempt
   * @returns The event and its attempts
   * @throws {EmulatorConfigurationError} when the name or an option is invalid
   */
  deliver(event: string, url: string, options?: DeliverOptions): Promise<Delivery>;
  /**
   * Resolves when all webhooks of changed records are delivered or given up. With a clock that stands still and a `sleep` that does
   * not, that includes the retries.
   *
   * @example
   * await client.contacts.createContact(…);
   * await emulator.webhooks.settled(); // ContactCreate has arrived
   */
  settled(): Promise<void>;
  /**
   * Counts the webhooks of changed records that are in flight or wait for a retry.
   *
   * @returns The number of webhooks
   */
  pending(): number;
  /** Gives up what is queued or waits for a retry, so that a process can end. Closing the server does so too. */
  cancelPending(): void;
  /**
   * Sends the events of an agency that installs the app everywhere: one INSTALL of the company and one of each location, all at once.
   *
   * @param url - Address that they are posted to
   * @param options - The locations and the app. Default: all locations of the company, the first app
   * @returns One delivery for each event, that of the company first
   * @throws {EmulatorConfigurationError} when an option is invalid
   */
  installStorm(url: string, options?: StormOptions): Promise<readonly Delivery[]>;
}

function known(event: string): WebhookEventName {
  const name = eventName(event);
  if (name === undefined)
    throw new EmulatorConfigurationError(`unknown event ${JSON.stringify(event)}; webhooks.events lists them`);
  return name;
}

export function createWebhookControls(context: CoreContext, keys: WebhookKeys, outbox: Outbox): WebhookControls {
  const { options, state } = context;

  function sampleOf(
    event: string,
    fields: Readonly<Record<string, unknown>> = {},
    { envelope: isEnveloped = true, clientId }: SampleOptions & { readonly clientId?: string | undefined } = {},
  ) {
    const { company } = options;
    const ids = { locationId: company.locations[0]?.id, companyId: company.id };
    const sample = sampleEvent(known(event), {}, { envelope: isEnveloped }) as unknown as Record<string, unknown>;
    // Only where the event has such a field: an invoice names its location otherwise.
    const own = Object.fromEntries(Object.entries(ids).filter(([name]) => Object.hasOwn(sample, name)));
    // An invoice or an order names its location here too, so a request for another location sets it.
    const alt = sample.altType === "location" ? { altId: fields.locationId ?? ids.locationId } : {};
    return { ...sample, ...(isEnveloped ? envelope(context, clientId) : {}), ...own, ...alt, ...fields };
  }

  async function post(
    event: string,
    payload: Readonly<Record<string, unknown>>,
    { url, ...how }: DeliverOptions & { readonly url: string },
  ) {
    const { form = "compact", signatures, speed = 1 } = how;
    if (!Object.hasOwn(JSON_FORMS, form))
      throw new EmulatorConfigurationError(
        `form must be one of ${Object.keys(JSON_FORMS).join(", ")}, got ${JSON.stringify(form)}`,
      );
    demandNumber("speed", speed, { min: 0, exclusiveMin: true });
    const policy = policyOf(how.retry);
    const webhookRequest = await createWebhookRequest(keys, payload, { form, signatures });
    const attempts = await deliverWebhookRequest(context, webhookRequest, { event, url, policy, speed });
    const { status } = attempts.at(-1)!;
    return {
      webhookId: webhookRequest.webhookId,
      body: webhookRequest.body,
      attempts,
      delivered: status >= 200 && status < 300,
    };
  }

  return {
    events: eventNames,
    sent: state.webhooks,
    settled: outbox.settled,
    pending: outbox.pending,
    cancelPending: outbox.cancelPending,
    rsaPublicKey: async () => (await keys.rsa()).publicKey,
    sample: (event, fields, options) => sampleOf(event, fields, options),
    deliver: async (event, url, how = {}) => post(event, sampleOf(event, how.fields, how), { url, ...how }),
    installStorm: async (url, { locationIds, clientId = options.apps[0]?.clientId, ...how } = {}) => {
      const ids = locationIds ?? options.company.locations.map(({ id }) => id);
      const companyId = options.company.id;
      const whole = sampleOf("AppInstall", { installType: "Company", companyId }, { clientId }) as Record<
        string,
        unknown
      >;
      // The company's event names no location.
      const { locationId: _none, ...ofCompany } = whole;
      const ofLocations = ids.map((locationId) =>
        sampleOf("AppInstall", { installType: "Location", companyId, locationId }, { clientId }),
      );
      for (const id of ids) state.installedAtMs.set(id, options.now());
      return Promise.all([ofCompany, ...ofLocations].map((payload) => post("AppInstall", payload, { url, ...how })));
    },
  };
}
