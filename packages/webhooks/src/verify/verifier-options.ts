import { appIdOf, describeValue } from "@ghl-edge/core";
import { WebhookConfigurationError } from "../errors.ts";
import { clockOf, optionNumber } from "../option-checks.ts";
import type { PublicKey } from "./public-key.ts";

/**
 * Default of `toleranceMs` in milliseconds: 73 hours. HighLevel redelivers an event without a 2xx response for up to three days. The extra
 * hour covers clock differences and the last pause. Within the window, `dedupe` detects a repetition.
 */
export const DEFAULT_TOLERANCE_MS: number = 73 * 60 * 60 * 1000;
/** Default retention of a dedupe store in milliseconds: the window and one day, so that nothing inside the window runs twice. */
export const DEFAULT_DEDUPE_RETENTION_MS: number = DEFAULT_TOLERANCE_MS + 24 * 60 * 60 * 1000;
/** Default of `futureToleranceMs` in milliseconds: 5 minutes, for clock differences. */
export const DEFAULT_FUTURE_TOLERANCE_MS: number = 5 * 60 * 1000;

/** Requirements on a genuine delivery. The defaults suit an app of the HighLevel marketplace. */
export interface VerifierOptions {
  /** Ed25519 public keys. Any of them may have signed. Default: HighLevel's key. `[]` disables Ed25519. */
  readonly keys?: readonly PublicKey[];
  /**
   * Id or client id of your app, or a list for several apps. An event that names another app is refused. Without this option the events of
   * every HighLevel app are accepted, because one key signs them all.
   */
  readonly appId?: string | readonly string[];
  /**
   * Whether to refuse an event that names no app. `where-documented`: only events in which HighLevel is known to write one. Default:
   * `where-documented` with `appId`, otherwise false. Lifecycle events (INSTALL, UNINSTALL, …) always need one.
   */
  readonly requireAppId?: boolean | "where-documented";
  /** Largest age of an event by its signed `timestamp`, in milliseconds. Default: 73 hours. `Infinity` accepts any age. */
  readonly toleranceMs?: number;
  /** Largest time by which the signed `timestamp` may be ahead of the local clock, in milliseconds. Default: 5 minutes. */
  readonly futureToleranceMs?: number;
  /**
   * Whether to refuse an event without a `timestamp` that is an ISO date. Default: false, because older events have none. Lifecycle events
   * always need one, because an old one would look like a new one.
   */
  readonly requireTimestamp?: boolean;
  /** `report` returns an event outside the window, and the caller must check `freshness`. Default: `reject`. */
  readonly outsideWindow?: "reject" | "report";
  /** Also accept HighLevel's former RSA signature (`X-WH-Signature`): true, or with your own keys. Default: false. */
  readonly legacyRsa?: boolean | { readonly keys: readonly PublicKey[] };
  /**
   * Also accept an HMAC-SHA256 of the body with your own secret (`X-HighLevel-Signature`, hex or base64, with or without `sha256=`). No
   * document of HighLevel describes it. Default: off.
   */
  readonly hmac?: { readonly secrets: readonly string[] };
  /** Returns the current time in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/** The checked options with their defaults. */
export interface VerifierSettings {
  readonly appIds: ReadonlySet<string> | undefined;
  readonly requireAppId: boolean | "where-documented";
  readonly toleranceMs: number;
  readonly futureToleranceMs: number;
  readonly requireTimestamp: boolean;
  readonly outsideWindow: "reject" | "report";
  readonly now: () => number;
}

/** @throws {WebhookConfigurationError} unless `value` is a number of milliseconds from 0 to `Infinity` */
export function duration(name: string, value: unknown): number {
  return optionNumber(name, value, { min: 0, max: Number.POSITIVE_INFINITY });
}

/** @throws {WebhookConfigurationError} unless `value` is a boolean. A string such as "false" would enable the option. */
function flag(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new WebhookConfigurationError(`${name} must be true or false, got ${describeValue(value)}`);
}

function readRequireAppId(value: unknown, hasApp: boolean): boolean | "where-documented" {
  if (value === undefined) return hasApp ? "where-documented" : false;
  return value === "where-documented" ? value : flag("requireAppId", value);
}

function readAppIds(appId: string | readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (appId === undefined) return undefined;
  const ids = typeof appId === "string" ? [appId] : appId;
  // An empty id is usually an unset variable. Without the check, every app's events would be accepted.
  const isBad = (id: unknown): boolean => typeof id !== "string" || id === "";
  if (ids.length === 0 || ids.some(isBad)) {
    const got = ids.length === 0 ? ids : ids.find(isBad);
    throw new WebhookConfigurationError(
      `appId must be the id of an app, or a non-empty list of ids, got ${describeValue(got)}`,
    );
  }
  return new Set(ids.map(appIdOf));
}

export function readSettings(options: VerifierOptions): VerifierSettings {
  const { outsideWindow = "reject" } = options;
  if (outsideWindow !== "reject" && outsideWindow !== "report") {
    throw new WebhookConfigurationError(
      `outsideWindow must be "reject" or "report", got ${describeValue(outsideWindow)}`,
    );
  }
  const appIds = readAppIds(options.appId);
  return {
    appIds,
    requireAppId: readRequireAppId(options.requireAppId, appIds !== undefined),
    toleranceMs: duration("toleranceMs", options.toleranceMs ?? DEFAULT_TOLERANCE_MS),
    futureToleranceMs: duration("futureToleranceMs", options.futureToleranceMs ?? DEFAULT_FUTURE_TOLERANCE_MS),
    requireTimestamp: flag("requireTimestamp", options.requireTimestamp ?? false),
    outsideWindow,
    now: clockOf(options.now),
  };
}
