import { appIdOf, describeValue } from "@ghl-edge/core";
import { WebhookConfigurationError } from "../errors.ts";
import { clockOf, optionNumber } from "../option-checks.ts";
import type { PublicKey } from "./public-key.ts";

/**
 * HighLevel sends an event that was not answered with 2xx again for up to three days, and an hour covers clocks and the last pause.
 * An event of this age is taken as any other when it comes for the first time; `dedupe` tells a repetition.
 */
export const DEFAULT_TOLERANCE_MS: number = 73 * 60 * 60 * 1000;
/** How long a store has to remember an event so that nothing inside the window runs twice: the window, and a day more. */
export const DEFAULT_DEDUPE_RETENTION_MS: number = DEFAULT_TOLERANCE_MS + 24 * 60 * 60 * 1000;
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
  /**
   * Refuse an event that names no app. `where-documented`, the default with `appId`: those in which HighLevel is known to write one.
   * Events of the app's life (INSTALL, UNINSTALL, …) are refused without one whatever this says.
   */
  readonly requireAppId?: boolean | "where-documented";
  /** How old an event may be by its signed `timestamp`, in milliseconds. Default: 73 hours. `Infinity`: any age. */
  readonly toleranceMs?: number;
  /** How far ahead of the clock here the signed `timestamp` may be, in milliseconds. Default: 5 minutes. */
  readonly futureToleranceMs?: number;
  /**
   * Refuse an event without a `timestamp` that is an ISO date. Default false: older kinds of event have none. Events of the app's life
   * are refused without one whatever this says, because nobody could tell an old one from a new one.
   */
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
  readonly requireAppId: boolean | "where-documented";
  readonly toleranceMs: number;
  readonly futureToleranceMs: number;
  readonly requireTimestamp: boolean;
  readonly outsideWindow: "reject" | "report";
  readonly now: () => number;
}

/** @throws WebhookConfigurationError for anything but a number of milliseconds from 0 to `Infinity` */
export function duration(name: string, value: unknown): number {
  return optionNumber(name, value, { min: 0, max: Number.POSITIVE_INFINITY });
}

/** @throws WebhookConfigurationError for anything but a boolean; a text such as "false" would switch the option on. */
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
  // An empty id is a variable that was not set: to go on without the check would accept every app's events.
  if (ids.length === 0 || ids.some((id) => typeof id !== "string" || id === "")) {
    throw new WebhookConfigurationError("appId must be the id of an app, or a list of ids that is not empty");
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
