/**
 * A local HighLevel for tests, demos and development. The Node server is its own entry, `@ghl-edge/emulator/node`;
 * handlers, state and the schema sampler stay private.
 */
export type {
  EmulatedApp,
  EmulatedCompany,
  EmulatedPrivateToken,
  EmulatedRateLimit,
  EmulatorOptions,
  Resource,
} from "./core/options.ts";
export { DEFAULT_APP, DEFAULT_COMPANY } from "./core/options.ts";
export { fingerprint, type RequestLogEntry } from "./core/request-log.ts";
export { createEmulator, type Emulator } from "./emulator.ts";
export type { SendEventOptions, SentEvent } from "./webhooks/send-event.ts";
