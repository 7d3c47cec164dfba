import { readDirectory } from "../../directory/read-directory.ts";
import { readConfig, readObjects } from "../../platform/env.ts";
import { GatewayError } from "../../platform/errors.ts";
import { logEvent } from "../../platform/log.ts";
import { tellOfSilence } from "./silence.ts";

/** More than a year: who did what is asked at the end of one. */
export const AUDIT_KEPT_MS = 400 * 86_400_000;
/** Of one run. */
const AUDIT_ROWS_PER_RUN = 1_000;
const SEALED_PER_RUN = 100;

async function noted(operation: string, work: () => Promise<string>): Promise<void> {
  try {
    logEvent("scheduled", { operation, outcome: await work() });
  } catch (error) {
    const failure = error instanceof GatewayError ? { code: error.code } : {};
    const errorName = error instanceof Error ? error.name : "unknown";
    logEvent("scheduled", { operation, outcome: "failed", errorName, ...failure });
  }
}

/** What nobody asks for, once an hour. Nothing is lost where it fails: the next run does it. */
export async function runScheduled(env: Env): Promise<void> {
  const { silentAfterMs } = readConfig(env);
  const directory = readDirectory(env);
  const nowMs = Date.now();
  if (silentAfterMs !== undefined)
    await noted("silence", async () => {
      const options = { directory, objects: readObjects(env), silentAfterMs, nowMs };
      const { looked, told, failed } = await tellOfSilence(options);
      return `looked ${looked}, told ${told}, failed ${failed}`;
    });
  // Rows from before addresses were sealed; there are none, mostly.
  await noted("seal", async () => {
    const change = { actor: "scheduled", requestId: crypto.randomUUID(), nowMs };
    const endpoints = await directory.endpoints.sealAddresses(SEALED_PER_RUN, change);
    return `sealed ${endpoints + (await directory.workflowReceivers.sealAddresses(SEALED_PER_RUN, change))}`;
  });
  await noted("audit", async () => {
    const forgotten = await directory.audit.forgetBefore(nowMs - AUDIT_KEPT_MS, AUDIT_ROWS_PER_RUN);
    return `forgot ${forgotten}`;
  });
}
