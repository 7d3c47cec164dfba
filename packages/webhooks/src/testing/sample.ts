import { wireType } from "../events/event-of.ts";
import { PAYLOAD_CHECKS } from "../generated/checks.gen.ts";
import { EVENT_TABLE } from "../generated/classifier.gen.ts";
import type { WebhookEventName, WebhookEvents } from "../generated/events.gen.ts";
import { SAMPLES } from "../generated/samples.gen.ts";

const SAMPLE_APP_ID = "5f0000000000000000000001";
/** Another id than the app's, as in every captured delivery. */
const SAMPLE_VERSION_ID = "5f0000000000000000000002";
const SAMPLE_TIME = "2026-01-15T09:30:00.000Z";

/** A UUID that is the same for the same name. FNV-1a, 32 bits, is plenty to tell 77 names apart. */
function sampleUuid(name: string): string {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return `00000000-0000-4000-8000-0000${hash.toString(16).padStart(8, "0")}`;
}

/** What a sample is like. */
export interface SampleOptions {
  /**
   * Whether the sample has `timestamp`, `webhookId`, `appId`, `versionId` and a `type` that names the event, as all captured
   * deliveries have. False: the sample is as the older documents show the event, where 25 events have no `type` or one that is
   * data of the record, and need a hint. Default true.
   */
  readonly envelope?: boolean;
}

/** The `type` of a sample; undefined where the older documents show none. */
function sampleType(name: WebhookEventName, ofPayload: unknown, envelope: boolean): unknown {
  const { untyped } = EVENT_TABLE[name];
  // A channel stands where other events have their name.
  if (untyped === "channel") return ofPayload;
  if (envelope || untyped === undefined || untyped === "undocumented") return wireType(name);
  return untyped === "payload" ? ofPayload : undefined;
}

/**
 * A payload of the event, made from its description: every field that is described, the same on every run.
 *
 * @param fields replace or add to those of the sample. Its `timestamp` lies in the past: where the age is checked, give one
 *   (`TestSigner.request` does).
 * @example sampleEvent("InvoicePaid", { amountPaid: 20 }, { envelope: false })
 */
export function sampleEvent<N extends WebhookEventName>(
  name: N,
  fields: Readonly<Record<string, unknown>> = {},
  { envelope = true }: SampleOptions = {},
): WebhookEvents[N] {
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
