import { AppMismatchError, AppMissingError, TimestampMissingError, TimestampOutsideWindowError } from "./errors.ts";
import { isRecord, ownText } from "./json.ts";
import type { VerifierSettings } from "./options.ts";

/** `undated`: the body has no `timestamp`. `early`: it is too far ahead of the clock here. */
export type Freshness = "fresh" | "stale" | "early" | "undated";

/** What the signed body says of itself. */
export interface SignedFacts {
  readonly appId: string | undefined;
  readonly webhookId: string | undefined;
  /** Milliseconds since 1970; undefined when `timestamp` is missing or no date. */
  readonly timestampMs: number | undefined;
  /** Now minus `timestampMs`. */
  readonly ageMs: number | undefined;
  readonly freshness: Freshness;
}

type Payload = Readonly<Record<string, unknown>>;

/** The events of a body: itself, or the items of a list. */
function eventsIn(payload: unknown): readonly Payload[] {
  return Array.isArray(payload) ? payload.filter(isRecord) : isRecord(payload) ? [payload] : [];
}

function checkApp(events: readonly Payload[], { appIds, requireAppId }: VerifierSettings): void {
  for (const event of events) {
    const appId = Object.hasOwn(event, "appId") ? event.appId : undefined;
    const absent = appId === undefined || appId === null || appId === "";
    if (!absent && appIds !== undefined && !(typeof appId === "string" && appIds.has(appId))) {
      throw new AppMismatchError("the event is signed, but for another app");
    }
    if (absent && requireAppId) throw new AppMissingError("the event names no app");
  }
  if (events.length === 0 && requireAppId) throw new AppMissingError("the body is no event and names no app");
}

/** The oldest time in the body, so that a list is as fresh as its oldest item. */
function signedTime(events: readonly Payload[]): number | undefined {
  const times = events.map((event) => Date.parse(ownText(event, "timestamp") ?? ""));
  return times.length === 0 || times.some(Number.isNaN) ? undefined : Math.min(...times);
}

function freshnessOf(ageMs: number | undefined, settings: VerifierSettings): Freshness {
  if (ageMs === undefined) return "undated";
  if (ageMs > settings.toleranceMs) return "stale";
  return -ageMs > settings.futureToleranceMs ? "early" : "fresh";
}

/** Reads a body whose signature is good. Throws what `VerifierOptions` says of app and time. */
export function readSignedFacts(payload: unknown, settings: VerifierSettings): SignedFacts {
  const events = eventsIn(payload);
  checkApp(events, settings);
  const timestampMs = signedTime(events);
  const ageMs = timestampMs === undefined ? undefined : settings.now() - timestampMs;
  const freshness = freshnessOf(ageMs, settings);
  if (freshness === "undated" && settings.requireTimestamp) throw new TimestampMissingError("the event is not dated");
  if (ageMs !== undefined && freshness !== "fresh" && settings.outsideWindow === "reject") {
    throw new TimestampOutsideWindowError(ageMs);
  }
  const [first = {}] = events;
  return { appId: ownText(first, "appId"), webhookId: ownText(first, "webhookId"), timestampMs, ageMs, freshness };
}
