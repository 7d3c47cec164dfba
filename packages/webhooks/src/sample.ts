import { wireType } from "./event-of.ts";
import { PAYLOAD_CHECKS } from "./generated/checks.gen.ts";
import { EVENT_TABLE } from "./generated/classifier.gen.ts";
import type { WebhookEventName, WebhookEvents } from "./generated/events.gen.ts";
import { SAMPLES } from "./generated/samples.gen.ts";

const SAMPLE_APP_ID = "5f0000000000000000000001";
const SAMPLE_TIME = "2026-01-15T09:30:00.000Z";

/** A UUID that is the same for the same name. FNV-1a, 32 bits, is plenty to tell 77 names apart. */
function sampleUuid(name: string): string {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return `00000000-0000-4000-8000-0000${hash.toString(16).padStart(8, "0")}`;
}

/**
 * A payload of the event, made from its description: every field that is described, the same on every run. `fields` replaces
 * or adds. Its `timestamp` lies in the past: where the age is checked, give one (`TestSigner.request` does).
 */
export function sampleEvent<N extends WebhookEventName>(
  name: N,
  fields: Readonly<Record<string, unknown>> = {},
): WebhookEvents[N] {
  const { untyped, location = "locationId", where } = EVENT_TABLE[name];
  const ids = {
    ...(location === "" ? {} : { [location]: "sample-location" }),
    ...(where === undefined ? { companyId: "sample-company" } : { [where[0]]: where[1] }),
  };
  const envelope = {
    ...(untyped === "absent" || untyped === "payload" ? {} : { type: wireType(name) }),
    timestamp: SAMPLE_TIME,
    webhookId: sampleUuid(name),
    appId: SAMPLE_APP_ID,
    versionId: SAMPLE_APP_ID,
  };
  return { ...envelope, ...SAMPLES[PAYLOAD_CHECKS[name] ?? ""], ...ids, ...fields } as WebhookEvents[N];
}
