export type { Resource } from "@ghl-edge/core";
/**
 * In one process, use `createRateLimiter`. Where several processes share a budget, run `createPermitHost` in a Durable Object or a server.
 * Both run the pure limiter, `createSlotLimiter` and `step`. The parts of the pure limiter and its tuning are not exported.
 */
export { CHECKPOINT_EVERY_MS, LOST_PERMIT_PAD_MS, UNSETTLED_PAD_MS } from "./constants.ts";
export {
  DailyLimitError,
  PermitDeadlineError,
  PermitRefusedError,
  QueueFullError,
  RateLimitConfigurationError,
  RateLimitError,
  type RateLimitErrorCode,
} from "./errors.ts";
export { type AnswerHead, type Feedback, readFeedback } from "./feedback.ts";
export { type AcquireRequest, createRateLimiter, type InProcessRateLimiter } from "./limiter.ts";
export { type Checkpoint, checkpoint, checkpointDue } from "./machine/checkpoint/checkpoint.ts";
export { restore } from "./machine/checkpoint/restore.ts";
export { createSlotLimiter } from "./machine/create.ts";
export { needsReport, type Outcome } from "./machine/report.ts";
export type { DailyState, DayUse } from "./machine/rules/daily.ts";
export type { Flow, WaitingCall, WaitingCalls, WaitingClass } from "./machine/rules/waiting.ts";
export type {
  CallPermit,
  Decision,
  InFlightSlot,
  IssuedPermit,
  Probe,
  Refusal,
  RefusalReason,
  SlotLimiterConfig,
  SlotLimiterEvent,
  SlotLimiterState,
} from "./machine/state.ts";
export { type Step, step } from "./machine/step.ts";
export { type Usage, usageOf } from "./machine/usage.ts";
export type { BudgetKey, RateLimiterOptions } from "./options.ts";
export type { Permit } from "./permit.ts";
export {
  createPermitHost,
  type PermitHost,
  type PermitHostOptions,
  type PermitRequest,
  type SetTimer,
} from "./permit-host.ts";
export { type Preset, type PresetName, presets, type RateLimits } from "./presets.ts";
export type { Priority } from "./priority.ts";
