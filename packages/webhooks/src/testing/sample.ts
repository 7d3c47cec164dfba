import { wireType } from "../events/event-of.ts";
import { PAYLOAD_CHECKS } from "../generated/checks.gen.ts";
import { EVENT_TABLE } from "../generated/classifier.gen.ts";
import type { WebhookEventName, WebhookEvents } from "../generated/events.gen.ts";
import { SAMPLES } from "../generated/samples.gen.ts";

const SAMPLE_APP_ID = "5f0000000000000000000001";
/** An id that differs from the app's, as in every captured delivery. */
const SAMPLE_VERSION_ID = "5f0000000000000000000002";
const SAMPLE_TIME = "2026-01-15T09:30:00.000Z";

/** Returns the same UUID for the same name. FNV-1a with 32 bits is enough for 77 names. */
function sampleUuid(name: string): string {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return `00000000-0000-4000-8000-0000${hash.toString(16).padStart(8, "0")}`;
}

/** Options of `sampleEvent`. */
export interface SampleOptions {
  /**
   * Whether the sample has `timestamp`, `webhookId`, `appId`, `versionId` and a `type` that names the event, as all captured
   * deliveries have. With false, the sample is as the older documents show the event. There, 25 events need a hint, because they have
   * no `type` or one that is data of the record. Default: true.
   */
  readonly envelope?: boolean;
}

/** Returns the `type` of a sample; undefined when the older documents show none. */
function sampleType(name: WebhookEventName, ofPayload: unknown, envelope: boolean): unknown {
  const { untyped } = EVENT_TABLE[name];
  // This event has its channel in `type`.
  if (untyped === "channel") return ofPayload;
  if (envelope || untyped === undefined || untyped === "undocumented") return wireType(name);
  return untyped === "payload" ? ofPayload : undefined;
}

/**
 * Creates a payload of the event from its description. It has every described field and is equal on every run.
 *
 * @param name - The portal's name of the event
 * @param fields - Fields that replace or extend those of the sample. The sample's `timestamp` is in the past, so pass one when the age is
 *   checked (`TestSigner.request` does)
 * @param options - Whether the sample has the envelope
 * @returns The payload
 * @example
 * ```ts
 * import { sampleEvent } from "@ghl-edge/webhooks/testing";
 *
 * const invoice = sampleEvent("InvoicePaid", { amountPaid: 20 }, { envelope: false });
 * console.log(invoice.amountPaid);
 * ```
 */
export function sampleEvent<N extends WebhookEventName>(
  name: N,
  fields: Readonly<Record<string, unknown>> = {},
  options: SampleOptions = {},
): WebhookEvents[N] {
  const { envelope = true } = options;
  const { location = "locationId", where } = EVENT_TABLE[name];
  const { type: ofPayload, ...payload } = SAMPLES[PAYLOAD_CHECKS[name] ?? ""] ?? {};
  const type = sampleType(name, ofPayload, envelope);
  const around = {
    timestamp: SAMPLE_TIME,
    webhookId: sampleUuid(name),
    appId: SAMPLE_APP_ID,
    versionId: SAMPLE_VERSION_ID,
  };
  const ids = {
    ...(location === "" ? {} : { [location]: "sample-location" }),
    ...(where === undefined ? { companyId: "sample-company" } : { [where[0]]: where[1] }),
  };
  return {
    ...(type === undefined ? {} : { type }),
    ...(envelope ? around : {}),
    ...payload,
    ...ids,
    ...fields,
  } as WebhookEvents[N];
}
