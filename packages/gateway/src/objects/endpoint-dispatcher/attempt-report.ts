import { logEvent } from "../../platform/log.ts";
import { logSuccess } from "../../platform/log-sample.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AttemptResult } from "./delivery-attempt.ts";

/** An attempt that was recorded. */
export interface ReportedAttempt extends Pick<AttemptResult, "delivery" | "recorded"> {
  readonly app: string;
  readonly endpointId: string;
  /** Share of the successes that are logged, in percent. */
  readonly successPercent: number;
}

/** Counts an attempt, and logs it: a failure always, a success if its event is in the sample. */
export function reportAttempt(metrics: Metrics, attempt: ReportedAttempt): void {
  const { app, endpointId, delivery, recorded, successPercent } = attempt;
  const { id, type } = delivery;
  const { status, code, durationMs } = recorded.attempt;
  const outcome = recorded.state === "due" ? "failed" : recorded.state;
  metrics.add(
    { what: "delivery", app, name: type, outcome, status: String(status ?? code ?? ""), endpointId },
    durationMs,
  );
  const logged = { app, endpointId, eventId: id, event: type };
  if (recorded.state === "delivered") logSuccess("delivery", logged, { id, percent: successPercent });
  else logEvent("delivery", { ...logged, outcome: recorded.state, ...(code && { code }) });
}
