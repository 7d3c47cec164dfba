import { createWebhookVerifier, WebhookConfigurationError } from "@ghl-edge/webhooks";
import * as v from "valibot";
import { check, json, misconfigured, text } from "./config-fields.ts";

/** Rules for accepting an app's webhooks, and for those that are late or belong to no installation. */
export interface WebhookConfig {
  /** `X-WH-Signature`, which HighLevel stopped sending on 2026-09-01; by its former key, or by these. */
  readonly legacyRsa: boolean | readonly string[];
  /** `X-HighLevel-Signature` under secrets of the app's own; no document of HighLevel describes it. */
  readonly hmacSecrets: readonly string[];
  /** Whether an event without `appId` is refused. Events of the app's lifecycle always are. */
  readonly requireAppId: boolean | "where-documented";
  /** Largest age of an event by its signed time, in hours. An older one is quarantined. */
  readonly maxAgeHours: number;
  /** Treatment of an event without a signed time. Events of the app's lifecycle are quarantined whatever this says. */
  readonly undated: "quarantine" | "accept";
  /** Treatment of an event of a resource at which nothing is installed: held for an hour until something is, or stored at once. */
  readonly unknownTenants: "hold" | "store";
  /** A secret in the URLs of events that do not name themselves (`?event=…&key=…`), for bodies that name no app either. */
  readonly hintKey: string | undefined;
}

/** HighLevel sends an event again for up to three days (facts of 2026-11-30). One hour is added for clocks and the last pause. */
const DEFAULT_MAX_AGE_HOURS = 73;
/** An inbox recognises a repeated event for 30 days after its last event. A wider window would let one run again. */
const LONGEST_AGE_HOURS = 29 * 24;
const AGE = `a whole number of hours from 1 to ${LONGEST_AGE_HOURS}`;
/** A short secret would be worse than none, because it would look like a check. */
const secret = v.pipe(v.string(), v.minLength(16, "a text of 16 characters or more"));

export const webhookFields = v.strictObject({
  legacyRsa: v.optional(v.union([v.boolean(), v.array(text)], "true, false, or a list of public keys"), false),
  hmacSecrets: v.optional(v.array(secret), []),
  requireAppId: v.optional(
    v.union([v.boolean(), v.literal("where-documented")], 'true, false or "where-documented"'),
    "where-documented",
  ),
  maxAgeHours: v.optional(
    v.pipe(v.number(AGE), v.integer(AGE), v.minValue(1, AGE), v.maxValue(LONGEST_AGE_HOURS, AGE)),
    DEFAULT_MAX_AGE_HOURS,
  ),
  undated: v.optional(v.picklist(["quarantine", "accept"], '"quarantine" or "accept"'), "quarantine"),
  unknownTenants: v.optional(v.picklist(["hold", "store"], '"hold" or "store"'), "hold"),
  hintKey: v.optional(secret),
});

/** @throws ConfigError where a key is none: found now and not by the first delivery, whose signature would seem to be wrong. */
function checkKeys(path: string, kind: "Ed25519" | "RSA", keys: readonly string[]): void {
  for (const [index, key] of keys.entries()) {
    try {
      createWebhookVerifier(kind === "RSA" ? { legacyRsa: { keys: [key] } } : { keys: [key] });
    } catch (error) {
      if (!(error instanceof WebhookConfigurationError)) throw error;
      throw misconfigured(`${path}[${index}]`, `an ${kind} public key, as PEM or as the base64 of its SPKI`, key);
    }
  }
}

/** @throws ConfigError */
export function readWebhooks(path: string, fields: v.InferOutput<typeof webhookFields>): WebhookConfig {
  const { legacyRsa } = fields;
  if (typeof legacyRsa !== "boolean") checkKeys(`${path}.legacyRsa`, "RSA", legacyRsa);
  return { ...fields, hintKey: fields.hintKey };
}

/**
 * Reads the keys that replace HighLevel's. Undefined: HighLevel's own.
 *
 * @throws ConfigError
 */
export function readWebhookKeys(raw: string): readonly string[] | undefined {
  const keys = check("WEBHOOK_PUBLIC_KEYS", v.array(text), json("WEBHOOK_PUBLIC_KEYS", raw || "[]"));
  checkKeys("WEBHOOK_PUBLIC_KEYS", "Ed25519", keys);
  return keys.length === 0 ? undefined : keys;
}
