import { readIsoTimeMs } from "@ghl-edge/core";
import { AppMismatchError, AppMissingError, TimestampMissingError, TimestampOutsideWindowError } from "../errors.ts";
import { isLifecycleType, namesItsApp } from "../events/lifecycle.ts";
import { isRecord, ownText } from "../json.ts";
import type { VerifierSettings } from "./verifier-options.ts";

/** `undated`: the body has no `timestamp` that is an ISO date. `early`: it is too far ahead of the clock here. */
export type Freshness = "fresh" | "stale" | "early" | "undated";

/** What the signed body says of itself. */
export interface SignedMetadata {
  readonly appId: string | undefined;
  /** The body names an app of the option `appId`. Always false without the option: one key signs the events of every app. */
  readonly isOwnApp: boolean;
  readonly webhookId: string | undefined;
  /** Milliseconds since 1970; undefined when `timestamp` is missing or no date. */
  readonly timestampMs: number | undefined;
  /** Now minus `timestampMs`. */
  readonly ageMs: number | undefined;
  readonly freshness: Freshness;
  /** The body is about the app's life (INSTALL, UNINSTALL, …): never act on it unless it is `fresh`. */
  readonly isLifecycle: boolean;
  /** HighLevel left out the event's data, because the body would have been larger than 256 KB. */
  readonly isTruncated: boolean;
}

type Payload = Readonly<Record<string, unknown>>;

const NOTHING: Payload = Object.freeze({});

function checkApp(event: Payload, { appIds, requireAppId }: VerifierSettings): void {
  const appId = Object.hasOwn(event, "appId") ? event.appId : undefined;
  const type = ownText(event, "type") ?? "";
  if (appId === undefined || appId === null || appId === "") {
    // An event of the app's life is never believed without the app: other apps' events are signed with the same key.
    const isRequired = requireAppId === "where-documented" ? namesItsApp(type) : requireAppId || isLifecycleType(type);
    if (isRequired) throw new AppMissingError("the event names no app");
  } else if (appIds !== undefined && !(typeof appId === "string" && appIds.has(appId))) {
    throw new AppMismatchError("the event is signed, but for another app");
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

/** Reads a body whose signature is good. Throws what `VerifierOptions` says of app and time. */
export function readSignedMetadata(payload: unknown, settings: VerifierSettings): SignedMetadata {
  const isList = Array.isArray(payload);
  const events = isList ? payload.filter(isRecord) : [isRecord(payload) ? payload : NOTHING];
  const first = events[0] ?? NOTHING;
  for (const event of events.length === 0 ? [NOTHING] : events) checkApp(event, settings);
  // As old as its oldest item, and undated when one of them is.
  const timestampMs = isList ? oldestOf(events) : timeOf(first);
  const ageMs = timestampMs === undefined ? undefined : settings.now() - timestampMs;
  const freshness = freshnessOf(ageMs, settings);
  const isLifecycle = events.some((event) => isLifecycleType(ownText(event, "type") ?? ""));
  if (freshness === "undated") {
    const isRequired = settings.requireTimestamp || (isLifecycle && settings.outsideWindow === "reject");
    if (isRequired) throw new TimestampMissingError("the event is not dated");
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
