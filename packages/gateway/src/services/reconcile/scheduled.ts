import type { Isolate } from "../../isolate.ts";
import { readObjects } from "../../platform/env.ts";
import { GatewayError } from "../../platform/errors.ts";
import { logEvent } from "../../platform/log.ts";
import { reportInactivity } from "./inactivity.ts";

/** More than a year, because audits look back at a whole one. */
export const AUDIT_RETENTION_MS = 400 * 86_400_000;
/** Upper bound per run. */
const AUDIT_ROWS_PER_RUN = 1_000;

async function noted(operation: string, work: () => Promise<string>): Promise<void> {
  try {
    logEvent("scheduled", { operation, outcome: await work() });
  } catch (error) {
    const failure = error instanceof GatewayError ? { code: error.code } : {};
    const errorName = error instanceof Error ? error.name : "unknown";
    logEvent("scheduled", { operation, outcome: "failed", errorName, ...failure });
  }
}

/** Runs the periodic jobs, once an hour. Nothing is lost where one fails, because the next run repeats it. */
export async function runScheduled(env: Env, isolate: Pick<Isolate, "readConfig" | "readDirectory">): Promise<void> {
  const { inactiveAfterMs } = isolate.readConfig(env);
  const directory = isolate.readDirectory(env);
  const nowMs = Date.now();
  if (inactiveAfterMs !== undefined)
    await noted("inactivity", async () => {
      const options = { directory, objects: readObjects(env), inactiveAfterMs, nowMs };
      const { looked, reported, failed } = await reportInactivity(options);
      return `looked ${looked}, reported ${reported}, failed ${failed}`;
    });
  await noted("audit", async () => {
    const forgotten = await directory.audit.forgetBefore(nowMs - AUDIT_RETENTION_MS, AUDIT_ROWS_PER_RUN);
    return `forgot ${forgotten}`;
  });
}
