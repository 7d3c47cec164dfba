/**
 * In process: `createRateLimiter`. For a host of your own (a Durable Object, a server): the machine, `createSlotLimiter` and `step`.
 * Left out on purpose: the parts of the machine and its tuning.
 */
export type { Permit } from "./budget.ts";
export { CHECKPOINT_EVERY_MS, CHECKPOINT_EVERY_PERMITS, LOST_PERMIT_PAD_MS, UNSETTLED_PAD_MS } from "./constants.ts";
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
export { type Checkpoint, checkpoint, checkpointDue } from "./machine/checkpoint.ts";
export { createSlotLimiter } from "./machine/create.ts";
export type { DailyState, DayUse } from "./machine/daily.ts";
export { needsReport, type Outcome } from "./machine/report.ts";
export { restore } from "./machine/restore.ts";
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
export { step } from "./machine/step.ts";
export { type Usage, usageOf } from "./machine/usage.ts";
export type { Flow, WaitingCall, WaitingCalls, WaitingClass } from "./machine/waiting.ts";
export type { BudgetKey, RateLimiterOptions } from "./options.ts";
export { type Preset, type PresetName, presets, type RateLimits } from "./presets.ts";
export type { Priority } from "./priority.ts";
