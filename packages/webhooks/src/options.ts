import { appIdOf } from "@ghl-edge/core";
import { WebhookConfigurationError } from "./errors.ts";
import type { PublicKey } from "./public-key.ts";

/**
 * HighLevel publishes no schedule of its up to 12 redeliveries, and a delivery can be sent again by hand: a day lets every
 * automatic one through. Narrow it where a replay must not do harm, and de-duplicate in any case.
 */
export const DEFAULT_TOLERANCE_MS: number = 24 * 60 * 60 * 1000;
/** Room for a clock that is wrong on either side. */
export const DEFAULT_FUTURE_TOLERANCE_MS: number = 5 * 60 * 1000;

/** What a delivery must be to be believed. The defaults suit an app of the HighLevel marketplace. */
export interface VerifierOptions {
  /** Ed25519 public keys, any of which may have signed. Default: HighLevel's. `[]` switches Ed25519 off. */
  readonly keys?: readonly PublicKey[];
  /**
   * Your app's id (or client id, which begins with it), or those of several apps. An event that names another app is refused.
   * Without it the events of every other HighLevel app are accepted too: one key signs them all.
   */
  readonly appId?: string | readonly string[];
  /** Refuse an event that names no app. Default false: older kinds of event name none. */
  readonly requireAppId?: boolean;
  /** How old an event may be by its signed `timestamp`, in milliseconds. Default: a day. `Infinity`: any age. */
  readonly toleranceMs?: number;
  /** How far ahead of the clock here the signed `timestamp` may be, in milliseconds. Default: 5 minutes. */
  readonly futureToleranceMs?: number;
  /** Refuse an event without `timestamp`. Default false: older kinds of event have none. */
  readonly requireTimestamp?: boolean;
  /** `report`: leave an event outside the window to the caller, who must look at `freshness`. Default `reject`. */
  readonly outsideWindow?: "reject" | "report";
  /** Also accept HighLevel's former RSA signature (`X-WH-Signature`): true, or with keys of your own. Default false. */
  readonly legacyRsa?: boolean | { readonly keys: readonly PublicKey[] };
  /**
   * Also accept an HMAC-SHA256 of the body under a secret of your own (`X-HighLevel-Signature`, hex or base64, with or without
   * `sha256=`). No document of HighLevel describes it. Default: off.
   */
  readonly hmac?: { readonly secrets: readonly string[] };
  /** The time now, in milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number;
}

/** The options with their defaults, checked once. */
export interface VerifierSettings {
  readonly appIds: ReadonlySet<string> | undefined;
  readonly requireAppId: boolean;
  readonly toleranceMs: number;
  readonly futureToleranceMs: number;
  readonly requireTimestamp: boolean;
  readonly outsideWindow: "reject" | "report";
  readonly now: () => number;
}

export function duration(name: string, value: number): number {
  if (Number.isNaN(value) || value < 0) throw new WebhookConfigurationError(`${name} must be 0 or more milliseconds`);
  return value;
}

function readAppIds(appId: string | readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (appId === undefined) return undefined;
  const ids = typeof appId === "string" ? [appId] : appId;
  // An empty id is a variable that was not set: to go on without the check would accept every app's events.
  if (ids.length === 0 || ids.some((id) => typeof id !== "string" || id === "")) {
    throw new WebhookConfigurationError("appId must not be empty");
  }
  return new Set(ids.map(appIdOf));
}

export function readSettings(options: VerifierOptions): VerifierSettings {
  const { outsideWindow = "reject" } = options;
  if (outsideWindow !== "reject" && outsideWindow !== "report") {
    throw new WebhookConfigurationError("outsideWindow must be reject or report");
  }
  return {
    appIds: readAppIds(options.appId),
    requireAppId: options.requireAppId ?? false,
    toleranceMs: duration("toleranceMs", options.toleranceMs ?? DEFAULT_TOLERANCE_MS),
    futureToleranceMs: duration("futureToleranceMs", options.futureToleranceMs ?? DEFAULT_FUTURE_TOLERANCE_MS),
    requireTimestamp: options.requireTimestamp ?? false,
    outsideWindow,
    now: options.now ?? Date.now,
  };
}
