import { DailyLimitError, PermitDeadlineError, type PermitRefusedError, QueueFullError } from "./errors.ts";
import { type AnswerHead, type Feedback, readFeedback } from "./feedback.ts";
import type { CallPermit, Refusal } from "./machine/state.ts";
import type { PermitHost } from "./permit-host.ts";

/** Permission to send one request. Call exactly one of its methods, once. Later calls do nothing. */
export interface Permit {
  /**
   * Reports how the request ended. A permit that is never released blocks its slot for a minute more than the interval.
   *
   * @param outcome - Status and headers of the answer, as soon as its head is there. Leave it out when no answer came.
   */
  release(outcome?: AnswerHead): void;
  /** Returns the permit when nothing was sent. Its slot is free at once. */
  discard(): void;
}

/** Returns the error that stands for a refusal. */
export function refusalError({ reason, retryAfterMs }: Refusal): PermitRefusedError {
  switch (reason) {
    case "deadline":
      return new PermitDeadlineError(retryAfterMs);
    case "queue_full":
      return new QueueFullError(retryAfterMs);
    case "daily":
      return new DailyLimitError(retryAfterMs);
  }
}

/** Wraps an issued permit, so that it can be released or discarded once. */
export function createPermit(host: PermitHost, { number }: CallPermit, now: () => number): Permit {
  let isOpen = true;
  const once = (run: () => void): void => {
    if (!isOpen) return;
    isOpen = false;
    run();
  };
  const settle = (feedback: Feedback | undefined): void => host.settle(number, feedback);
  return {
    release: (outcome) => once(() => settle(outcome && readFeedback(outcome, now()))),
    discard: () => once(() => host.returnUnused(number)),
  };
}
