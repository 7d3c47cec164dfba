import type { Change } from "../domain/administration-model.ts";
import type { InstallationStatus } from "../domain/contracts/token-grant.ts";
import type { Objects } from "../platform/env.ts";
import { GatewayError } from "../platform/errors.ts";
import { retryOnce } from "../platform/retry-once.ts";
import type { Directory } from "./directory.ts";
import { reportOf } from "./installation-report.ts";
import type { InstallationRef } from "./tables/installations.ts";

export interface Sources {
  readonly directory: Directory;
  readonly objects: Objects;
}

/** @throws GatewayError where the object cannot be reached */
export async function statusOf(objects: Objects, { app, resource }: InstallationRef): Promise<InstallationStatus> {
  try {
    return await retryOnce(
      () => objects.grant(app, resource),
      (grant) => grant.status(),
    );
  } catch {
    throw new GatewayError({ kind: "object_unreachable" });
  }
}

/**
 * Brings the directory's row to what the grant's object says now, and answers that. Asking the object, instead of
 * believing the event that made us ask, gives late and repeated events no way to set an older state.
 */
export async function recordState(
  { directory, objects }: Sources,
  ref: InstallationRef,
  change: Change,
): Promise<InstallationStatus> {
  const status = await statusOf(objects, ref);
  const report = reportOf(status);
  if (report !== undefined) await directory.installations.report(ref, report, change);
  return status;
}
