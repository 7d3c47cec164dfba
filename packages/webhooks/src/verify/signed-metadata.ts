import { describeValue, isObject, readIsoTimeMs } from "@ghl-edge/core";
import { AppMismatchError, AppMissingError, TimestampMissingError, TimestampOutsideWindowError } from "../errors.ts";
import { isLifecycleType, namesItsApp } from "../events/lifecycle.ts";
import { ownText } from "../json.ts";
import type { VerifierSettings } from "./verifier-options.ts";

/** Age class of an event. `undated`: its `timestamp` is missing or not an ISO date. `early`: it is too far ahead of the local clock. */
export type Freshness = "fresh" | "stale" | "early" | "undated";

/** Metadata from the signed body. */
export interface SignedMetadata {
  /** Id of the app; undefined when the body names none. */
  readonly appId: string | undefined;
  /** Whether the body names an app of the option `appId`. Always false without the option: one key signs the events of every app. */
  readonly isOwnApp: boolean;
  /** Id of the event, equal on every redelivery. */
  readonly webhookId: string | undefined;
  /** Signed time in milliseconds since 1970; undefined when `timestamp` is missing or not a date. */
  readonly timestampMs: number | undefined;
  /** Current time minus `timestampMs`, in milliseconds. */
  readonly ageMs: number | undefined;
  /** Whether the event is inside the time window. */
  readonly freshness: Freshness;
  /** Whether this is a lifecycle event (INSTALL, UNINSTALL, …). Never act on it unless it is `fresh`. */
  readonly isLifecycle: boolean;
  /** Whether HighLevel left out the event's data, because the body would have been larger than 256 KB. */
  readonly isTruncated: boolean;
}

type Payload = Readonly<Record<string, unknown>>;

const NOTHING: Payload = Object.freeze({});

function checkApp(event: Payload, { appIds, requireAppId }: VerifierSettings): void {
  const appId = Object.hasOwn(event, "appId") ? event.appId : undefined;
  const type = ownText(event, "type") ?? "";
  if (appId === undefined || appId === null || appId === "") {
    // A lifecycle event without an app never counts: the same key signs the events of other apps.
    const isRequired = requireAppId === "where-documented" ? namesItsApp(type) : requireAppId || isLifecycleType(type);
    if (isRequired) throw new AppMissingError("appId is missing in the event");
  } else if (appIds !== undefined && !(typeof appId === "string" && appIds.has(appId))) {
    throw new AppMismatchError(
      `appId of the event must be that of this app, got ${describeValue(appId)}: HighLevel signed it for another app`,
    );
  }
}

const timeOf = (event: Payload): number | undefined => readIsoTimeMs(ownText(event, "timestamp"));

function oldestOf(events: readonly Payload[]): number | undefined {
  let oldest: number | undefined;
  for (const event of events) {
    const time = timeOf(event);
    if (time === undefined) return undefined;
    oldest = Math.min(oldest ?? time, time);
  }
  return oldest;
}

function freshnessOf(ageMs: number | undefined, settings: VerifierSettings): Freshness {
  if (ageMs === undefined) return "undated";
  if (ageMs > settings.toleranceMs) return "stale";
  return -ageMs > settings.futureToleranceMs ? "early" : "fresh";
}

/** Error of an event without a date: it names the first `timestamp` that is none. */
export function undatedError(payload: unknown): TimestampMissingError {
  const events: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  const undated = events.find((event) => !isObject(event) || timeOf(event) === undefined);
  const timestamp = isObject(undated) && Object.hasOwn(undated, "timestamp") ? undated.timestamp : undefined;
  return new TimestampMissingError(
    timestamp === undefined
      ? "timestamp is missing in the event"
      : `timestamp must be an ISO 8601 date, got ${describeValue(timestamp)}`,
  );
}

/**
 * Reads the metadata of a body with a valid signature.
 *
 * @throws {WebhookError} when app or time do not meet the options
 */
export function readSignedMetadata(payload: unknown, settings: VerifierSettings): SignedMetadata {
  const isList = Array.isArray(payload);
  const events = isList ? payload.filter(isObject) : [isObject(payload) ? payload : NOTHING];
  const first = events[0] ?? NOTHING;
  for (const event of events.length === 0 ? [NOTHING] : events) checkApp(event, settings);
  // A list has the age of its oldest item, and is undated when one item is.
  const timestampMs = isList ? oldestOf(events) : timeOf(first);
  const ageMs = timestampMs === undefined ? undefined : settings.now() - timestampMs;
  const freshness = freshnessOf(ageMs, settings);
  const isLifecycle = events.some((event) => isLifecycleType(ownText(event, "type") ?? ""));
  if (freshness === "undated") {
    const isRequired = settings.requireTimestamp || (isLifecycle && settings.outsideWindow === "reject");
    if (isRequired) throw undatedError(payload);
  } else if (freshness !== "fresh" && settings.outsideWindow === "reject") {
    throw new TimestampOutsideWindowError(ageMs ?? 0);
  }
  const appId = ownText(first, "appId");
  return {
    appId,
    isOwnApp: appId !== undefined && settings.appIds?.has(appId) === true,
    webhookId: ownText(first, "webhookId"),
    timestampMs,
    ageMs,
    freshness,
    isLifecycle,
    isTruncated: events.some((event) => Object.hasOwn(event, "payloadTooLarge") && event.payloadTooLarge === true),
  };
}
