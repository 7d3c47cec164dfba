export type { Resource } from "@ghl-edge/core";
export type { InstalledApp } from "./core/installed-app.ts";
export type {
  EmulatedApp,
  EmulatedCompany,
  EmulatedPrivateToken,
  EmulatedWebhooks,
  EmulatorOptions,
  EventSubscription,
} from "./core/options/emulator-options.ts";
export type { Emulator } from "./emulator-api.ts";
export type { SeedRecords } from "./seed/seeded-contacts.ts";
export type { WebhookAttempt } from "./webhooks/webhook-attempt.ts";
/**
 * A local HighLevel for tests, demos and development. The Node server is its own entry, `@ghl-edge/emulator/node`;
 * handlers, state and the schema sampler stay private.
 */

export type { ClockControls, FaultControls, LimitControls } from "./control/controls.ts";
export { fingerprint, type RequestLogEntry } from "./core/log/request-log.ts";
export { type CheckedConfig, defineConfig, type EmulatorConfig, readConfig } from "./core/options/config.ts";
export { EmulatorConfigurationError } from "./core/options/configuration-error.ts";
export { DEFAULT_APP, DEFAULT_COMPANY } from "./core/options/defaults.ts";
export type { Sleep } from "./core/sleep.ts";
export { createEmulator } from "./emulator.ts";
export { ConnectionResetError } from "./faults/connection-reset.ts";
export type { ActiveFault, Fault, FaultMatch, FaultRule } from "./faults/fault.ts";
export { type EmulatedRateLimit, RATE_LIMITS, type RateLimitName } from "./limits/rate-limit.ts";
export type { WindowModel } from "./limits/windows.ts";
export { type JsonForm, jsonForms } from "./webhooks/json-forms.ts";
export { RETRY_POLICIES, type RetryPolicy, type RetryPolicyName } from "./webhooks/retry-policy.ts";
export type { EmulatedRsaKeys } from "./webhooks/rsa-key.ts";
export type { SendEventOptions, SentEvent } from "./webhooks/send-event.ts";
export type { DeliverOptions, Delivery, StormOptions, WebhookControls } from "./webhooks/webhook-controls.ts";
export type { SignatureKind } from "./webhooks/webhook-request.ts";
