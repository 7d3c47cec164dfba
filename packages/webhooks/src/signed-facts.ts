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

const NOTHING: Payload = Object.freeze({});

function checkApp(event: Payload, { appIds, requireAppId }: VerifierSettings): void {
  const appId = Object.hasOwn(event, "appId") ? event.appId : undefined;
  if (appId === undefined || appId === null || appId === "") {
    if (requireAppId) throw new AppMissingError("the event names no app");
  } else if (appIds !== undefined && !(typeof appId === "string" && appIds.has(appId))) {
    throw new AppMismatchError("the event is signed, but for another app");
  }
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Milliseconds of the ISO time in `timestamp`, NaN when there is none. Without a zone it is UTC, not the zone of the
 * machine that reads it.
 */
function timeOf(event: Payload): number {
  const iso = ISO_TIME.exec(ownText(event, "timestamp") ?? "");
  return iso === null ? Number.NaN : Date.parse(iso[1] === undefined ? `${iso[0]}Z` : iso[0]);
}

function freshnessOf(ageMs: number, settings: VerifierSettings): Freshness {
  if (Number.isNaN(ageMs)) return "undated";
  if (ageMs > settings.toleranceMs) return "stale";
  return -ageMs > settings.futureToleranceMs ? "early" : "fresh";
}

/** Reads a body whose signature is good. Throws what `VerifierOptions` says of app and time. */
export function readSignedFacts(payload: unknown, settings: VerifierSettings): SignedFacts {
  let first: Payload = NOTHING;
  let time = Number.NaN;
  if (isRecord(payload)) {
    first = payload;
    checkApp(payload, settings);
    time = timeOf(payload);
  } else {
    const events = Array.isArray(payload) ? payload.filter(isRecord) : [];
    for (const event of events) checkApp(event, settings);
    first = events[0] ?? NOTHING;
    if (first === NOTHING) checkApp(NOTHING, settings);
    // As old as its oldest item, and undated when one of them is.
    time = events.length === 0 ? Number.NaN : Math.min(...events.map(timeOf));
  }
  const ageMs = settings.now() - time;
  const freshness = freshnessOf(ageMs, settings);
  if (freshness === "undated") {
    if (settings.requireTimestamp) throw new TimestampMissingError("the event is not dated");
  } else if (freshness !== "fresh" && settings.outsideWindow === "reject") {
    throw new TimestampOutsideWindowError(ageMs);
  }
  const dated = freshness !== "undated";
  return {
    appId: ownText(first, "appId"),
    webhookId: ownText(first, "webhookId"),
    timestampMs: dated ? time : undefined,
    ageMs: dated ? ageMs : undefined,
    freshness,
  };
}
